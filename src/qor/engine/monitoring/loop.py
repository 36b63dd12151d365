"""Run the checks over a month: findings and returned rows, priced, as tables in the connection and
as files."""

from __future__ import annotations

import string
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from qor.engine.checks import diagnoses, features
from qor.engine.checks.catalogue import ALL
from qor.engine.checks.check import Check, Kind
from qor.engine.checks.edits import Edit, edits_of, in_force
from qor.engine.checks.features import Interval
from qor.engine.checks.proposed_deduction import forms_of, make_rates
from qor.engine.storage.duck import Connection, literal, literals
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_empty, row_of, run_step, step_rows
from qor.law.nouns.months import Month
from qor.law.pages import page
from qor.law.reading.defects import ACT, law_day
from qor.law.reading.figures import figure, history
from qor.law.reading.interpretations import interpretation
from qor.law.reading.regulations import edition, editions

Progress = Callable[[str, int, int], None]
Look = Callable[[Interval, list[Check]], None]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that could not speak, and the tables that it lacks."""

    check: str
    lacks: tuple[str, ...]


def run_checks(
    connection: Connection,
    lake: Lake,
    month: Month,
    found_on: date,
    folder: Path,
    progress: Progress = lambda *_: None,
) -> list[Skipped]:
    """Make the tables `findings` and `returns` for a month of the lake; which checks were skipped
    for want of a table.

    Each interval of days with one edition and one set of figures is run by itself (interpretation
    edition_of_a_finding). NoEditionOnDate or NoFigureOnDate where the law of those days is not
    held. Sources: 321/2020:10, 321/2020:13, 321/2020:21, 321/2020:22, 321/2020:40.
    """
    features.prepare(connection, lake, [month], folder)
    edits = edits_of(lake)
    spans = intervals(connection, edits)
    done = 0

    def look(span: Interval, running: list[Check]) -> None:
        nonlocal done
        features.focus(connection, span)
        for check in running:
            progress(check.slug, done, len(spans) * len(running))
            find(connection, check, span.last, found_on)
            done += 1

    go_through(connection, lake, found_on, edits, look, Pricing(month))
    progress("", done, done)
    lacking = {check.slug: tuple(t for t in check.needs if not lake.has(t)) for check in ALL}
    return [Skipped(slug, tables) for slug, tables in lacking.items() if tables]


@dataclass(frozen=True, slots=True)
class Pricing:
    """The findings of each interval are priced as those of a month, once `before` has looked at
    them."""

    month: Month
    before: Callable[[Interval], object] = lambda _: None


def go_through(
    connection: Connection,
    lake: Lake,
    found_on: date,
    edits: list[Edit],
    look: Look | None = None,
    pricing: Pricing | None = None,
    *,
    cut: list[Edit] | None = None,
    slugs: Collection[str] | None = None,
) -> None:
    """The one way through the prepared days, for all who run checks: of each interval the rates,
    then what the checks in force find in it, then its price.

    `look` runs the checks of an interval (over all of it, if not given); without `pricing`
    `raw_findings` stay. The days are cut by the edits in `cut`, else by those in force; `slugs`:
    only these checks.
    """
    begin(connection)
    for span in intervals(connection, edits if cut is None else cut):
        running = [
            check
            for check in in_force(edits, span.last)
            if (slugs is None or check.slug in slugs) and all(map(lake.has, check.needs))
        ]
        make_rates(connection, running, law_day(span.last, found_on))
        if look is not None:
            look(span, running)
        else:
            look_at_all(connection, span, running, found_on)
        if pricing is not None:
            pricing.before(span)
            price(connection, span, pricing.month, found_on)


def look_at_all(
    connection: Connection, span: Interval, running: list[Check], found_on: date
) -> None:
    """Run checks over the whole of an interval."""
    features.focus(connection, span)
    for check in running:
        find(connection, check, span.last, found_on)


def intervals(connection: Connection, edits: list[Edit] | None = None) -> list[Interval]:
    """The days of completion in the month's rows, cut where an edition, a figure, a check or a rule
    of codes changes (321/2020:13)."""
    first, last = row_of(connection, "completion_days")
    if first is None:
        return []
    changes = {edition.in_force_on for edition in editions(ACT)}
    changes |= {
        value.valid_from for check in ALL for name in check.figures for value in history(name)
    }
    changes |= {edit.valid_from for edit in edits or []}
    for since, until in step_rows(connection, "dated_rules"):
        changes |= {since, until + timedelta(days=1)} if until else {since}
    cuts = [first, *sorted(day for day in changes if first < day <= last)]
    ends = [day - timedelta(days=1) for day in cuts[1:]] + [last]
    return [Interval(*span) for span in zip(cuts, ends, strict=True)]


def sql_of(check: Check, on: date, found_on: date) -> str:
    """The check's SELECT for services of a day, run on the day `found_on`: care forms and figures
    filled in."""
    given = dict(check.set_to)
    values = {
        name: literal(given[name] if name in given else figure(name, law_day(on, found_on)).value)
        for name in check.figures
    }
    values |= {name: diagnoses.categories(name) for name in check.diagnoses}
    forms = literals(form.value for form in forms_of(check, law_day(on, found_on)))
    return string.Template(check.sql).substitute(
        values, forms=forms, required=_required(), found_on=literal(found_on)
    )


def find(connection: Connection, check: Check, on: date, found_on: date) -> None:
    """Run one check over the current interval into `raw_findings`."""
    select = sql_of(check, on, found_on)
    run_step(connection, "found_by_check", slug=literal(check.slug), select=select)


def survey(
    connection: Connection, lake: Lake, months: list[Month], on: date, folder: Path
) -> dict[str, int]:
    """How many services of many months each check would find under the law of one day: counts only,
    no code, no price, nothing written.

    For history older than the law that is held: the facts can be seen, a deduction cannot be
    computed.
    """
    features.prepare(connection, lake, months, folder)
    begin(connection)
    features.focus(connection, Interval(months[0].first, months[-1].last))
    for check in (check for check in ALL if all(lake.has(table) for table in check.needs)):
        find(connection, check, on, on)
    counts = dict(step_rows(connection, "findings_by_check"))
    return {
        check.slug: counts.get(check.slug, 0)
        for check in ALL
        if all(lake.has(table) for table in check.needs)
    }


def begin(connection: Connection) -> None:
    """Make the empty tables `raw_findings`, `findings` and `returns`."""
    for table in ("raw_findings", "findings", "returns"):
        make_empty(connection, table)


def price(connection: Connection, span: Interval, month: Month, found_on: date) -> None:
    """Turn the interval's raw findings into priced ones, and empty `raw_findings`."""
    if doubled := step_rows(connection, "doubled_findings"):
        raise AssertionError(f"{len(doubled)} services found twice by one check")
    run_step(connection, "located", day_of_norms=_day_of_norms(found_on))
    for step in ("norms_of_the_day", "priced"):
        run_step(connection, step)
    of, day = literal(str(month)), literal(found_on)
    by = literal(edition(ACT, law_day(span.last, found_on)).order)
    run_step(connection, "new_findings", month=of, edition=by, found_on=day)
    reasons = literals(check.slug for check in ALL if check.kind is Kind.RETURN)
    run_step(connection, "new_returns", month=of, found_on=day, reasons=reasons)
    make_empty(connection, "raw_findings")


def _day_of_norms(found_on: date) -> str:
    """SQL: the day on which a finding's norm is looked up: that on which the service ended, or that
    of the finding."""
    by_end = interpretation("edition_of_a_finding").choice == "service_ended_on"
    return "c.ended_on" if by_end else f"CAST({literal(found_on)} AS DATE)"


def _required() -> str:
    """SQL: the names of the required columns that are empty, after the table of required fields."""
    parts = []
    for line in page("qor.engine.checks", "required_fields.yaml"):
        where = [
            f"{column} IN ({literals(line[key])})"
            for key, column in (("forms", "care_form"), ("settings", "setting"))
            if key in line
        ]
        for column in line["columns"]:
            parts.append(
                f"CASE WHEN {' AND '.join([*where, f'{column} IS NULL'])} THEN '{column} "
                "' ELSE '' END"
            )
    return f"trim({' || '.join(parts)})"
