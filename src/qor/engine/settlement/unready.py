"""What of a month could not be paid, or not surely, since something was not loaded: a list by name,
for whoever can mend it."""

from __future__ import annotations

from datetime import date

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.exceptions import find_shares_not_loaded
from qor.engine.settlement.values import complex_forms
from qor.engine.storage.duck import Connection, literal, literals
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, run_step
from qor.law.nouns.months import Month

# Why, in the order of the list; each has its sentence in the catalogue of messages (unready.…).
REASONS = (
    "provider_not_listed",
    "number_of_two_providers",
    "no_sum",
    "line_without_sum",
    "no_norm",
    "no_attached",
    "counted_from_register",
    "several_contracts",
    "no_contract",
    "scale_not_loaded",
    "share_not_loaded",
    "no_bank_account",
    "no_co_execution",
    "report_changed",
    "loaded_late",
    "recalculated_by_hand",
)


def list_unready(connection: Connection, lake: Lake, month: Month, closed_on: date) -> None:
    """`unready`: provider, contract, care form, funding, month, kind, what is missing, services and
    tenge that wait or are limited for it.

    Nothing else of the closing hangs on these rows. Sources: 291/2020:26, 291/2020:27, 291/2020:61,
    291/2020:76, 291/2020:78.
    """
    find_shares_not_loaded(connection, lake, month)
    make_view(connection, "bank_accounts", source(lake, "bank_accounts"))
    run_step(
        connection,
        "unready",
        month=literal(str(month)),
        month_first=literal(month.first),
        month_last=literal(month.last),
        closed_on=literal(closed_on),
        complex_forms=literals(complex_forms()),
    )
