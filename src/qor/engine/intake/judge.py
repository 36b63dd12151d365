"""Accept or reject: for every staged row one verdict, in SQL. Accepted + rejected = received, for
every file, always."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qor.engine.intake.readings import (
    doubtful,
    is_code,
    looks_meant,
    may_be_unreadable,
    reading,
    sql_type,
)
from qor.engine.intake.signs import has_control, has_error
from qor.engine.intake.tables import Column, Table
from qor.engine.storage.duck import literal, literals, name
from qor.law.nouns.months import Month
from qor.law.reading.figures import history

KNOWN_PROVIDERS = "known_providers"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a file is held against: the month it is for (if said), the months closed for good, and
    the day on which it is handed in."""

    month: Month | None
    frozen: frozenset[str]
    handed_in_on: date | None = None


def parsed(table: Table, present: tuple[str, ...], staged: str) -> str:
    """SQL: every staged row read: `row`, our columns with their types, and `unreadable` (names of
    columns lost in reading)."""
    values = ", ".join(
        f"{_value(column, table, present)} AS {name(column.name)}" for column in table.columns
    )
    extra = f", {_iin_agrees(present)} AS iin_agrees" if table.name == "people" else ""
    lost = f", {_unreadable(table, present)} AS unreadable" if table.name == "services" else ""
    return (
        f"SELECT file_row_number AS row, {values}{lost}{extra} FROM read_parquet({staged}, "
        "file_row_number = true)"
    )


def parsed_keys(table: Table, present: tuple[str, ...], staged: str, terms: Terms) -> str:
    """SQL: of every staged row only `row`, the key and `row_month`: what settling needs, cheap to
    plan."""
    wanted = dict.fromkeys([*table.key, *([table.monthly] if table.monthly else [])])
    values = ", ".join(
        f"{_value(table.column(column), table, present)} AS {name(column)}" for column in wanted
    )
    read = (
        f"SELECT file_row_number AS row, {values} FROM read_parquet({staged}, file_row_number "
        "= true)"
    )
    return (
        f"SELECT row, {', '.join(map(name, table.key))}, {row_month(table, terms)} AS "
        f"row_month FROM ({read})"
    )


def kept_columns(table: Table) -> list[str]:
    """The columns in which accepted rows are kept, in order."""
    added = {"services": ["unreadable"], "people": ["iin_agrees"]}
    return [column.name for column in table.columns] + added.get(table.name, [])


def doubtful_columns(table: Table, present: tuple[str, ...], staged: str) -> str:
    """SQL: one row that says of each column of numbers or times that need not be readable whether
    some cell may be meant otherwise."""
    columns = [
        c
        for c in table.columns
        if c.name in present and c.name not in table.strict and doubtful(c) != "FALSE"
    ]
    doubts = ", ".join(f"bool_or({doubtful(c)}) AS {name(c.name)}" for c in columns)
    return f"SELECT {doubts} FROM read_parquet({staged})" if columns else ""


def judged(
    table: Table,
    present: tuple[str, ...],
    staged: str,
    terms: Terms,
    odd: bool,
    doubts: Collection[str],
) -> str:
    """SQL: `row`, `reason` and `column` of the staged rows that are rejected, each for the first
    thing that is wrong with it.

    `odd`: control signs may stand in cells, so each is looked at; `doubts`: the doubtful columns,
    some cells of which are rejected.
    """
    watched = [
        c
        for c in table.columns
        if c.name in present and (odd or c.name in doubts or _is_watched(c, table))
    ]
    read = ", ".join(
        f"{_tested(c, table)} AS {name(c.name)}, {name(c.name)} AS {name('raw_' + c.name)}"
        for c in watched
    )
    signs = [
        _case(is_so(name("raw_" + c.name)), reason, c.name)
        for is_so, reason in ((has_control, "control_sign"), (has_error, "error_value"))
        for c in watched
        if odd
    ]
    cases = " ".join(signs + _complaints(table, watched, terms))
    provider = (
        f"LEFT JOIN {KNOWN_PROVIDERS} known ON known.bin = r.{name(table.provider)}"
        if table.provider
        else ""
    )
    return f"""SELECT row, split_part(verdict, ' ', 1) AS reason, split_part(verdict, ' ',
        2) AS "column"
        FROM (SELECT row, CASE {cases} END AS verdict
              FROM (SELECT file_row_number AS row, {read}
                  FROM read_parquet({staged}, file_row_number = true)) r {provider})
        WHERE verdict IS NOT NULL"""


def row_month(table: Table, terms: Terms) -> str:
    """SQL over parsed rows: the month that a row belongs to, empty where the table has no months.

    A service belongs to the month of its completion (291/2020:16); the register of January takes in
    services completed since 1 December that no register had (291/2020:15).
    """
    if not table.monthly:
        return "''"
    column = name(table.monthly)
    own = column if table.column(table.monthly).type == "month" else f"strftime({column}, '%Y-%m')"
    if terms.month is not None and _takes_december(terms.month):
        return (
            f"CASE WHEN {own} = {literal(str(terms.month.shift(-1)))} THEN "
            f"{literal(str(terms.month))} ELSE {own} END"
        )
    return own


