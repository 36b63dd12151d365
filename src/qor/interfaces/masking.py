"""Numbers of people in texts that lists and logs show."""

from __future__ import annotations

import re

from qor.law.nouns.identifiers import masked

_TWELVE_DIGITS = re.compile(r"(?<!\d)\d{12}(?!\d)")


def masked_text(text: str | None) -> str:
    """A text with every twelve-digit number in it masked, for lists and logs."""
    return _TWELVE_DIGITS.sub(lambda match: masked(match[0]), text or "")
