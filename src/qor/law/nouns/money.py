"""Money is exact: Decimal tenge, rounded half-up to 0.01 tenge (one tiyn), once, here."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from qor.law.nouns.refusals import BadValue

TIYN = Decimal("0.01")


def round_tenge(amount: Decimal) -> Decimal:
    """The amount in tenge, half-up to 0.01; -0.005 goes to -0.01 (away from zero, as DuckDB's ROUND
    on DECIMAL does)."""
    return amount.quantize(TIYN, rounding=ROUND_HALF_UP)


def tenge(text: str) -> Decimal:
    """Read an amount a person typed: `12400`, `12 400,50`, `12400.5`. BadValue if it is not one or
    is finer than a tiyn."""
    plain = (
        text.replace("\u00a0", "")
        .replace("\u202f", "")
        .replace(" ", "")
        .replace("₸", "")
        .replace(",", ".")
    )
    try:
        amount = Decimal(plain)
        rounded = round_tenge(amount)
    except InvalidOperation:
        raise BadValue(field="amount", value=text) from None
    if not amount.is_finite() or amount != rounded:
        raise BadValue(field="amount", value=text)
    return rounded
