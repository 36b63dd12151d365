"""Lists: one description of a list gives its page, its saved views, its workbook and its CSV."""
