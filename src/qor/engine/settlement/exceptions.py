"""Which services the linear scale does not touch: one narrow condition over a row, made of the
marks in force (291/2020, clauses 61 and 78)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from qor.engine.intake.lake_rows import source
from qor.engine.storage.duck import Connection, literal, literals, one
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.rules.scale_exceptions import ScaleException, scale_exceptions
from qor.law.rules.ways_of_paying import ways_of_paying

Span = tuple[date, date]
# Marks by (mark, basis): the codes that hold on all days of a span inside the month.
Marks = dict[tuple[str, str], dict[Span, list[str]]]
# Providers by mark: the days, the BIN and the share, where one was loaded.
Providers = dict[str, list[tuple[Span, str, Decimal | None]]]
_BILLED = ("service_code", "group_code")
_FLAGS = ("screening", "dialysis")  # what the rules of a service say already


def unscaled_by_month(
    connection: Connection, lake: Lake, months: Iterable[Month]
) -> dict[str, str]:
    """SQL for each month over a row of `services` that ended in it: whether the linear scale leaves
    it alone; FALSE, and no column read, where nothing is marked.

    The law and the marks are those of the day on which the service ended. Sources: 291/2020:61,
    291/2020:78.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE scale_marks (list INTEGER, code VARCHAR)")
    return {str(month): _unscaled(connection, lake, month) for month in months}


def of_its_month(unscaled: dict[str, str]) -> str:
    """SQL over a row with `service_month`: the condition of its own month."""
    asked = {of: condition for of, condition in unscaled.items() if condition != "FALSE"}
    if not asked:
        return "FALSE"
    whens = " ".join(
        f"WHEN {literal(of)} THEN {condition}" for of, condition in sorted(asked.items())
    )
    return f"CASE service_month {whens} ELSE FALSE END"


def _unscaled(connection: Connection, lake: Lake, month: Month) -> str:
    marks, providers = (
        _service_marks(connection, lake, month),
        _provider_marks(connection, lake, month),
    )
    found = []
    for since, until, exceptions in _editions(month):
        terms = [
            term
            for each in exceptions
            for term in [_term(connection, each, marks, providers, month)]
            if term
        ]
        if terms:
            found.append(_on_days(f"({' OR '.join(terms)})", (since, until), month))
    return f"coalesce({' OR '.join(found)}, FALSE)" if found else "FALSE"


def share_not_loaded(connection: Connection, lake: Lake, month: Month) -> str:
    """SQL: bin of providers whose share of births or of infants is not held for the month, though
    no mark says that the whole of it is excepted: one share says nothing of the other."""
    rows = source(lake, "provider_marks")
    shares = literals(("births_share", "infants_share", "births_and_infants_share"))
    whole = literals(("maternity_organisation", "republican_tuberculosis"))
    return f"""SELECT bin FROM ({source(lake, "providers")}) ANTI JOIN (
        SELECT bin FROM ({rows})
        WHERE ((mark IN ({shares}) AND share IS NOT NULL) OR mark IN ({whole}))
          AND valid_from <= {literal(month.last)}
          AND (valid_to IS NULL OR valid_to >= {literal(month.first)})
        GROUP BY bin HAVING bool_or(mark IN ({whole}) OR mark = 'births_and_infants_share')
            OR count(DISTINCT mark) = 2) m USING (bin)"""


def _editions(month: Month) -> list[tuple[date, date, list[ScaleException]]]:
    """The days of the month with the exceptions in force on them."""
    found: list[tuple[date, date, list[ScaleException]]] = []
    day = month.first
    while day <= month.last:
        held = scale_exceptions(day)
        if found and found[-1][2] == held:
            found[-1] = (found[-1][0], day, held)
        else:
            found.append((day, day, held))
        day += timedelta(days=1)
    return found


def _term(
    connection: Connection, each: ScaleException, marks: Marks, providers: Providers, month: Month
) -> str:
    """SQL of one exception, or nothing where no mark can make it true."""
    forms = literals(way.care_form.value for way in ways_of_paying() if way.scale == each.scale)
    asked = [f"care_form IN ({forms})"]
    if each.settings:
        asked.append(f"setting IN ({literals(each.settings)})")
    if each.provider:
        named = _providers(connection, each, providers, month)
        if not named:
            return ""
        asked.append(named)
    for wanted in (each.marks, (each.diagnosis,) if each.diagnosis else ()):
        if wanted:
            marked = _marked(connection, wanted, marks, month)
            if not marked:
                return ""
            asked.append(marked)
    return f"({' AND '.join(asked)})"


