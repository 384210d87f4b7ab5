"""Who is asked what, and when: surveys, campaigns, waves and the decisions they make."""
