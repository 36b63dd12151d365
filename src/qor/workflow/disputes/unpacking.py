"""How far an attachment may be unpacked before the looking stops."""

from __future__ import annotations

MOST_UNPACKED = 64 << 20


class UnpacksTooMuch(Exception):
    """What is packed in a file is larger, or of more parts, than may be looked at."""
