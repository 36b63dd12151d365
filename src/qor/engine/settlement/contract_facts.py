"""What the lake says of one contract on a day: its sums by funding and month, how long it runs in a
year, whether the provider had one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.limits import prepare_contracts
from qor.engine.storage.duck import Connection, connect, literal
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, run_step, step_rows
from qor.law.nouns.months import month_of

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """Sums of a year, by funding and month (0: of the year, no month named), in tenge; months that
    the contract covers; a contract of an earlier year."""

    sums: dict[tuple[str, int], Decimal]
    months: int
    earlier: bool

    @property
    def fundings(self) -> list[str]:
        """The sources of funding of its lines."""
        return sorted({funding for funding, _ in self.sums})

    def plan(self, funding: str | None = None, month: int | None = None) -> Decimal:
        """The sum of the year, or of a month of it; of one funding, or of all."""
        parts = (
            amount
            for (of, number), amount in self.sums.items()
            if (funding is None or of == funding) and (month is None or number == month)
        )
        return sum(parts, Decimal(0))


def contract_facts(lake: Lake, bin_: str, contract_no: str, year: int, on: date) -> ContractFacts:
    """A contract's facts for a year, as its agreements of a day say; no sums where no line of such
    a contract of the provider is in force then.

    Sources: 291/2020:8, 291/2020:11.
    """
    with connect() as connection:
        prepare_contracts(connection, lake, month_of(on), on)
        run_step(
            connection,
            "lines_of_contract",
            contract=literal(contract_no),
            provider=literal(bin_),
            year=literal(str(year)),
            on_day=literal(on),
        )
        rows = step_rows(connection, "sums_of_contract")
        sums = {(funding, number): Decimal(amount) for funding, number, amount in rows}
        return ContractFacts(sums, _months(connection, year), _earlier(connection, bin_, year))


def contract_exists(lake: Lake, bin_: str, contract_no: str, on: date) -> bool:
    """Whether the provider has, or ever had, a contract of that number by a day."""
    return bool(contract_fundings(lake, bin_, contract_no, on))


def contract_fundings(lake: Lake, bin_: str, contract_no: str, on: date) -> set[str]:
    """The sources of funding of a provider's contract by a day."""
    asked = {"contract": contract_no, "provider": bin_, "on_day": on}
    values = {name: literal(value) for name, value in asked.items()}
    with connect() as connection:
        make_view(connection, "contracts", source(lake, "contracts"))
        return {funding for (funding,) in step_rows(connection, "fundings_of_contract", **values)}


def _months(connection: Connection, year: int) -> int:
    """How many months of the year the lines cover: those that they name, and all from the first to
    the last day of a line that names none."""
    covered: set[int] = set()
    for number, first, last in step_rows(connection, "months_of_contract"):
        if number is not None:
            covered.add(number)
            continue
        begin = first.month if first.year == year else 1
        end = last.month if last is not None and last.year == year else _MONTHS
        covered |= set(range(begin, end + 1))
    return len(covered)


def _earlier(connection: Connection, bin_: str, year: int) -> bool:
    """Whether the provider had a contract in an earlier year."""
    first = literal(date(year, 1, 1))
    return bool(
        step_rows(connection, "earlier_contracts", provider=literal(bin_), year_first=first)
    )
