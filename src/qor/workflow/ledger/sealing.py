"""Sealing the money: each action seals the rows it wrote and marks the rows it changed.

The seals are one chain; its head stands in the ledger's head and, with the action, in the
journal. Whoever writes rows past the actions is seen because no seal covers them, whoever changes
sealed rows because their digest differs, whoever makes the whole chain anew because the journal
holds other heads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection

from qor.workflow.audit.journal import record
from qor.workflow.audit.models import Entry
from qor.workflow.bulk import insert_many
from qor.workflow.ledger.covering import (
    columns_of,
    is_layout,
    marked_models,
    model_of,
    newest,
    sealed_models,
    table_of,
)
from qor.workflow.ledger.digests import digests_of
from qor.workflow.ledger.entries import LedgerNotSealed, lock_ledger
from qor.workflow.ledger.plain import plain_lines
from qor.workflow.ledger.postings import LedgerHead
from qor.workflow.ledger.seals import Mark, Seal

HEAD = "ledger"
_ROWS = 5_000
_AT_ONCE = 500


def open_ledger() -> LedgerHead:
    """Lock the ledger as the first thing of an action that will write money.

    LedgerNotSealed where what stands there was not written by an action: nothing is built on it,
    `ledger verify` says what it is.
    """
    head = lock_ledger()
    if (_unsealed() or not _in_journal(head)) if head.seals else _told_before():
        raise LedgerNotSealed()
    return head


def record_sealed(
    *,
    by: str,
    at: datetime,
    verb: str,
    subject: str,
    facts: dict[str, Any] | None = None,
    changed: Mapping[str, Iterable[int]] | None = None,
) -> None:
    """End an action that wrote money: mark what it changed, seal the rows it wrote, tell the
    journal.

    `changed`: the numbers of marked rows (acts, orders, debts, proposed sums) that were changed
    after they were made, by model; new ones are found. Everything happens in the caller's
    transaction.
    """
    lock_ledger()
    new = _new()
    for name in marked_models():
        _mark(name, {*(changed or {}).get(name, ()), *new.get(name, ())})
    with_head = (facts or {}) | {HEAD: _seal_new()}
    entry = record(by=by, at=at, verb=verb, subject=subject, facts=with_head)
    LedgerHead.objects.filter(id=1).update(told_in=entry.number)


def head_text(seals: int, digest: str, entries: int) -> str:
    """A head of the chain as the journal holds it: how many seals, the hash of the last, the number
    of the last entry that was posted."""
    return f"{seals}:{digest}:{entries}"


def _text_of(head: LedgerHead) -> str:
    return head_text(head.seals, head.seal_hash, head.number)


def seal_hash(seal: Seal) -> str:
    """The hash of a seal and of the chain before it."""
    covered = [
        seal.number,
        seal.table,
        seal.layout,
        seal.last_id,
        seal.rows,
        seal.digest,
        seal.previous,
    ]
    return hashlib.sha256(json.dumps(covered).encode()).hexdigest()


def last_ids() -> dict[str, int]:
    """The number of the last sealed row of each table that is sealed; zero where none is."""
    return _of_each("coalesce((SELECT max(last_id) FROM ledger_seal WHERE \"table\" = '{0}'), 0)")


def newest_ids() -> dict[str, int]:
    """The highest number in each table that is sealed."""
    return _of_each("coalesce((SELECT max(id) FROM {0}), 0)")


def _of_each(expression: str) -> dict[str, int]:
    """One number of each sealed table, in one query that asks an index."""
    names = [table_of(name) for name in sealed_models()]
    query = " UNION ALL ".join(f"SELECT '{name}', {expression.format(name)}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def refuse_changed(name: str, numbers: Iterable[int]) -> None:
    """Refuse to go on with acts or orders that are not what they were after their last step:
    LedgerNotSealed."""
    wanted, last = sorted(set(numbers)), dict[int, tuple[int, str]]()
    for start in range(0, len(wanted), _AT_ONCE):
        marks = Mark.objects.filter(
            subject=table_of(name), row__in=wanted[start : start + _AT_ONCE]
        ).order_by("id")
        last |= {
            row: (layout, digest)
            for row, layout, digest in marks.values_list("row", "layout", "digest")
        }
    for layout in {layout for layout, _ in last.values()}:
        if not is_layout(table_of(name), layout):
            raise LedgerNotSealed()
        now = digests_of(name, layout, [row for row, (of, _) in last.items() if of == layout])
        if any(last[row][1] != digest for row, digest in now.items()):
            raise LedgerNotSealed()


def _unsealed() -> bool:
    """Whether rows stand behind the last sealed or marked ones."""
    sealed = last_ids()
    behind = any(highest > sealed[name] for name, highest in newest_ids().items())
    return behind or bool(_new())


def _in_journal(head: LedgerHead) -> bool:
    """Whether the journal's entry of the last action holds this head."""
    entry = Entry.objects.filter(pk=head.told_in).first()
    return entry is not None and entry.facts.get(HEAD) == _text_of(head)


def _told_before() -> bool:
    """Whether the journal knows of seals, where the ledger's head knows of none; an action that
    wrote no rows told of none."""
    entries = Entry.objects.filter(facts__has_key=HEAD)
    return entries.exclude(**{f"facts__{HEAD}__startswith": "0:"}).exists()


def _new() -> dict[str, list[int]]:
    """The numbers of rows that were never marked, by the name of what they are; in one query, as
    each action asks it twice."""
    last = "coalesce((SELECT max(\"row\") FROM ledger_mark WHERE subject = '{0}'), 0)"
    query = " UNION ALL ".join(
        f"SELECT '{name}', id FROM {table} WHERE id > {last.format(table)}"
        for name, table in ((name, table_of(name)) for name in marked_models())
    )
    unmarked: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query)
        for name, number in cursor.fetchall():
            unmarked.setdefault(name, []).append(number)
    return unmarked


def _mark(name: str, numbers: set[int]) -> None:
    table = table_of(name)
    layout = newest(table)
    digests = digests_of(name, layout, sorted(numbers)) if numbers else {}
    insert_many(
        [
            Mark(subject=table, row=number, layout=layout, digest=digest)
            for number, digest in sorted(digests.items())
        ]
    )


def _seal_new() -> str:
    """Seal the rows that came since the last seals; the new head."""
    head = LedgerHead.objects.get(id=1)
    number, digest, sealed = head.seals, head.seal_hash, last_ids()
    highest, seals = newest_ids(), []
    for name in sealed_models():
        model = model_of(name)
        table, last = table_of(name), sealed[table_of(name)]
        if highest[table] <= last:
            continue
        lines = plain_lines(model, columns_of(table, newest(table)), f"id > {last}")
        for block in _blocks(lines):
            number += 1
            seal = Seal(
                number=number,
                table=table,
                layout=newest(table),
                last_id=number_of(block[-1]),
                rows=len(block),
                digest=hashlib.sha256(b"".join(block)).hexdigest(),
                previous=digest,
            )
            seal.hash = digest = seal_hash(seal)
            seals.append(seal)
    Seal.objects.bulk_create(seals, batch_size=1000)
    LedgerHead.objects.filter(id=1).update(seals=number, seal_hash=digest)
    return head_text(number, digest, head.number)


def number_of(line: bytes) -> int:
    """The row's number, the first cell of its line."""
    return int(line.partition(b"\t")[0])


def _blocks(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while block := list(islice(lines, _ROWS)):
        yield block
