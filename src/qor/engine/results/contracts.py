"""What the lake holds of contracts and money: contracts in force, bank accounts, receipts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qor.engine.intake.lake_rows import rows_in
from qor.engine.results.reading import Row, read, read_by
from qor.engine.storage.duck import literal, literals
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month


def has_contracts(lake: Lake, of: Month, care_forms: Iterable[str]) -> bool:
    """Whether a contract for one of these care forms is in force on some day of a month."""
    texts = {
        "care_forms": literals(care_forms),
        "first": literal(of.first),
        "last": literal(of.last),
    }
    return bool(read_by("contracts_in_force", {"contracts": rows_in(lake, "contracts")}, texts))


def accounts_in_force(lake: Lake, on: date) -> list[Row]:
    """The bank accounts that hold on a day: BIN, IBAN, BIC; by their first day."""
    tables = {"bank_accounts": rows_in(lake, "bank_accounts")}
    return read("accounts_in_force", tables, on_day=on)


def monthly_receipts(lake: Lake) -> list[Row]:
    """What the fund received, by month, in tenge."""
    return read("monthly_receipts", {"receipts": rows_in(lake, "receipts")})
