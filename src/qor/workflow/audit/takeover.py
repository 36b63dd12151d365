"""Taking over, once, a database whose journal was begun without a key, or whose rows no journal
told of."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qor.law.nouns.refusals import Refusal
from qor.workflow.audit.batches import Batch
from qor.workflow.audit.journal import TAKEN_OVER, entry_hash, record
from qor.workflow.audit.key import journal_key, key_id
from qor.workflow.audit.models import Entry, Head
from qor.workflow.audit.sealed_rows import digests, row_name, sealed_models


class JournalIsKeyed(Refusal):
    """The journal is keyed already: there is nothing to take over."""

    key = "journal_is_keyed"


class OldJournalBroken(Refusal):
    """The old journal is broken: it is not taken over as if it were whole."""

    key = "old_journal_broken"


def take_over_journal(*, by: str, at: datetime) -> Entry:
    """Go on with a keyed journal where an unkeyed one was: it must be whole, its last hash and
    every row as it stands now are taken into one entry.

    JournalIsKeyed, OldJournalBroken, JournalKeyMissing.
    """
    key = journal_key(make=True)
    with transaction.atomic():
        head = Head.objects.select_for_update().get(id=1)
        if head.key_id:
            raise JournalIsKeyed()
        _check_old(head)
        Head.objects.filter(id=1).update(key_id=key_id(key))
        batch = Batch()
        for model in sealed_models():
            batch.add_lines([f"{row_name(model, pk)} {digest}" for pk, digest in digests(model)])
        facts = {"entries": head.number, "hash": head.hash}
        return record(by=by, at=at, verb=TAKEN_OVER, subject="journal", facts=facts, batch=batch)


def _check_old(head: Head) -> None:
    previous, expected = "", 1
    for entry in Entry.objects.order_by("number").iterator():
        digest = entry_hash(None, entry)
        if (entry.number, entry.previous, entry.hash) != (expected, previous, digest):
            raise OldJournalBroken(number=expected)
        previous, expected = entry.hash, expected + 1
    if (head.number, head.hash) != (expected - 1, previous):
        raise OldJournalBroken(number=expected)
