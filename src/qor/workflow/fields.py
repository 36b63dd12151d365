"""Money in the database: whole tiyn behind a Decimal in tenge, exact on every database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

_TIYN = 100


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]
    """Tenge with two decimals, kept as whole tiyn. A value with more decimals is an error, never
    rounded here."""

    _pyi_private_set_type: Decimal | int  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_: Any) -> Decimal | None:
        """Tiyn to tenge."""
        return None if value is None else Decimal(value) / _TIYN

    def to_python(self, value: Any) -> Decimal | None:
        """Anything given to tenge."""
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        """Tenge to tiyn. ValueError for a fraction of a tiyn."""
        if value is None:
            return None
        tiyn = Decimal(value) * _TIYN
        if tiyn != tiyn.to_integral_value():
            raise ValueError(f"a fraction of a tiyn: {value}")
        return int(tiyn)


def total(rows: models.QuerySet[Any], column: str = "amount") -> Decimal:
    """The sum of a column of money over rows, in tenge; zero where there are none."""
    return Decimal(rows.aggregate(s=models.Sum(column))["s"] or 0)
