"""The digest as tables of plain figures, for a workbook: the sections of the page, unrounded."""
