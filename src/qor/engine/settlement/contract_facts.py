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
        own = (
            f"FROM contract_lines WHERE contract_no = {literal(contract_no)} AND bin = "
            f"{literal(bin_)}"
        )
        held = f"""{own} AND coalesce(substr(month, 1, 4), CAST(year(valid_from) AS VARCHAR)) =
            '{year}'
            AND EXISTS (SELECT 1 {own} AND (valid_to IS NULL OR valid_to >= {literal(on)}))"""
        rows = connection.execute(
            "SELECT funding, coalesce(CAST(substr(month, 6, 2) AS INTEGER), 0), "
            f"sum(amount) {held} AND amount IS NOT NULL GROUP BY ALL"
        ).fetchall()
        sums = {(funding, number): Decimal(amount) for funding, number, amount in rows}
        return ContractFacts(
            sums, _months(connection, held, year), _earlier(connection, lake, bin_, year)
        )


def contract_exists(lake: Lake, bin_: str, contract_no: str, on: date) -> bool:
    """Whether the provider has, or ever had, a contract of that number by a day."""
    query = f"""SELECT count(*) FROM ({source(lake, "contracts")})
        WHERE contract_no = {literal(contract_no)} AND bin = {literal(bin_)}
            AND valid_from <= {literal(on)}"""
    with connect() as connection:
        return bool(connection.execute(query).fetchall()[0][0])


def contract_fundings(lake: Lake, bin_: str, contract_no: str, on: date) -> set[str]:
    """The sources of funding of a provider's contract by a day."""
    query = f"""SELECT DISTINCT funding FROM ({source(lake, "contracts")})
        WHERE contract_no = {literal(contract_no)} AND bin = {literal(bin_)}
            AND valid_from <= {literal(on)}"""
    with connect() as connection:
        return {funding for (funding,) in connection.execute(query).fetchall()}


def _months(connection: Connection, held: str, year: int) -> int:
    """How many months of the year the lines cover: those that they name, and all from the first to
    the last day of a line that names none."""
    rows = connection.execute(
        f"SELECT DISTINCT CAST(substr(month, 6, 2) AS INTEGER), valid_from, valid_to {held}"
    ).fetchall()
    covered: set[int] = set()
    for number, first, last in rows:
        if number is not None:
            covered.add(number)
            continue
        begin = first.month if first.year == year else 1
        end = last.month if last is not None and last.year == year else _MONTHS
        covered |= set(range(begin, end + 1))
    return len(covered)


def _earlier(connection: Connection, lake: Lake, bin_: str, year: int) -> bool:
    """Whether the provider had a contract in an earlier year."""
    query = (
        f"SELECT count(*) FROM ({source(lake, 'contracts')}) WHERE bin = {literal(bin_)} AND "
        f"valid_from < DATE '{year}-01-01'"
    )
    return bool(connection.execute(query).fetchall()[0][0])
