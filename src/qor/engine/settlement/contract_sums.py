"""What each contract comes to, all its lines together, as its latest agreements say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qor.engine.intake.lake_rows import source
from qor.engine.storage.duck import connect, literal
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, run_step, step_rows


def contract_sums(lake: Lake, on: date) -> dict[tuple[str, str], Decimal]:
    """The whole sum of each contract in the year of a day, in tenge by BIN and number, by the
    agreements that began by that day; a contract without any sum is left out.

    Each year is by itself, whether its sums are given by month or by the year alone.

    A number is a provider's own: two providers may have contracts of the same number.

    Sources: 291/2020:13, 291/2020:14, 321/2020:10.
    """
    with connect() as connection:
        make_view(connection, "contracts", source(lake, "contracts"))
        run_step(connection, "contract_lines", closed_on=literal(on))
        sums = step_rows(connection, "contract_sums", of_year=literal(str(on.year)))
    return {(bin_, number): Decimal(amount) for bin_, number, amount in sums}
