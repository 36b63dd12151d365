"""The journal: who did what and when, each entry chained to the one before by its hash; append-only
in the database itself."""
