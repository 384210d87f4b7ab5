"""Lists of people and past answers: files read, checked and taken."""
