"""What people answer: invitations and answers, anonymous sheets, answers from before Otklik."""
