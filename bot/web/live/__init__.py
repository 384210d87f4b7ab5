"""The digest as a page, for people with a session: a tap on a link opens it, a tap ends it."""
