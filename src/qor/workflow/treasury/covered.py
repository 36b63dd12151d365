"""What of the rows of treasury the ledger seals, marks and guards."""

from __future__ import annotations

from qor.workflow.guards import Fixed
from qor.workflow.ledger.covering import Covered, Part

_COLUMNS = {
    "treasury_order": (
        "id act_id advance_id provider_id contract_no funding amount bank_day iban bic state "
        "repeats_id file_id"
    ),
    "treasury_bankfile": "id sha256 kind bank_day number at by",
}
COVERED = Covered(
    app="treasury",
    layouts=(_COLUMNS,),
    sealed=("bankfile",),
    marked={"order": (Part("order"),)},
    changing={
        "treasury_order": (
            Fixed(
                (
                    "id",
                    "act_id",
                    "advance_id",
                    "provider_id",
                    "contract_no",
                    "funding",
                    "amount",
                    "bank_day",
                    "iban",
                    "bic",
                )
            ),
            Fixed(("file_id",), "OLD.file_id IS NOT NULL"),
        )
    },
)
