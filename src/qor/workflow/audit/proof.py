"""Proving the journal and what it tells of: the chain, the head here and outside, every sealed row,
the files beside the steps, the triggers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from qor.engine.storage.lake import sha256_of
from qor.workflow.append_only import unguarded
from qor.workflow.audit.batches import Seals, read_batch
from qor.workflow.audit.journal import chain, proving_key
from qor.workflow.audit.models import Entry, Head, SealedBatch
from qor.workflow.audit.outside import PUBLISHED, OutsideHead, outside_heads, places
from qor.workflow.audit.sealed_rows import GONE, digests, row_name, sealed_models

RESTORED = "restore"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was: its kind (a sentence of the catalogue), what it is about,
    and the entry that tells of it (0: none)."""

    kind: str
    what: str
    number: int = 0


@dataclass(slots=True)
class Proof:
    """What a proof found: problems, the number of entries, and the last head that was read outside
    (None where there is none)."""

    problems: list[Problem] = field(default_factory=list)
    entries: int = 0
    rows: int = 0
    outside: OutsideHead | None = None


@dataclass(slots=True)
class _Entered:
    """What the journal says: the last sha256 of each row with the entry that says so, the hash of
    entries that heads outside name."""

    rows: dict[str, tuple[str, int]] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)
    batches: set[str] = field(default_factory=set)
    last: int = 0
    last_hash: str = ""
    published: int = 0
    lost_heads: set[str] = field(default_factory=set)


def prove(typed: tuple[int, str] | None = None) -> Proof:
    """Prove the journal against itself, the database, the files and the heads outside (`typed`: one
    from a letter).

    JournalKeyMissing, JournalKeyOpen, WrongJournalKey. Costs one reading of the journal, of every
    sealed row and of every attachment.
    """
    key, proof = proving_key(), Proof()
    heads = outside_heads()
    wanted = {head.number for head in heads} | ({typed[0]} if typed else set())
    journal = _Entered()
    proof.problems += _chain(key, journal, wanted)
    proof.entries = journal.last
    proof.problems += _head(journal)
    proof.problems += _batches_without_entry(journal)
    proof.problems += _outside(journal, heads, typed)
    proof.outside = next((head for head in reversed(heads) if head.genuine), None)
    proof.problems += _rows(journal)
    proof.rows = len(journal.rows)
    proof.problems += _files()
    proof.problems += [Problem("table_unguarded", table) for table in unguarded(connection)]
    return proof


def _chain(key: bytes, journal: _Entered, wanted: set[int]) -> Iterator[Problem]:
    for entry, whole in chain(key):
        if not whole:
            yield Problem("entry_changed", str(journal.last + 1), journal.last + 1)
            return
        journal.last, journal.last_hash = entry.number, entry.hash
        if entry.number in wanted:
            journal.hashes[entry.number] = entry.hash
        if entry.verb == RESTORED:
            journal.lost_heads |= set(entry.facts.get("lost_heads") or [])
        if entry.verb in PUBLISHED:
            journal.published = entry.number
        yield from _seals(entry, journal)


def _seals(entry: Entry, journal: _Entered) -> Iterator[Problem]:
    """Take in what an entry says of rows; a row must have been, before, what the entry before
    said."""
    seals: Seals = dict(entry.seals.get("seals") or {})
    if sealed := entry.seals.get("sealed"):
        journal.batches.add(str(sealed.get("batch")))
        listed = read_batch(sealed)
        if listed is None:
            yield Problem("batch_changed", str(entry.number), entry.number)
        seals |= listed or {}
    for row, (was, now) in seals.items():
        known = journal.rows.get(row)
        if was is not None and (known is None or known[0] != was):
            yield Problem("row_changed_before", row, entry.number)
        journal.rows[row] = (now or GONE, entry.number)


def _head(journal: _Entered) -> Iterator[Problem]:
    head = Head.objects.filter(id=1).first()
    if head is None:
        yield Problem("head_missing", "")
    elif (head.number, head.hash) != (journal.last, journal.last_hash) or (
        journal.last and not head.key_id
    ):
        yield Problem("head_differs", str(head.number), journal.last)


def _batches_without_entry(journal: _Entered) -> Iterator[Problem]:
    for name in sorted(
        set(SealedBatch.objects.values_list("batch", flat=True).distinct()) - journal.batches
    ):
        yield Problem("batch_alien", name)


def _outside(
    journal: _Entered, heads: list[OutsideHead], typed: tuple[int, str] | None
) -> Iterator[Problem]:
    """Every head that was ever written outside names an entry that stands as it was then, or was
    given up by a restoring that says so."""
    for head in heads:
        if not head.genuine:
            yield Problem("head_outside_forged", head.place)
        elif journal.hashes.get(head.number) != head.hash and head.hash not in journal.lost_heads:
            yield Problem(
                "head_outside_differs",
                f"{head.number} ({head.at:%d.%m.%Y %H:%M}, {head.place})",
                head.number,
            )
    if typed and journal.hashes.get(typed[0]) != typed[1]:
        yield Problem("head_outside_differs", str(typed[0]), typed[0])
    readable = [place for place in places() if not place.startswith("mailto:")]
    if readable and journal.published > max(
        (head.number for head in heads if head.genuine), default=0
    ):
        yield Problem("head_outside_missing", str(journal.published), journal.published)


def _rows(journal: _Entered) -> Iterator[Problem]:
    """Each sealed row is what the journal last said of it; none is there that it says nothing of,
    none is gone."""
    seen: set[str] = set()
    for model in sealed_models():
        for pk, digest in digests(model):
            row = row_name(model, pk)
            known = journal.rows.get(row)
            seen.add(row)
            if known is None or known[0] == GONE:
                yield Problem("row_untold", row)
            elif known[0] != digest:
                yield Problem("row_changed", row, known[1])
    for row, (digest, number) in journal.rows.items():
        if digest != GONE and row not in seen:
            yield Problem("row_missing", row, number)


def _files() -> Iterator[Problem]:
    """Each file that a sealed row names (`stored_as`, `sha256`) is there with the bytes that were
    taken in."""
    folder = Path(settings.QOR_ATTACHMENTS)
    for model in sealed_models():
        if not hasattr(model, "stored_as"):
            continue
        stored = model._default_manager.order_by("pk").values_list("pk", "stored_as", "sha256")
        for pk, stored_as, digest in stored.iterator():
            path = folder / stored_as
            if not path.is_file():
                yield Problem("file_missing", f"{model._meta.model_name}:{pk}")
            elif sha256_of(path) != digest:
                yield Problem("file_changed", f"{model._meta.model_name}:{pk}")
