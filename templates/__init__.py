"""What is read: texts, number formats, charts and pages. The only Jinja."""
