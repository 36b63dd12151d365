"""The ledger's entries of an act: of its lines and of its deductions."""

from __future__ import annotations

from qor.workflow.acts.models import ActLine, Deduction
from qor.workflow.ledger.entries import Entry
from qor.workflow.ledger.postings import Account


def line_entry(line: ActLine, provider_id: int, act_id: int, contract_no: str) -> Entry:
    """The entry of an act's line: what was billed, or held before, is examined and becomes
    returned, held, beyond the contract or payable; what is disallowed is posted case by case.
    """
    moves = (
        (Account.CARE, Account.CLAIMS, line.claimed),
        (Account.HELD, Account.CLAIMS, line.released),
        (Account.CLAIMS, Account.CARE, line.returned),
        (Account.CLAIMS, Account.HELD, line.held),
        (Account.CLAIMS, Account.BEYOND, line.beyond),
        (Account.CLAIMS, Account.PAYABLE, line.accepted),
    )
    cause = f"line:{line.care_form}:{line.funding}:{line.service_month}" + (
        f":{line.kind}" if line.kind else ""
    )
    return Entry(moves, provider_id, contract_no, line.funding, act_id, cause)


def deduction_entry(deduction: Deduction) -> Entry:
    """The entry of a deduction: so much of the bill is not paid, so much of what was paid is owed
    back, and so much is owed beside."""
    owed = deduction.taken_back + deduction.sanction
    moves = (
        (Account.CLAIMS, Account.DISALLOWED, deduction.disallowed),
        (Account.OWED, Account.SANCTIONS, owed),
    )
    cause = (
        f"case:{deduction.case_id}"
        if deduction.case_id
        else f"{deduction.reason}:{deduction.service_id}"
    )
    return Entry(
        moves,
        deduction.provider_id,
        deduction.contract_no,
        deduction.funding,
        deduction.act_id,
        cause,
    )
