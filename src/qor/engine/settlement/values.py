"""What each service is worth in an act, by its way of paying, and the sums paid per capita
(291/2020:39, 47, 47-1, 63, 70).

A service of a form paid per capita is worth nothing by itself; one of a form with a complex tariff
carries the tariff once for each patient of the month; all others their billed amount.
"""

from __future__ import annotations

from pathlib import Path

from qor.engine.checks import entitlements
from qor.engine.intake.lake_rows import rows_of_parts, source
from qor.engine.storage.duck import Connection, literal, literals
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import fill, make_view, run_step, step_rows
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.months import Month, year_upto
from qor.law.rules.deductions import norm_kinds
from qor.law.rules.ways_of_paying import Way, ways_of_paying

_MONEY = "DECIMAL(18,2)"


def prepare_values(
    connection: Connection, lake: Lake, month: Month, folder: Path, unscaled: str = "FALSE"
) -> None:
    """Make `ways`, `coefficient_lines`, `raw_rows` and `billed_rows` (services), `tariffs_of` (norm
    of each provider and form).

    `unscaled` is the condition of `exceptions.unscaled_by_month`: a column of each row, computed
    where it is read.
    """
    lines = [(w.care_form.value, w.way.value, w.scale) for w in ways_of_paying()]
    fill(connection, "ways", lines)
    make_view(connection, "closed_services", source(lake, "services", [month]))
    run_step(connection, "raw_rows", unscaled=unscaled)
    run_step(connection, "billed_rows")
    make_view(connection, "coefficients", source(lake, "coefficients"))
    entitlements.prepare(connection, folder)
    make_norms(connection, lake, month)


def priced(row: str, kind: str = _MONEY) -> str:
    """SQL: the worth of a service `row` in tenge, but for complex tariffs, which are nothing here:
    patients carry them. Sources: 291/2020:63."""
    free = [
        f"({row}.care_form = {literal(w.care_form.value)}{_not_in(row, w.priced_settings)})"
        for w in ways_of_paying()
        if w.way is Way.PER_CAPITA
    ]
    return f"""CAST(CASE WHEN {" OR ".join(free)} OR {row}.care_form IN
        ({literals(forms_of(Way.COMPLEX))}) THEN 0 ELSE {row}.amount END AS {kind})"""


def complex_forms() -> list[str]:
    """The forms of care paid by a complex tariff."""
    return forms_of(Way.COMPLEX)


def never_served(connection: Connection, lake: Lake, year: int) -> list[tuple[str, str, int, int]]:
    """BIN, month, people with and without contributions: attached in the month and on the year's
    last day, served by their provider in none of it.

    Reads the year's services once. Who was attached elsewhere after the year ended stands where
    December's closing found him. Sources: 291/2020:47-1.
    """
    months = year_upto(Month(year, 12))
    _make_people_of_december(connection, lake, months[-1])
    make_view(connection, "year_services", source(lake, "services", months))
    make_view(connection, "insured", source(lake, "insured"))
    run_step(connection, "unserved", year_last=literal(months[-1].last))
    people: list[tuple[str, str, int, int]] = []
    for of in months:
        on, this = literal(of.last), literal(str(of))
        people += step_rows(connection, "unserved_in_month", month=this, on_day=on)
    return people


def _make_people_of_december(connection: Connection, lake: Lake, december: Month) -> None:
    """`people_of_december`: the population register as it says now, but for those who were attached
    elsewhere since December was closed."""
    make_view(connection, "people_now", source(lake, "people"))
    freeze = lake.last_of(december, "freeze")
    then = lake.parts("people", upto=freeze.number) if freeze else []
    make_view(connection, "people_then", rows_of_parts(lake, "people", then))
    run_step(connection, "people_of_december", year_last=literal(december.last))


def make_norms(connection: Connection, lake: Lake, month: Month) -> None:
    """`tariffs_of`: the provider's own norm before the general one, the first kind of norm that
    there is, on the month's last day."""
    kinds = [
        (form.value, rank, kind) for form in CareForm for rank, kind in enumerate(norm_kinds(form))
    ]
    fill(connection, "norm_ranks", kinds)
    for table in ("providers", "norms"):
        make_view(connection, table, source(lake, table))
    run_step(connection, "tariffs_of", on_day=literal(month.last))


def forms_of(way: Way) -> list[str]:
    """The forms of care paid in a way."""
    return [w.care_form.value for w in ways_of_paying() if w.way is way]


def _not_in(row: str, settings: tuple[str, ...]) -> str:
    return f" AND coalesce({row}.setting, '') NOT IN ({literals(settings)})" if settings else ""
