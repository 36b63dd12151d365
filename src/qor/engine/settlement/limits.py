"""What contracts allow: a month's sum of each line, the linear scale above it, the year's sum,
December's mean (291/2020:24, 27, 61, 76)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.exceptions import LeftAlone, days_of_its_month, of_its_month
from qor.engine.storage.duck import Connection, connect, literal, literals
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import fill, make_view, run_step, step_rows
from qor.law.nouns.money import round_tenge
from qor.law.nouns.months import Month, month_of
from qor.law.nouns.months import month as parse_month
from qor.law.reading.interpretations import interpretation
from qor.law.rules.scales import Band
from qor.law.rules.ways_of_paying import EXCEPTED

_WIDE = "DECIMAL(38,2)"
_EXACT = "DECIMAL(38,8)"
_ELEVEN = 11
WHOLE_YEAR = ""
# The bands of a linear scale by its name and the month in which they hold.
Bands = dict[tuple[str, str], tuple[Band, ...]]


def prepare_contracts(
    connection: Connection,
    lake: Lake,
    month: Month,
    closed_on: date,
    unscaled: dict[str, LeftAlone] | None = None,
) -> None:
    """Make `contract_lines` (each line as the latest agreement in force on the closing day says),
    `contract_forms`, `line_plans`, `year_plans`.

    What a contract covers on a day is what any of its rows covers that day; only its sums follow
    later agreements. `unscaled`: by month what the scale leaves alone. The sum of a line is no part
    of what the scale compares where all that the line pays for is left alone: in every setting, on
    each day of its month (interpretation scale_exceptions_and_the_sum). A line of which something
    is touched keeps its whole sum for that. `sums_held`: the lines that have a sum for a month, or
    for the year without a distribution by month; none of a number that two providers have in one
    year or on one day (the services of both wait, `shared_numbers`); a number may begin anew with
    a year.

    Sources: 291/2020:3, 291/2020:13, 291/2020:14, 291/2020:27, 291/2020:28, 291/2020:76,
    291/2020:78.
    """
    on = literal(closed_on)
    make_view(connection, "contracts", source(lake, "contracts"))
    run_step(connection, "contract_lines", closed_on=on)
    run_step(
        connection,
        "contract_forms",
        month_first=literal(month.first),
        month_last=literal(month.last),
    )
    run_step(connection, "contract_begins", closed_on=on)
    run_step(connection, "shared_numbers")
    asked = {} if counted_first() == "TRUE" else unscaled or {}
    run_step(connection, "contract_services", days=days_of_its_month(asked))
    run_step(connection, "line_plans", left_alone=of_its_month(asked))
    run_step(connection, "sums_held")
    run_step(connection, "year_plans")


def counted_first() -> str:
    """SQL: whether services that the scale leaves alone use the month's sum up first
    (interpretation scale_exceptions_and_the_sum)."""
    return (
        "TRUE"
        if interpretation("scale_exceptions_and_the_sum").choice == "counted_first"
        else "FALSE"
    )


def find_missing_sums(connection: Connection, month: Month) -> None:
    """`sums_missing`: contract lines that cover care in the month, or of services held before, and
    have no sum for it: nothing bounds them.

    Their services wait until the sum is there; they are neither paid without a limit nor paid
    nothing. Sources: 291/2020:27, 291/2020:28.
    """
    run_step(connection, "sums_missing", month=literal(str(month)))


@dataclass(slots=True)
class YearPlan:
    """The sums of a contract line by month, in tenge; under `WHOLE_YEAR` what is not distributed by
    month, which holds from `since`."""

    sums: dict[str, Decimal] = field(default_factory=dict)
    since: date | None = None

    @property
    def first(self) -> Month | None:
        """The first month for which the line has a sum: one of July has no pace in January."""
        months = [parse_month(name) for name, amount in self.sums.items() if name and amount]
        if self.since is not None:
            months.append(month_of(self.since))
        return min(months, default=None)


def plans_of_year(lake: Lake, of: Month) -> dict[tuple[str, str, str, str], YearPlan]:
    """The sums of each contract line (contract, BIN, care form, funding) in a month's year, as
    agreements in force on its last day say."""
    with connect() as connection:
        prepare_contracts(connection, lake, of, of.last)
        months, year = literal(f"{of.year}-%"), literal(of.year)
        sums = step_rows(connection, "plans_of_year", months=months, year=year)
    plans: dict[tuple[str, str, str, str], YearPlan] = defaultdict(YearPlan)
    for contract, bin_, form, funding, name, amount, since in sums:
        plan = plans[contract, bin_, form, funding]
        plan.sums[name or WHOLE_YEAR] = Decimal(amount)
        if not name and amount:
            plan.since = since
    return plans


def map_contracts(connection: Connection, services: str) -> None:
    """Make `contract_map` of a table of services (provider_bin, named, care_form, funding, day):
    `contract_no`, and whether several covered it unnamed.

    The contract of a service is the one it names, if a row of it covers the form of care and
    funding on its day; else the only one that does; else ''. Where several do and it names none of
    them: interpretation service_of_several_contracts. Sources: 291/2020:15, 291/2020:21.
    """
    if interpretation("service_of_several_contracts").choice == "first_by_number":
        unnamed = "min(f.contract_no)"
    else:
        unnamed = "CASE WHEN count(DISTINCT f.contract_no) = 1 THEN min(f.contract_no) END"
    run_step(connection, "contract_map", services=services, unnamed=unnamed)


def bands_of(connection: Connection, lake: Lake, months: Iterable[Month]) -> Bands:
    """The bands of each linear scale (scale, month) in force on the last day of each month; a scale
    that was not loaded has none. A service set free later is held to the scale of its own month."""
    bands: Bands = {}
    make_view(connection, "scales", source(lake, "scales"))
    for of in months:
        in_force = step_rows(connection, "scale_bands", on_day=literal(of.last))
        for scale, over_from, over_to, paid in in_force:
            key = (scale, str(of))
            bands[key] = (*bands.get(key, ()), Band(over_from, over_to, paid))
    return bands


def months_of_lines(connection: Connection, month: Month) -> list[Month]:
    """The month of a closing and those of the services that wait, oldest first."""
    waiting = step_rows(connection, "waiting_months")
    return sorted({month, *(parse_month(name) for (name,) in waiting)})


def write_caps(connection: Connection, month: Month) -> None:
    """Put the most of December into `caps`: the mean of what was accepted for January to November
    (column `cap` comes as their sum).

    A contract younger than eleven months: interpretation december_mean_of_a_young_contract; one of
    which nothing was accepted by then: december_mean_of_nothing.
    Sources: 291/2020:24.
    """
    young = interpretation("december_mean_of_a_young_contract").choice == "months_of_the_contract"
    caps: list[tuple[str, str, Decimal]] = []
    for contract, december, total, since in step_rows(connection, "caps_of_contracts"):
        months = _ELEVEN
        if young and since is not None and str(since.year) == december[:4]:
            months = max(_ELEVEN + 1 - since.month, 1)
        caps.append((contract, december, round_tenge(Decimal(total) / months)))
    fill(connection, "caps", caps)
    bound = interpretation("december_mean_of_nothing").choice == "nothing_in_december"
    if month.number == _ELEVEN + 1 and bound:
        this, first = literal(str(month)), literal(month.first)
        run_step(connection, "caps_of_nothing", month=this, month_first=first)


def payable_sql(total: str, plan: str, scale: str, bands: Bands) -> str:
    """SQL: how much of a total a line pays, half-up to 0.01: `payable` of the law for columns.
    `total`, `plan`, `scale` are SQL.

    A plan that is NULL, or a form of care excepted from the scale (291/2020:78), is no limit; nor
    is the month's sum in forms without a scale where counsel reads it so (interpretation
    month_sum_without_scale). Sources: 291/2020:27, 291/2020:41, 291/2020:61, 291/2020:76.
    """
    free = (
        [EXCEPTED, ""]
        if interpretation("month_sum_without_scale").choice == "year_only"
        else [EXCEPTED]
    )
    above = " ".join(
        f"WHEN {scale} = {literal(name)} AND service_month = {literal(of)} "
        f"THEN {_above(total, plan, line_bands)}"
        for (name, of), line_bands in bands.items()
    )
    scaled = f"CASE {above} ELSE 0 END" if above else "0"
    return f"""CASE WHEN {plan} IS NULL OR {scale} IN ({literals(free)}) OR {total} <= {plan}
        THEN CAST({total} AS {_WIDE})
        ELSE CAST(round(CAST({plan} AS {_EXACT}) + {scaled}, 2) AS {_WIDE}) END"""


def _above(total: str, plan: str, bands: tuple[Band, ...]) -> str:
    terms = []
    for band in bands:
        width = (
            f"greatest(coalesce(({total}) - CAST({plan} * CAST({band.over_from + 1} AS "
            f"DECIMAL(9,6)) AS {_EXACT}), 0), 0)"
        )
        if band.over_to is not None:
            most = (
                f"CAST({plan} * CAST({band.over_to - band.over_from} AS DECIMAL(9,6)) AS {_EXACT})"
            )
            width = f"least({width}, coalesce({most}, 0))"
        terms.append(f"CAST({width} AS DECIMAL(28,8)) * CAST({band.paid} AS DECIMAL(9,6))")
    return f"CAST({' + '.join(terms)} AS {_EXACT})"
