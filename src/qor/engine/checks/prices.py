"""What each service should cost: the price list by code and day, the day hospital's prices, and the
rows whose amount is another."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from qor.engine.storage.duck import Connection, literal, literals
from qor.engine.storage.steps import csv_rows, listed_rows, make_table, rows_of, run_step
from qor.law.rules.day_hospital import SETTING, DayShare, day_hospital_price, day_shares
from qor.law.rules.expected_amounts import pricings

# More units than this in one row are held against this many: nobody bills so, and sums stay within
# their width.
MOST_UNITS = 1_000_000
_PRICE = "DECIMAL(18,4)"
_NO_END = "DATE '9999-12-31'"
_BEGINNING, _END = date(1900, 1, 1), date(9999, 12, 31)
_DAY_PRICES = {
    "price": "DECIMAL(18,2)",
    "weight": "DECIMAL(18,6)",
    "share": "DECIMAL(9,6)",
    "expected": _PRICE,
    "other": _PRICE,
}
_DAY_SHARES = {
    "case_kind": "VARCHAR",
    "care_form": "VARCHAR",
    "share": "DECIMAL(9,6)",
    "valid_from": "DATE",
    "valid_to": "DATE",
}


def prepare(connection: Connection, folder: Path) -> None:
    """Make `tariff_lines` and `price_lines`; needs the views `tariffs` and `service_rules`;
    `folder` takes a small file.

    Sources: 291/2020:6, 291/2020:70, 291/2020:71, 291/2020:72.
    """
    forms = ", ".join(
        f"({literal(p.care_form.value)}, {literal(p.tariff_kind)})" for p in pricings()
    )
    run_step(connection, "offered", pricings=forms)
    run_step(connection, "tariff_lines", which="NOT printed")
    shares = day_shares()
    in_day_hospital = literals(
        sorted({form.value for share in shares for form in share.care_forms})
    )
    run_step(connection, "day_tariffs", which=f"care_form IN ({in_day_hospital})")
    _day_shares(connection, shares)
    _day_prices(connection, shares, folder)
    for step in ("day_lines", "price_lines"):
        run_step(connection, step)


def find_mispriced(connection: Connection) -> None:
    """Make `mispriced`, the rows of `cur` whose amount is not the expected one.

    An empty quantity is one unit, an empty count of bed-days the days between the dates: neither
    may widen what is billed.
    """
    product = f"CAST({_units()} AS DECIMAL(38, 6)) * t.{{price}} * coalesce(k.value, 1)"
    rounded = f"CAST(round({product}, 2) AS DECIMAL(38, 2))"
    run_step(
        connection,
        "mispriced",
        expected=rounded.format(price="price"),
        other=rounded.format(price="other_price"),
        case_kind=_case_kind(day_shares()),
        priced=_priced(),
    )


def _units() -> str:
    """SQL: what a row's price is multiplied by, after the law's table of pricings; never empty,
    never beyond `MOST_UNITS`."""
    days = "date_diff('day', c.started_on, c.ended_on)"
    empty = {"quantity": "1", "bed_days": f"CASE WHEN {days} > 1 THEN {days} ELSE 1 END"}
    cases = " ".join(
        f"WHEN {literal(p.care_form.value)} THEN coalesce(c.{p.units_column}, "
        f"{empty[p.units_column]})"
        for p in pricings()
    )
    return f"least(coalesce(CASE c.care_form {cases} END, 1), {MOST_UNITS})"


def _priced() -> str:
    """SQL: whether the row is one that its form of care prices (rural care: stays only)."""
    narrowed = [p for p in pricings() if p.settings]
    return " AND ".join(
        f"(c.care_form <> {literal(p.care_form.value)} OR c.setting IN ({literals(p.settings)}))"
        for p in narrowed
    )


def _case_kind(shares: list[DayShare]) -> str:
    """SQL: the name of the share by which a day hospital's case is priced, '' for every other
    row."""
    whens = []
    for name in dict.fromkeys(share.name for share in shares):
        share = next(share for share in shares if share.name == name)
        has = " OR ".join(
            f"list_contains(c.operation_codes, {literal(code)})" for code in share.operations
        )
        forms = literals(form.value for form in share.care_forms)
        whens.append(
            f"WHEN c.care_form IN ({forms}) {f'AND ({has})' if has else ''} THEN {literal(name)}"
        )
    return (
        f"CASE WHEN coalesce(c.setting, '') <> {literal(SETTING)} THEN '' {' '.join(whens)} "
        "ELSE '' END"
    )


def _day_shares(connection: Connection, shares: list[DayShare]) -> None:
    """`day_shares`: each kind of case with its share over all days; none before the law gives
    one."""
    lines: list[tuple[str, str, Decimal | None, date, date]] = []
    for name, form in dict.fromkeys(
        (share.name, form) for share in shares for form in share.care_forms
    ):
        since = _BEGINNING
        for share in sorted(
            (s for s in shares if s.name == name and form in s.care_forms),
            key=lambda s: s.valid_from,
        ):
            if share.valid_from > since:
                lines.append((name, form.value, None, since, share.valid_from - timedelta(days=1)))
            lines.append(
                (name, form.value, _decimal(share.share), share.valid_from, share.valid_to or _END)
            )
            since = (share.valid_to or _END - timedelta(days=1)) + timedelta(days=1)
        if since < _END:
            lines.append((name, form.value, None, since, _END))
    make_table(connection, "day_shares", listed_rows(lines, _DAY_SHARES))


def _day_prices(connection: Connection, shares: list[DayShare], folder: Path) -> None:
    """`day_prices`: for each price with a weight and each share what a case costs, by the law's
    function."""
    run_step(connection, "weighed_tariffs")
    weighed = rows_of(connection, "weighed_tariffs", ("price", "weight"))
    path = folder / "day_prices.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for price, weight in weighed:
            for share in sorted({share.share for share in shares}):
                day_price = day_hospital_price(Decimal(price), Decimal(weight), share)
                writer.writerow(
                    [price, weight, _decimal(share), day_price.expected, day_price.other]
                )
    make_table(connection, "day_prices", csv_rows(path, _DAY_PRICES))


def _decimal(share: Fraction) -> Decimal:
    return round(Decimal(share.numerator) / Decimal(share.denominator), 6)


def billed_code() -> str:
    """SQL: the code that a row's form of care is priced by: its group, or its service code."""
    grouped = [pricing for pricing in pricings() if pricing.code_column == "group_code"]
    plain = literals(pricing.care_form.value for pricing in grouped if not pricing.settings)
    narrowed = " ".join(
        f"WHEN care_form = {literal(pricing.care_form.value)} AND setting IN "
        f"({literals(pricing.settings)}) THEN group_code"
        for pricing in grouped
        if pricing.settings
    )
    return f"CASE WHEN care_form IN ({plain}) THEN group_code {narrowed} ELSE service_code END"
