"""Acts and orders as they were marked after their last step, and the database's own guards."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from qor.workflow.acts.models import Debt, ProposedSum
from qor.workflow.guards import missing_guards
from qor.workflow.ledger.covering import is_layout, model_of, table_of
from qor.workflow.ledger.digests import all_digests
from qor.workflow.ledger.guarded import guards
from qor.workflow.ledger.seals import Mark
from qor.workflow.proof.naming import name_acts
from qor.workflow.proof.proof import Place, Proof, proof_of
from qor.workflow.treasury.models import BankFile, Order


def acts_as_marked(folder: Path) -> Proof:
    """Acts that are not what they were after their last step, never marked, or gone."""
    return proof_of("acts_are_as_signed", name_acts("act_differs", _differing("act", folder)))


def orders_as_marked(folder: Path) -> Proof:
    """Payment orders that are not what they were when made or last moved, never marked, or gone."""
    return proof_of("orders_are_as_made", _named("order", Order.objects.all(), folder))


def debts_as_marked(folder: Path) -> Proof:
    """Debts whose term, notice or sum is not what was last written of them."""
    return proof_of("debts_are_as_written", _named("debt", Debt.objects.all(), folder))


def proposed_as_marked(folder: Path) -> Proof:
    """Sums that waited for a second person, and are not what was last written of them."""
    return proof_of(
        "proposed_sums_are_as_written", _named("proposedsum", ProposedSum.objects.all(), folder)
    )


def bank_files_hold_their_bytes() -> Proof:
    """Files of payment orders whose bytes have another hash than the one that names them."""
    files = BankFile.objects.order_by("pk").iterator(chunk_size=10)
    wrong = [
        file.pk for file in files if hashlib.sha256(bytes(file.content)).hexdigest() != file.sha256
    ]
    return proof_of(
        "bank_files_hold_their_bytes", [Place("bankfile_differs", {"number": pk}) for pk in wrong]
    )


def _named(name: str, rows: QuerySet[Any], folder: Path) -> list[Place]:
    wrong = _differing(name, folder)
    known = set(rows.filter(pk__in=wrong).values_list("pk", flat=True))
    return [Place(f"{name}_{'differs' if n in known else 'gone'}", {"number": n}) for n in wrong]


def guards_stand() -> Proof:
    """Guards of the database that somebody took away or made anew as something else."""
    with connection.cursor() as cursor:
        gone = missing_guards(guards(), connection.vendor, cursor)
    return proof_of("the_guards_stand", [Place("guard_gone", {"guard": name}) for name in gone])


def _differing(name: str, folder: Path) -> list[int]:
    """Numbers whose digest is not that of their last mark."""
    marks = Mark.objects.filter(subject=table_of(name)).order_by("id")
    last = {
        row: (layout, digest)
        for row, layout, digest in marks.values_list("row", "layout", "digest")
    }
    by_layout: dict[int, dict[int, str]] = defaultdict(dict)
    for row, (layout, digest) in last.items():
        by_layout[layout][row] = digest
    model = model_of(name)
    wrong = set(model._default_manager.values_list("pk", flat=True)) - set(last)
    for layout, marked in by_layout.items():
        known = is_layout(table_of(name), layout)
        now = all_digests(name, layout, folder) if known else {}
        wrong |= {row for row, digest in marked.items() if now.get(row) != digest}
    return sorted(wrong)
