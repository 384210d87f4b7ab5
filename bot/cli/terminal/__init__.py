"""How the command line speaks: language, help, errors, what is printed."""
