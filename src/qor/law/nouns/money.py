"""Money is exact: Decimal tenge, rounded half-up to 0.01 tenge (one tiyn), once, here."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from qor.law.nouns.refusals import UnreadableAmount

TIYN = Decimal("0.01")
_BLANKS = "[ \u00a0\u202f]"
_AMOUNT = re.compile(
    rf"[-+]?(?:[0-9]{{1,15}}|[0-9]{{1,3}}(?:({_BLANKS})[0-9]{{3}})(?:\1[0-9]{{3}}){{0,4}})"
    rf"(?:[.,][0-9]{{1,2}})?{_BLANKS}?₸?"
)


def round_tenge(amount: Decimal) -> Decimal:
    """The amount in tenge, half-up to 0.01; -0.005 goes to -0.01 (away from zero, as DuckDB's ROUND
    on DECIMAL does)."""
    return amount.quantize(TIYN, rounding=ROUND_HALF_UP)


def tenge(text: str) -> Decimal:
    """Read an amount a person typed, in tenge: `12400`, `12 400,50`, `12400.5`, `12400 ₸`.

    UnreadableAmount for anything else: blanks elsewhere than between groups of three, three digits
    after a comma or a point (thousands to one writer, decimals to another), other digits than 0-9.
    """
    if not _AMOUNT.fullmatch(text.strip()):
        raise UnreadableAmount(field="amount", value=text)
    plain = text.strip().removesuffix("₸").replace(",", ".")
    return round_tenge(Decimal("".join(plain.split())))