def normalised(table: Table, present: tuple[str, ...], staged: str) -> str:
    """SQL: how many codes of each column were written with Cyrillic look-alikes, small letters or
    doubled dots."""
    columns = [column for column in table.columns if is_code(column) and column.name in present]
    counts = (
        f"count(*) FILTER (WHERE {name(c.name)} <> {reading(c)}) AS {name(c.name)}" for c in columns
    )
    return f"SELECT {', '.join(counts)} FROM read_parquet({staged})" if columns else ""


def _takes_december(month: Month) -> bool:
    return month.number == 1


def _value(column: Column, table: Table, present: tuple[str, ...]) -> str:
    kind = sql_type(column)
    return (
        f"CAST({_tested(column, table)} AS {kind})"
        if column.name in present
        else f"CAST(NULL AS {kind})"
    )


def _unreadable(table: Table, present: tuple[str, ...]) -> str:
    watched = (
        c
        for c in table.columns
        if c.name in present and c.name not in table.strict and may_be_unreadable(c)
    )
    lost = (
        f"CASE WHEN {name(c.name)} IS NOT NULL AND ({reading(c)}) IS NULL THEN "
        f"{literal(c.name + ' ')} ELSE '' END"
        for c in watched
    )
    return f"nullif(trim({' || '.join(lost) or literal('')}), '')"


def _iin_agrees(present: tuple[str, ...]) -> str:
    """Whether birth date and sex coded in digits 1-7 are those of the register; digit 0 codes
    neither (foreigners)."""
    iin, born, sex = name("iin"), reading(Column("birth_date", "date")), name("sex")
    if not {"iin", "birth_date", "sex"} <= set(present):
        return "CAST(NULL AS BOOLEAN)"
    digit = f"substr({iin}, 7, 1)"
    coded = (
        f"(CASE WHEN {digit} IN ('1', '2') THEN '18' WHEN {digit} IN ('3', '4') THEN '19' "
        f"ELSE '20' END || substr({iin}, 1, 6))"
    )
    word = reading(Column("sex", "words", ("m", "f")))
    return f"""{digit} = '0' OR (strftime({born}, '%Y%m%d') = {coded} AND {sex} IS NOT NULL
        AND ({word} = CASE WHEN {digit} IN ('1', '3', '5') THEN 'm' ELSE 'f' END))"""


def _is_watched(column: Column, table: Table) -> bool:
    readable = column.name in table.strict and may_be_unreadable(column)
    return readable or column.name in {
        *table.needs,
        *table.positive,
        table.monthly,
        table.provider,
        *table.most,
    }


def _complaints(table: Table, watched: list[Column], terms: Terms) -> list[str]:
    cases: list[str] = []
    for column in watched:
        value, raw = name(column.name), name("raw_" + column.name)
        if column.name in table.needs:
            cases.append(_case(f"{raw} IS NULL", "missing", column.name))
        if column.name in table.strict and may_be_unreadable(column):
            cases.append(_case(f"{value} IS NULL AND {raw} IS NOT NULL", "unreadable", column.name))
        elif looks_meant(column) != "FALSE":
            unread = f"{value} IS NULL AND {raw} IS NOT NULL AND {looks_meant(column)}"
            cases.append(_case(unread, "unreadable", column.name))
        if column.name in table.positive:
            cases.append(_case(f"{value} < 0", "negative", column.name))
        if column.name in table.most:
            cases.append(
                _case(f"{value} > {_most(table.most[column.name])}", "above_most", column.name)
            )
    if table.provider:
        cases.append(_case("known.bin IS NULL", "unknown_provider", table.provider))
    return cases + (_months(table, terms) if table.monthly else [])


def _most(figure: str) -> Decimal:
    """The latest value of a setting: what is handed in now is held against it."""
    return history(figure)[-1].value


def _tested(column: Column, table: Table) -> str:
    """The provider's BIN is looked up among the known ones, so its check digit need not be computed
    for every row."""
    return name(column.name) if column.name == table.provider else f"({reading(column)})"


def _months(table: Table, terms: Terms) -> list[str]:
    column = table.column(table.monthly)
    own = name(column.name) if column.type == "month" else f"strftime({name(column.name)}, '%Y-%m')"
    cases = []
    if terms.handed_in_on is not None and column.type != "month":
        following = literal(terms.handed_in_on + timedelta(days=1))
        cases.append(_case(f"{name(column.name)} >= {following}", "not_yet_rendered", column.name))
    frozen = frozenset() if table.late else terms.frozen
    if terms.month is not None:
        cases.append(_case(f"NOT ({_within(table, terms.month)})", "other_month", column.name))
        if str(terms.month) in frozen:
            cases.append(_case("TRUE", "frozen_month", column.name))
    elif frozen:
        cases.append(_case(f"{own} IN ({literals(sorted(frozen))})", "frozen_month", column.name))
    return cases


def _within(table: Table, month: Month) -> str:
    """Whether the row lies in the month (January takes December in: 291/2020:15)."""
    first = month.shift(-1) if _takes_december(month) else month
    column = name(table.monthly)
    if table.column(table.monthly).type == "month":
        return f"{column} BETWEEN {literal(str(first))} AND {literal(str(month))}"
    return f"{column} >= {literal(first.first)} AND {column} < {literal(month.shift(1).first)}"


def _case(condition: str, reason: str, column: str) -> str:
    return f"WHEN {condition} THEN '{reason} {column}'"
