"""What of a month could not be paid, or not surely, since something was not loaded: a list by name,
for whoever can mend it."""

from __future__ import annotations

from datetime import date

from qor.engine.intake.lake_rows import source
from qor.engine.settlement.exceptions import find_shares_not_loaded
from qor.engine.settlement.values import complex_forms
from qor.engine.storage.duck import Connection, literal
from qor.engine.storage.lake import Lake
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
)
_NAMED = "provider_bin, contract_no, care_form, funding, service_month"


def list_unready(connection: Connection, lake: Lake, month: Month, closed_on: date) -> None:
    """`unready`: provider, contract, care form, funding, month, kind, what is missing, services and
    tenge that wait or are limited for it.

    Nothing else of the closing hangs on these rows. Sources: 291/2020:26, 291/2020:27, 291/2020:61,
    291/2020:76, 291/2020:78.
    """
    this = literal(str(month))
    find_shares_not_loaded(connection, lake, month)
    parts = [
        f"SELECT {_NAMED}, kind, what, 0 AS services, 0 AS amount FROM capitation_unready",
        f"""SELECT DISTINCT l.bin, l.contract_no, '', '', {this}, '', 'number_of_two_providers', 0,
            0 FROM contract_lines l SEMI JOIN shared_numbers s ON s.contract_no = l.contract_no""",
        f"""SELECT a.provider_bin, a.contract_no, '', '', {this}, '', 'provider_not_listed',
            sum(a.services), sum(a.claimed) FROM act_lines a
            ANTI JOIN (SELECT bin FROM ({source(lake, "providers")})) p ON p.bin = a.provider_bin
            GROUP BY ALL""",
        f"""SELECT {_NAMED}, '', 'no_sum', count(*), sum(held) FROM settled WHERE reason = 'no_sum'
            GROUP BY ALL""",
        """SELECT w.provider_bin, w.contract_no, w.care_form, w.funding, w.service_month, '',
            'no_sum', count(*), sum(w.amount)
            FROM waiting w SEMI JOIN sums_missing q ON q.contract_no = w.contract_no
                AND q.care_form = w.care_form AND q.funding = w.funding
             AND q.service_month = w.service_month GROUP BY ALL""",
        f"""SELECT l.bin, l.contract_no, l.care_form, l.funding, {this}, '', 'line_without_sum', 0,
            0 FROM contract_lines l
            WHERE l.amount IS NULL AND (l.month = {this} OR (l.month IS NULL
                AND NOT EXISTS (SELECT 1 FROM sums_held h WHERE h.contract_no = l.contract_no
              AND h.care_form = l.care_form AND h.funding = l.funding)))
              AND l.valid_from <= {literal(month.last)} AND (l.valid_to IS NULL
                  OR l.valid_to >= {literal(month.first)}) GROUP BY ALL""",
        _complex_without_norm(this),
        f"""SELECT {_NAMED}, '', 'scale_not_loaded', count(*), sum(beyond) FROM settled
            WHERE reason = 'scale_not_loaded' GROUP BY ALL""",
        """SELECT s.provider_bin, s.contract_no, s.care_form, s.funding, s.service_month, '',
            'share_not_loaded', count(*), sum(s.beyond)
            FROM settled s JOIN ways w ON w.care_form = s.care_form AND w.scale = 'inpatient'
            SEMI JOIN shares_not_loaded n ON n.bin = s.provider_bin
            WHERE s.reason IN ('above_month', 'scale_not_loaded') GROUP BY ALL""",
        f"""SELECT a.provider_bin, a.contract_no, '', '', {this}, '', 'no_bank_account', 0,
            sum(a.accepted) FROM act_lines a
            ANTI JOIN (SELECT bin FROM ({source(lake, "bank_accounts")}) WHERE iban IS NOT NULL
                AND valid_from <= {literal(closed_on)}
                       AND (valid_to IS NULL OR valid_to >= {literal(closed_on)})) b
                           ON b.bin = a.provider_bin
            WHERE a.contract_no <> '' GROUP BY ALL HAVING sum(a.accepted) > 0""",
        f"""SELECT provider_bin, contract_no, care_form, '', {this}, '', 'no_co_execution',
            sum(services), sum(accepted) FROM co_executors
            WHERE co_contract_no = '' AND contract_no <> '' GROUP BY ALL""",
    ]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE unready AS SELECT DISTINCT * FROM "
        f"({' UNION ALL '.join(parts)})"
    )


def _complex_without_norm(this: str) -> str:
    """Forms paid by a complex tariff of whose provider no tariff is there: their patients are worth
    nothing until it is."""
    forms = ", ".join(literal(form) for form in complex_forms())
    return f"""SELECT t.provider_bin, t.contract_no, t.care_form, t.funding, {this}, '', 'no_norm',
        sum(t.n), 0 FROM totals t
        ANTI JOIN tariffs_of n ON n.bin = t.provider_bin AND n.care_form = t.care_form
        WHERE t.care_form IN ({forms}) AND t.contract_no <> '' GROUP BY ALL"""
