"""The invented country's people and its play: the `demo` command alone knows it."""
