"""The demo's people and its play."""
