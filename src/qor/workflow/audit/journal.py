"""Writing the journal and proving its chain."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import transaction

from qor.law.nouns.refusals import Refusal
from qor.workflow.audit.batches import Batch
from qor.workflow.audit.key import WrongJournalKey, journal_key, key_id
from qor.workflow.audit.models import Entry, Head
from qor.workflow.audit.outside import PUBLISHED, publish
from qor.workflow.audit.sealed_rows import take_touched

TAKEN_OVER = "take_over_journal"
_SEALS_IN_AN_ENTRY = 50


class JournalIsOld(Refusal):
    """The journal was begun without a key: it is taken over once, by a command, or not written at
    all."""

    key = "journal_is_old"


def record(
    *,
    by: str,
    at: datetime,
    verb: str,
    subject: str,
    facts: dict[str, Any] | None = None,
    batch: Batch | None = None,
) -> Entry:
    """Write one entry at the end of the chain, inside the caller's transaction: what it tells of
    happens with it or not at all.

    The entry takes in the sha256 of every sealed row that the transaction changed since its last
    entry, and the list `batch` of rows inserted in bulk. JournalKeyMissing, JournalKeyOpen,
    WrongJournalKey, JournalIsOld.
    """
    if transaction.get_connection().in_atomic_block is False:
        raise AssertionError("the journal is written inside the transaction of what it tells of")
    stated, seals = facts or {}, _sealed(batch)
    head = Head.objects.select_for_update().get(id=1)
    key = _key_of(head)
    number = head.number + 1
    entry = Entry(
        number=number,
        at=at,
        by=by,
        verb=verb,
        subject=subject,
        facts=stated,
        seals=seals,
        previous=head.hash,
    )
    entry.hash = digest = entry_hash(key, entry)
    entry.save(force_insert=True)
    Head.objects.filter(id=1).update(number=number, hash=digest, key_id=key_id(key))
    if verb in PUBLISHED:
        transaction.on_commit(partial(publish, verb, at), robust=True)
    return entry


def record_apart(
    *, by: str, at: datetime, verb: str, subject: str, facts: dict[str, Any] | None = None
) -> Entry:
    """Write one entry in a transaction of its own, of something that the lake's log holds
    already."""
    with transaction.atomic():
        return record(by=by, at=at, verb=verb, subject=subject, facts=facts)


def proving_key() -> bytes:
    """The key, if it is the one that the journal was made with. JournalKeyMissing, JournalKeyOpen,
    WrongJournalKey."""
    head = Head.objects.filter(id=1).first()
    key = journal_key(make=head is None or head.number == 0)
    if head is not None and head.key_id and head.key_id != key_id(key):
        raise WrongJournalKey()
    return key


def check_key() -> None:
    """Refuse to run over a journal that cannot be gone on with. JournalKeyMissing, JournalKeyOpen,
    WrongJournalKey, JournalIsOld."""
    _key_of(Head.objects.get(id=1))


def chain(key: bytes) -> Iterator[tuple[Entry, bool]]:
    """Every entry in order, and whether it stands where it was written and as it was; after the
    first that does not, nothing."""
    previous, expected, old = "", 1, _taken_over_at()
    for entry in Entry.objects.order_by("number").iterator():
        with_key = None if old and entry.number < old else key
        digest = entry_hash(with_key, entry)
        whole = (entry.number, entry.previous, entry.hash) == (expected, previous, digest)
        yield entry, whole
        if not whole:
            return
        previous, expected = entry.hash, expected + 1


def broken_at() -> int | None:
    """The number of the first entry that is missing, altered or out of its chain; None where the
    chain is whole."""
    last, last_hash = 0, ""
    for entry, whole in chain(proving_key()):
        if not whole:
            return last + 1
        last, last_hash = entry.number, entry.hash
    head = Head.objects.filter(id=1).first()
    return None if head is not None and (head.number, head.hash) == (last, last_hash) else last + 1


def entry_hash(key: bytes | None, entry: Entry) -> str:
    """The hash of an entry: HMAC-SHA256 under the key; without one, as journals were begun before
    there was a key, SHA-256 (empty for one with seals)."""
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = [entry.number, moment, entry.by, entry.verb, entry.subject, entry.facts, entry.previous]
    if key is None and entry.seals:
        return ""
    if key is None:
        return hashlib.sha256(_bytes(parts)).hexdigest()
    return hmac.digest(key, _bytes([*parts, entry.seals]), "sha256").hex()


def _bytes(parts: list[Any]) -> bytes:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()


def _taken_over_at() -> int | None:
    """The number of the entry that took over a journal begun without a key: what it says is proved
    with the key like any other."""
    first = Entry.objects.filter(verb=TAKEN_OVER).order_by("number").first()
    return (
        first.number
        if first is not None and first.facts.get("entries") == first.number - 1
        else None
    )


def _key_of(head: Head) -> bytes:
    key = journal_key(make=head.number == 0)
    if head.number and not head.key_id:
        raise JournalIsOld()
    if head.key_id and head.key_id != key_id(key):
        raise WrongJournalKey()
    return key


def _sealed(batch: Batch | None) -> dict[str, Any]:
    """The seals of what the transaction changed: in the entry, or in a list beside it where they
    are many."""
    seals, marks = take_touched()
    facts: dict[str, Any] = {}
    if len(seals) > _SEALS_IN_AN_ENTRY:
        batch = batch or Batch()
        batch.add_seals(seals)
    elif seals:
        facts["seals"] = seals
    if batch is not None:
        facts["sealed"] = batch.facts()
    for mark in marks:
        mark.recorded = True
    return facts
