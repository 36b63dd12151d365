"""Writing the journal and proving it whole."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from qor.workflow.audit.models import Entry, Head


def record(*, by: str, at: datetime, verb: str, subject: str, facts: dict[str, Any] | None = None) -> Entry:
    """Write one entry at the end of the chain, inside the caller's transaction: what it tells of happens with it or not at all."""
    if transaction.get_connection().in_atomic_block is False:
        raise AssertionError("the journal is written inside the transaction of what it tells of")
    head = Head.objects.select_for_update().get(id=1)
    told = facts or {}
    number = head.number + 1
    digest = _hash(number, at, by, verb, subject, told, head.hash)
    entry = Entry(number=number, at=at, by=by, verb=verb, subject=subject, facts=told, previous=head.hash, hash=digest)
    entry.save(force_insert=True)
    Head.objects.filter(id=1).update(number=number, hash=digest)
    return entry


def record_apart(*, by: str, at: datetime, verb: str, subject: str, facts: dict[str, Any] | None = None) -> Entry:
    """Write one entry in a transaction of its own, of something that the lake's log holds already."""
    with transaction.atomic():
        return record(by=by, at=at, verb=verb, subject=subject, facts=facts)


def broken_at() -> int | None:
    """The number of the first entry that is missing, altered or out of its chain; None where the journal is whole."""
    previous, expected = "", 1
    for entry in Entry.objects.order_by("number").iterator():
        digest = _hash(entry.number, entry.at, entry.by, entry.verb, entry.subject, entry.facts, previous)
        if entry.number != expected or entry.previous != previous or entry.hash != digest:
            return expected
        previous, expected = entry.hash, expected + 1
    head = Head.objects.get(id=1)
    return None if (head.number, head.hash) == (expected - 1, previous) else expected


def _hash(number: int, at: datetime, by: str, verb: str, subject: str, facts: dict[str, Any], previous: str) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    told = json.dumps([number, moment, by, verb, subject, facts, previous], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
