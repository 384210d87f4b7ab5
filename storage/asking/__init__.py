"""What is asked of whom, and what they answer: surveys, campaigns, invitations."""
