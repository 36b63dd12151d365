"""The chain of seals: each row as it was sealed, each seal in its chain, its head in the
journal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from qor.workflow.audit import journal
from qor.workflow.audit.models import Entry
from qor.workflow.ledger.covering import (
    columns_of,
    is_layout,
    model_name,
    model_of,
    newest,
    sealed_models,
    table_of,
)
from qor.workflow.ledger.plain import plain_lines
from qor.workflow.ledger.postings import LedgerHead
from qor.workflow.ledger.sealing import HEAD, head_text, number_of, seal_hash
from qor.workflow.ledger.seals import Seal
from qor.workflow.proof.proof import Place, Proof, proof_of


@dataclass(frozen=True, slots=True)
class Sealed:
    """What reading the sealed tables once found: rows that are not as sealed, rows never sealed."""

    changed: list[Place]
    unsealed: list[Place]


def read_sealed(folder: Path) -> Sealed:
    """Read each sealed table once against its seals, and leave its lines in `folder`, a file a
    table."""
    sealed = Sealed([], [])
    for name in sealed_models():
        table = table_of(name)
        model = model_of(name)
        lines = plain_lines(model, columns_of(table, newest(table)))
        older: list[tuple[Seal, int, int]] = []
        with (folder / f"{name}.txt").open("wb") as file:
            before = 0
            for seal, block in _cut(
                lines, list(Seal.objects.filter(table=table).order_by("number"))
            ):
                text = b"".join(block)
                file.write(text)
                if seal is None:
                    numbers = {"first": number_of(block[0]), "last": number_of(block[-1])}
                    sealed.unsealed.append(
                        Place("rows_unsealed", {"table": name, "rows": len(block), **numbers})
                    )
                    continue
                if not is_layout(table, seal.layout):
                    sealed.changed.append(_changed(name, seal, before, len(block)))
                elif seal.layout != newest(table):
                    older.append((seal, before, len(block)))
                elif len(block) != seal.rows or hashlib.sha256(text).hexdigest() != seal.digest:
                    sealed.changed.append(_changed(name, seal, before, len(block)))
                before = seal.last_id
        for seal, before, rows in older:  # read apart: the table's own stream is through now
            if rows != seal.rows or _digest(seal, before) != seal.digest:
                sealed.changed.append(_changed(name, seal, before, rows))
    return sealed


def _cut(lines: Iterator[bytes], seals: list[Seal]) -> Iterator[tuple[Seal | None, list[bytes]]]:
    """The lines of each seal by the rows' numbers, and those behind the last."""
    later: list[bytes] = []
    for seal in seals:
        block = later + list(islice(lines, max(seal.rows - len(later), 0)))
        later = []
        while block and number_of(block[-1]) > seal.last_id:
            later.append(block.pop())
        later.reverse()
        if not later and not (block and number_of(block[-1]) == seal.last_id):
            for line in lines:
                if number_of(line) > seal.last_id:
                    later = [line]
                    break
                block.append(line)
        yield seal, block
    if rest := later + list(lines):
        yield None, rest


def _digest(seal: Seal, before: int) -> str:
    """The digest of an older seal's rows as they are now, in the columns of its own layout."""
    model = model_of(model_name(seal.table))
    which = f"id > {before} AND id <= {seal.last_id}"
    return hashlib.sha256(
        b"".join(plain_lines(model, columns_of(seal.table, seal.layout), which))
    ).hexdigest()


def _changed(name: str, seal: Seal, before: int, rows: int) -> Place:
    facts = {
        "table": name,
        "after": before,
        "last": seal.last_id,
        "sealed": seal.rows,
        "found": rows,
    }
    return Place("rows_changed", facts)


def seals_in_chain() -> Proof:
    """Seals missing, edited or out of their chain, or another head than the ledger's."""
    previous, expected, places = "", 1, []
    for seal in Seal.objects.order_by("number").iterator():
        if (seal.number, seal.previous, seal.hash) != (expected, previous, seal_hash(seal)):
            places.append(Place("seal_broken", {"number": seal.number}))
        previous, expected = seal.hash, seal.number + 1
    head = _head()
    if (head.seals, head.seal_hash) != (expected - 1, previous):
        places.append(Place("head_differs", {"number": expected - 1, "head": head.seals}))
    return proof_of("seals_are_one_chain", places)


def _head() -> LedgerHead:
    """The ledger's head; an empty one where somebody took it away, which no journal tells of."""
    return LedgerHead.objects.filter(id=1).first() or LedgerHead(id=1, number=-1)


def heads_in_the_journal() -> Proof:
    """Heads of the chain that the journal tells otherwise, and a last head that it does not
    tell."""
    head, places = _head(), []
    hashes = dict(Seal.objects.values_list("number", "hash"))
    entries = Entry.objects.filter(facts__has_key=HEAD).order_by("number")
    last, told_in = head_text(0, "", 0), 0
    for number, facts in entries.values_list("number", "facts").iterator():
        last, told_in = str(facts[HEAD]), number
        seals, digest, _ = last.split(":")
        if hashes.get(int(seals), "") != digest:
            places.append(Place("head_not_as_told", {"entry": number, "number": seals}))
    now = head_text(head.seals, head.seal_hash, head.number)
    if last != now or (head.seals and head.told_in != told_in):
        places.append(Place("head_not_told", {"number": head.seals}))
    return proof_of("the_journal_tells_the_head", places)


def journal_whole() -> Proof:
    """The journal itself, which holds the heads."""
    broken = journal.broken_at()
    return proof_of(
        "the_journal_is_whole",
        [] if broken is None else [Place("journal_broken", {"entry": broken})],
    )
