"""What the regulations say on a date. No clock, no database, no personal data: the date is always
an argument."""
