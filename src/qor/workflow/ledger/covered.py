"""What of the rows of ledger the ledger seals, marks and guards."""

from __future__ import annotations

from qor.workflow.ledger.covering import Covered

_COLUMNS = {
    "ledger_posting": (
        "id entry debit credit provider_id contract_no funding act_id amount cause at"
    ),
    "ledger_mark": "id subject row layout digest",
}
COVERED = Covered(
    app="ledger", layouts=(_COLUMNS,), sealed=("posting", "mark"), keys={"ledger_seal": "number"}
)
