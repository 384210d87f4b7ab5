"""What is asked: definitions, question kinds, flow, eligibility, schedules.

Pure, and imports nothing of ours.
"""
