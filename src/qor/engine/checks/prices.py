"""What each service should cost: the price list by code and day, the day hospital's prices, and the
rows whose amount is another."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from qor.engine.storage.duck import Connection, literal, literals, pattern_free
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

# The tariff of each code in each form of care that has a price per service; on each day its own
# line before the general one.
_TARIFF_LINES = """CREATE OR REPLACE TEMP TABLE {name} AS
    SELECT l.care_form, l.code, l.valid_from, l.valid_to, l.price, l.weight, l.printed
    FROM (SELECT s.care_form, s.code, s.first AS valid_from, s.last AS valid_to, o.price, o.weight,
        o.printed,
                 row_number() OVER (PARTITION BY s.care_form, s.kind, s.code, s.first
                                    ORDER BY CASE WHEN o.printed THEN 0 ELSE 1 END, CASE WHEN o.own
                                        THEN 0 ELSE 1 END, o.price) AS nth
          FROM (SELECT d.care_form, d.kind, d.code, d.day AS first,
                       coalesce(lead(d.day) OVER (PARTITION BY d.care_form, d.kind, d.code
                           ORDER BY d.day) - 1, DATE '9999-12-31') AS last
                FROM (SELECT care_form, kind, code, valid_from AS day FROM {source}
                      UNION SELECT care_form, kind, code, valid_to + 1 FROM {source}
                          WHERE valid_to < DATE '9999-12-31') d) s
          JOIN {source} o ON o.care_form = s.care_form AND o.kind = s.kind AND o.code = s.code
                        AND o.valid_from <= s.first AND o.valid_to >= s.last) l
    WHERE l.nth = 1"""

# The day hospital's lines: the printed price as it is, else a share of the round-the-clock tariff;
# dialysis is paid by its sessions.
_DAY_LINES = """CREATE OR REPLACE TEMP TABLE day_lines AS
    SELECT d.care_form, k.case_kind, d.code,
           CASE WHEN k.valid_from > d.valid_from THEN k.valid_from
               ELSE d.valid_from END AS valid_from,
           CASE WHEN k.valid_to < d.valid_to THEN k.valid_to ELSE d.valid_to END AS valid_to,
           CASE WHEN d.printed OR z.code IS NOT NULL OR k.share IS NULL THEN d.price
                WHEN p.expected IS NOT NULL THEN p.expected
                    ELSE CAST(d.price AS DECIMAL(38,2)) * k.share END AS price,
           CASE WHEN NOT d.printed AND z.code IS NULL THEN p.other END AS other_price
    FROM day_tariffs d
    JOIN day_shares k ON k.care_form = d.care_form AND k.valid_from <= d.valid_to
        AND k.valid_to >= d.valid_from
    LEFT JOIN day_prices p ON p.price = d.price AND p.weight = d.weight AND p.share = k.share
    LEFT JOIN (SELECT DISTINCT code FROM service_rules WHERE dialysis) z ON z.code = d.code"""

_PRICE_LINES = f"""CREATE OR REPLACE TEMP TABLE price_lines AS
    SELECT care_form, '' AS case_kind, code, valid_from, valid_to, CAST(price AS {_PRICE}) AS price,
        CAST(NULL AS {_PRICE}) AS other_price
    FROM tariff_lines
    UNION ALL
    SELECT care_form, case_kind, code, valid_from, valid_to, CAST(price AS {_PRICE}),
        CAST(other_price AS {_PRICE}) FROM day_lines"""

# Three checks ask where the amount is not the expected one: computed once, and only such rows are
# kept.
_MISPRICED = """CREATE OR REPLACE TEMP TABLE mispriced AS SELECT * FROM (
    SELECT c.provider_bin, c.service_id, c.care_form, c.setting, c.amount,
        {expected} AS expected_amount, {other} AS other_amount
    FROM cur c
    JOIN price_lines t ON t.care_form = c.care_form AND t.code = c.billed_code
        AND t.case_kind = {case_kind}
                      AND c.ended_on BETWEEN t.valid_from AND t.valid_to
    LEFT JOIN coefficient_lines k ON k.bin = c.provider_bin AND k.care_form = c.care_form
                                 AND c.ended_on BETWEEN k.valid_from AND k.valid_to
    WHERE {priced}) WHERE amount <> expected_amount"""


def prepare(connection: Connection, folder: Path) -> None:
    """Make `tariff_lines` and `price_lines`; needs the views `tariffs` and `service_rules`;
    `folder` takes a small file.

    Sources: 291/2020:6, 291/2020:70, 291/2020:71, 291/2020:72.
    """
    forms = ", ".join(
        f"({literal(p.care_form.value)}, {literal(p.tariff_kind)})" for p in pricings()
    )
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE offered AS
        SELECT f.care_form, t.kind, t.code, t.valid_from, coalesce(t.valid_to,
            {_NO_END}) AS valid_to, t.price, t.weight,
               t.care_form IS NOT NULL AS own, coalesce(t.setting,
                   '') = {literal(SETTING)} AS printed
        FROM (VALUES {forms}) f(care_form, kind)
        JOIN tariffs t ON t.kind = f.kind AND (t.care_form IS NULL OR t.care_form = f.care_form)""")
    general = "(SELECT * FROM offered WHERE NOT printed)"
    connection.execute(_TARIFF_LINES.format(name="tariff_lines", source=general))
    shares = day_shares()
    in_day_hospital = literals(
        sorted({form.value for share in shares for form in share.care_forms})
    )
    theirs = f"(SELECT * FROM offered WHERE care_form IN ({in_day_hospital}))"
    connection.execute(_TARIFF_LINES.format(name="day_tariffs", source=theirs))
    _day_shares(connection, shares)
    _day_prices(connection, shares, folder)
    connection.execute(_DAY_LINES)
    connection.execute(_PRICE_LINES)


