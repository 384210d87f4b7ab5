"""The monthly facts of a company: from a file, or from a questionnaire in the chat."""
