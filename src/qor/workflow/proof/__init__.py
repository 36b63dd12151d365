"""Proving the money: identities, rows against their seals, acts and orders against their marks, the
ledger against its documents."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import connection as database
from django.db import transaction

from qor.engine.storage.lake import Lake
from qor.workflow.proof.chain import (
    heads_in_the_journal,
    journal_whole,
    read_sealed,
    seals_in_chain,
)
from qor.workflow.proof.identities import balances, identities
from qor.workflow.proof.lake_part import settled_as_closed
from qor.workflow.proof.marks import (
    acts_as_marked,
    bank_files_hold_their_bytes,
    debts_as_marked,
    guards_stand,
    orders_as_marked,
    proposed_as_marked,
)
from qor.workflow.proof.proof import Place, Proof, proof_of
from qor.workflow.proof.replay import replayed
from qor.workflow.proof.tables import copied

__all__ = ["Place", "Proof", "balances", "verify"]


def verify(lake: Lake | None = None) -> list[Proof]:
    """Check every rule of the money on one moment of the database; the parts of the lake too, where
    it is given.

    Each row is read once against its seal and, where it is a posting, against the document that it
    comes from. Sources: 291/2020:4, 291/2020:13, 291/2020:19, 291/2020:23, 291/2020:27.
    """
    with tempfile.TemporaryDirectory(prefix="qor-verify-") as name, transaction.atomic():
        _hold_one_moment()
        folder = Path(name)
        sealed = read_sealed(folder)
        proofs = [
            proof_of("rows_are_as_sealed", sealed.changed),
            proof_of("every_row_is_sealed", sealed.unsealed),
        ]
        proofs += [seals_in_chain(), heads_in_the_journal(), journal_whole()]
        proofs += [acts_as_marked(folder), orders_as_marked(folder), debts_as_marked(folder)]
        proofs += [proposed_as_marked(folder), bank_files_hold_their_bytes(), guards_stand()]
        with copied(folder) as connection:
            proofs += [*identities(connection), *replayed(connection)]
            return proofs + (settled_as_closed(lake, connection) if lake is not None else [])


def _hold_one_moment() -> None:
    """Let everything that is read be of one moment, whoever writes meanwhile; inside another
    transaction it is already so."""
    if database.vendor == "postgresql" and len(database.savepoint_ids) == 0:
        with database.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
