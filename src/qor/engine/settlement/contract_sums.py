"""What each contract comes to, all its lines together, as its latest agreements say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qor.engine.intake.lake_rows import source
from qor.engine.storage.duck import connect, literal
from qor.engine.storage.lake import Lake


def contract_sums(lake: Lake, on: date) -> dict[tuple[str, str], Decimal]:
    """The whole sum of each contract in tenge by BIN and number, by the agreements that began by a
    day; a contract without any sum is left out.

    A number is a provider's own: two providers may have contracts of the same number.

    Sources: 291/2020:13, 291/2020:14, 321/2020:10.
    """
    with connect() as connection:
        found = connection.execute(f"""SELECT bin, contract_no, CAST(sum(amount) AS DECIMAL(38, 2))
            FROM (
            SELECT *, row_number() OVER (PARTITION BY contract_no, bin, care_form, funding,
                coalesce(service_code, '*'), month
                                         ORDER BY valid_from DESC, line DESC) AS nth
            FROM ({source(lake, "contracts")}) WHERE valid_from <= {literal(on)})
            WHERE nth = 1 AND amount IS NOT NULL GROUP BY bin, contract_no""").fetchall()
    return {(bin_, number): Decimal(amount) for bin_, number, amount in found}
