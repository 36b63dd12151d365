"""The command `qor`."""
