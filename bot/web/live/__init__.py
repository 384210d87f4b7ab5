"""The digest as a page for who is known by a session: a link's tap opens it, a tap ends it."""
