"""Files as tables of text, whatever is in them: CSV, XLSX, HTML; their encodings and dates."""