def _providers(
    connection: Connection, each: ScaleException, providers: Providers, month: Month
) -> str:
    """SQL: the row's provider carries the mark, with the least share where one is asked for."""
    spans: dict[Span, list[str]] = defaultdict(list)
    for span, bin_, share in providers.get(each.provider, ()):
        if each.least_share is None or (share is not None and share >= each.least_share):
            spans[span].append(bin_)
    return _any(
        _on_days(f"provider_bin IN {_listed(connection, bins)}", span, month)
        for span, bins in sorted(spans.items())
    )


def _marked(connection: Connection, wanted: tuple[str, ...], marks: Marks, month: Month) -> str:
    """SQL: what was billed, operated, diagnosed or the bed carries one of the marks."""
    terms = []
    for (mark, basis), spans in sorted(marks.items()):
        if mark in wanted:
            terms += [
                _on_days(_carries(connection, basis, codes), span, month)
                for span, codes in sorted(spans.items())
            ]
    return _any(terms)


def _carries(connection: Connection, basis: str, codes: list[str]) -> str:
    if basis == "operation_code":
        return f"list_has_any(operation_codes, [{literals(sorted(codes))}])"
    listed = _listed(connection, codes)
    if basis == "icd10":  # a category stands for all that is below it
        return f"(icd10_main IN {listed} OR split_part(icd10_main, '.', 1) IN {listed})"
    if basis:
        return f"{basis} IN {listed}"
    return f"({' OR '.join(f'{column} IN {listed}' for column in _BILLED)})"


def _listed(connection: Connection, codes: list[str]) -> str:
    """SQL: codes for IN, from the table `scale_marks`: looked up in a hash, five times as fast as a
    list of two hundred literals."""
    number = int(one(connection, "SELECT coalesce(max(list), 0) + 1 AS n FROM scale_marks")["n"])
    connection.executemany(
        "INSERT INTO scale_marks VALUES (?, ?)", [(number, code) for code in sorted(set(codes))]
    )
    return f"(SELECT code FROM scale_marks WHERE list = {number})"


def _on_days(condition: str, span: Span, month: Month) -> str:
    """The condition on the days of a span; on all days of the month no day is looked at."""
    if span == (month.first, month.last):
        return condition
    return (
        f"({condition} AND CAST(ended_at AS DATE) BETWEEN {literal(span[0])} AND "
        f"{literal(span[1])})"
    )


def _any(terms: Iterable[str]) -> str:
    listed = list(terms)
    return f"({' OR '.join(listed)})" if listed else ""


def _service_marks(connection: Connection, lake: Lake, month: Month) -> Marks:
    """Marks of codes in the month: the table's own, and what the rules of services flag."""
    flags = " UNION ALL ".join(
        f"SELECT 'service_code' AS basis, code, '{flag}' AS mark, valid_from, valid_to "
        f"FROM rules WHERE {flag}"
        for flag in _FLAGS
    )
    query = f"""WITH rules AS ({source(lake, "service_rules")})
        SELECT coalesce(basis, ''), code, mark, valid_from, valid_to
        FROM (SELECT basis, code, mark, valid_from, valid_to FROM ({source(lake, "service_marks")})
            UNION ALL {flags})
        WHERE {_in_month(month)} ORDER BY ALL"""
    found: Marks = defaultdict(lambda: defaultdict(list))
    for basis, code, mark, since, until in connection.execute(query).fetchall():
        found[mark, basis][_clipped(since, until, month)].append(code)
    return found


def _provider_marks(connection: Connection, lake: Lake, month: Month) -> Providers:
    query = f"""SELECT mark, bin, share, valid_from, valid_to
        FROM ({source(lake, "provider_marks")})
        WHERE {_in_month(month)} ORDER BY ALL"""
    found: Providers = defaultdict(list)
    for mark, bin_, share, since, until in connection.execute(query).fetchall():
        found[mark].append((_clipped(since, until, month), bin_, share))
    return found


def _in_month(month: Month) -> str:
    return (
        f"valid_from <= {literal(month.last)} AND (valid_to IS NULL OR valid_to >= "
        f"{literal(month.first)})"
    )


def _clipped(since: date, until: date | None, month: Month) -> Span:
    return max(since, month.first), min(until or month.last, month.last)
