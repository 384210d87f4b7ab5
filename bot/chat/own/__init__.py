"""What is one's own: a manager's questionnaires and card, a team lead's team."""
