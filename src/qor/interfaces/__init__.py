"""The only floor that knows users' languages and the current time."""
