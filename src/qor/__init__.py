"""Qor: the open information system of a strategic health purchaser."""

__version__ = "0.1.0"
