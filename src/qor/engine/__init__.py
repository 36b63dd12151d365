"""Pure functions from tables, law and a date to tables. No Django, no clock; nothing stored but the
files it is told to write."""
