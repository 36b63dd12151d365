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


def deduction_entry(made: Deduction) -> Entry:
    """The entry of a deduction: so much of the bill is not paid, so much of what was paid is owed
    back, and so much is owed beside."""
    owed = made.taken_back + made.sanction
    moves = (
        (Account.CLAIMS, Account.DISALLOWED, made.disallowed),
        (Account.OWED, Account.SANCTIONS, owed),
    )
    cause = f"case:{made.case_id}" if made.case_id else f"{made.reason}:{made.service_id}"
    return Entry(moves, made.provider_id, made.contract_no, made.funding, made.act_id, cause)
