"""What a message holds: text and its markup, buttons and keyboards, files; facts of the API."""
