"""What customers write about: themes, each with the words by which it is recognised."""
