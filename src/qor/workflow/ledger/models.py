"""The rows of the ledger: postings, its head, seals and marks."""

from qor.workflow.ledger.postings import Account, LedgerHead, Posting
from qor.workflow.ledger.seals import Mark, Seal

__all__ = ["Account", "LedgerHead", "Mark", "Posting", "Seal"]
