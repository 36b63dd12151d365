"""Cells of text files that a spreadsheet opens."""

from __future__ import annotations

import re
from typing import Any

_BEGINS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?", re.ASCII)


def harmless(cell: Any) -> Any:
    """Return the cell, a text that a spreadsheet would take for a formula led by an apostrophe;
    numbers stay."""
    if (
        isinstance(cell, str)
        and cell.lstrip(" \u00a0").startswith(_BEGINS_FORMULA)
        and not _NUMBER.fullmatch(cell)
    ):
        return f"'{cell}"
    return cell
