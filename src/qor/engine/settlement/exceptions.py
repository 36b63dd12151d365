"""Which services the linear scale does not touch: one narrow condition over a row, made of the
marks in force (291/2020, clauses 61 and 78)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qor.engine.intake.lake_rows import source
from qor.engine.storage.duck import Connection, literal, literals
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import add_rows, make_empty, make_view, query_of, run_step, step_rows
from qor.law.nouns.months import Month
from qor.law.rules.scale_exceptions import ScaleException, scale_exceptions
from qor.law.rules.ways_of_paying import ways_of_paying

Span = tuple[date, date]
# Marks by (mark, basis): the codes that hold on all days of a span inside the month.
Marks = dict[tuple[str, str], dict[Span, list[str]]]
# Providers by mark: the days, the BIN and the share, where one was loaded.
Providers = dict[str, list[tuple[Span, str, Decimal | None]]]
_BILLED = ("service_code", "group_code")
_NEVER = "FALSE"


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """What the linear scale leaves alone in a month: SQL over a row of `services` that ended in it;
    `days`: the month's first and each from which on something else is left alone."""

    condition: str
    days: tuple[date, ...]


def unscaled_by_month(
    connection: Connection, lake: Lake, months: Iterable[Month]
) -> dict[str, LeftAlone]:
    """For each month which of its services the linear scale leaves alone; FALSE, and no column
    read, where nothing is marked.

    The law and the marks are those of the day on which the service ended. Sources: 291/2020:61,
    291/2020:78.
    """
    make_empty(connection, "scale_marks")
    return {str(month): _unscaled(connection, lake, month) for month in months}


def of_its_month(unscaled: dict[str, LeftAlone]) -> str:
    """SQL over a row with `service_month`: the condition of its own month."""
    whens = {of: each.condition for of, each in unscaled.items()}
    return _by_month(whens, _NEVER)


def days_of_its_month(unscaled: dict[str, LeftAlone]) -> str:
    """SQL over a row with `service_month`: the days of its own month on which a condition must be
    asked to know it of all days."""
    whens = {of: f"[{literals(each.days)}]" for of, each in unscaled.items() if each.days[1:]}
    return _by_month(whens, "[CAST(service_month || '-01' AS DATE)]")


def _by_month(whens: dict[str, str], otherwise: str) -> str:
    asked = " ".join(
        f"WHEN {literal(of)} THEN {text}" for of, text in sorted(whens.items()) if text != otherwise
    )
    return f"CASE service_month {asked} ELSE {otherwise} END" if asked else otherwise


def _unscaled(connection: Connection, lake: Lake, month: Month) -> LeftAlone:
    marks, providers = (
        _service_marks(connection, lake, month),
        _provider_marks(connection, lake, month),
    )
    editions = _editions(month)
    conditions = []
    for since, until, exceptions in editions:
        terms = [
            term
            for each in exceptions
            for term in [_term(connection, each, marks, providers, month)]
            if term
        ]
        if terms:
            conditions.append(_on_days(f"({' OR '.join(terms)})", (since, until), month))
    condition = f"coalesce({' OR '.join(conditions)}, FALSE)" if conditions else _NEVER
    spans = [(since, until) for since, until, _ in editions]
    spans += [span for of_mark in marks.values() for span in of_mark]
    spans += [span for of_mark in providers.values() for span, _, _ in of_mark]
    return LeftAlone(condition, _days_of_change(spans, month))


def _days_of_change(spans: Iterable[Span], month: Month) -> tuple[date, ...]:
    """The days of a month on which a span begins, or the day after it ends."""
    days = {month.first}
    for since, until in spans:
        days |= {since, until + timedelta(days=1)}
    return tuple(sorted(day for day in days if month.first <= day <= month.last))


def find_shares_not_loaded(connection: Connection, lake: Lake, month: Month) -> None:
    """`shares_not_loaded`: providers whose share of births or of infants is not held for the month,
    though no mark says that the whole of it is excepted: one share says nothing of the other."""
    for table in ("providers", "provider_marks"):
        make_view(connection, table, source(lake, table))
    both = "births_and_infants_share"
    run_step(
        connection,
        "shares_not_loaded",
        shares=literals(("births_share", "infants_share", both)),
        whole=literals(("maternity_organisation", "republican_tuberculosis")),
        share_of_both=literal(both),
        **_in_month(month),
    )


def _editions(month: Month) -> list[tuple[date, date, list[ScaleException]]]:
    """The days of the month with the exceptions in force on them."""
    editions: list[tuple[date, date, list[ScaleException]]] = []
    day = month.first
    while day <= month.last:
        exceptions = scale_exceptions(day)
        if editions and editions[-1][2] == exceptions:
            editions[-1] = (editions[-1][0], day, exceptions)
        else:
            editions.append((day, day, exceptions))
        day += timedelta(days=1)
    return editions


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
    [(last,)] = step_rows(connection, "last_list")
    number = last + 1
    add_rows(connection, "scale_marks", [(number, code) for code in sorted(set(codes))])
    return f"({query_of('marked_codes', list=str(number))})"


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
    for table in ("service_rules", "service_marks"):
        make_view(connection, table, source(lake, table))
    marks: Marks = defaultdict(lambda: defaultdict(list))
    rows = step_rows(connection, "service_marks_of_month", **_in_month(month))
    for basis, code, mark, since, until in rows:
        marks[mark, basis][_clipped(since, until, month)].append(code)
    return marks


def _provider_marks(connection: Connection, lake: Lake, month: Month) -> Providers:
    make_view(connection, "provider_marks", source(lake, "provider_marks"))
    providers: Providers = defaultdict(list)
    rows = step_rows(connection, "provider_marks_of_month", **_in_month(month))
    for mark, bin_, share, since, until in rows:
        providers[mark].append((_clipped(since, until, month), bin_, share))
    return providers


def _in_month(month: Month) -> dict[str, str]:
    return {"month_first": literal(month.first), "month_last": literal(month.last)}


def _clipped(since: date, until: date | None, month: Month) -> Span:
    return max(since, month.first), min(until or month.last, month.last)
