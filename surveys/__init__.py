"""What is asked: definitions, question kinds, flow, eligibility, schedules. Pure; imports nothing of ours."""
