"""Days as people type them."""

from __future__ import annotations

import re
from datetime import date

from qor.law.nouns.refusals import BadValue


def a_day(value: str) -> date:
    """Read a date typed as 2026-03-19 or 19.03.2026. BadValue otherwise."""
    dotted = re.fullmatch(r"(\d{2})\.(\d{2})\.(\d{4})", value, re.ASCII)
    try:
        return (
            date(*(int(part) for part in reversed(dotted.groups())))
            if dotted
            else date.fromisoformat(value)
        )
    except ValueError:
        raise BadValue(field="date", value=value) from None
