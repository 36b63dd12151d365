"""The door: any file becomes rows of a table, each accepted or rejected with its line and reason;
nothing is lost on the way."""