def mispriced() -> str:
    """SQL: make `mispriced`, the rows of `cur` whose amount is not the expected one.

    An empty quantity is one unit, an empty count of bed-days the days between the dates: neither
    may widen what is billed.
    """
    product = f"CAST({_units()} AS DECIMAL(38, 6)) * t.{{price}} * coalesce(k.value, 1)"
    rounded = f"CAST(round({product}, 2) AS DECIMAL(38, 2))"
    return _MISPRICED.format(
        expected=rounded.format(price="price"),
        other=rounded.format(price="other_price"),
        case_kind=_case_kind(day_shares()),
        priced=_priced(),
    )


def not_right_otherwise(row: str) -> str:
    """SQL for a check: the amount is not right by the other reading of a day hospital's price
    (setting `day_hospital_price`)."""
    other = f"{row}.other_amount"
    return (
        f"({other} IS NULL OR {row}.amount NOT BETWEEN {other} - $amount_tolerance AND "
        f"{other} + $amount_tolerance)"
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
    typed = ", ".join(
        f"CAST({column} AS {kind}) AS {column}" for column, kind in _DAY_SHARES.items()
    )
    values = ", ".join(f"({literals(line)})" for line in lines)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE day_shares AS
        SELECT {typed} FROM (VALUES {values}) s({", ".join(_DAY_SHARES)})""")


def _day_prices(connection: Connection, shares: list[DayShare], folder: Path) -> None:
    """`day_prices`: for each price with a weight and each share what a case costs, by the law's
    function."""
    query = "SELECT DISTINCT price, weight FROM day_tariffs WHERE weight > 0 AND NOT printed"
    weighed = connection.execute(query).fetchall()
    path = folder / "day_prices.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for price, weight in weighed:
            for share in sorted({share.share for share in shares}):
                found = day_hospital_price(Decimal(price), Decimal(weight), share)
                writer.writerow([price, weight, _decimal(share), found.expected, found.other])
    kinds = ", ".join(f"'{column}': '{kind}'" for column, kind in _DAY_PRICES.items())
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE day_prices AS SELECT *
        FROM read_csv({pattern_free(path)}, header = false,
        auto_detect = false, columns = {{{kinds}}})""")


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
