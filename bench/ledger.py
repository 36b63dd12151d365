"""Proving a ledger of a fund's size: so many postings with the documents that they come from,
sealed, then `ledger verify`.

    export QOR_DATABASE_URL=postgresql://postgres@127.0.0.1:5432/test
    .venv/bin/python bench/ledger.py [--postings 10000000]

Works on a database of its own. Goal: at most 60 seconds of CPU, this process and the database's
together (workers in parallel are switched off, so that the database's own are counted whole). The
floor is a bare copy of the postings' table out of the database.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

AT = datetime(2026, 3, 20, 5, tzinfo=UTC)
ACTS = 1_500
GOAL = 60
_TICKS = os.sysconf("SC_CLK_TCK")
# A month of acts whose services are all in one line, with so many deductions that lessen it and are
# owed beside.
_ACTS = """INSERT INTO acts_act (closing_id, provider_id, contract_no, claimed, released,
    other_payments, returned, held, disallowed, beyond,
        other_deductions, accepted, advance_due, advance_kept, to_pay, state, version, entered_on)
    SELECT %(closing)s, %(provider)s, 'P-' || n, 1000 + 300 * %(each)s, 0, 0, 0, 0, 300 * %(each)s,
        0, 0, 1000, 0, 0, 1000, 'protocol_sent', 1, '2026-03-20'
    FROM generate_series(1, %(acts)s) n"""
_LINES = """INSERT INTO acts_actline (act_id, care_form, funding, service_month, kind, services,
    claimed, released, returned, held, disallowed, beyond,
        accepted, sanction)
    SELECT id, 'outpatient', 'tmkkk', '2026-02', '', %(each)s, claimed, 0, 0, 0, disallowed, 0,
        accepted, 200 * %(each)s FROM acts_act"""
_DEDUCTIONS = """INSERT INTO acts_deduction (act_id, contract_no, provider_id, service_id,
    care_form, funding, service_month, reason, ended_on,
        disallowed, taken_back, sanction, taken_on, unscaled)
    SELECT a.id, a.contract_no, a.provider_id, 'service-' || a.id || '-' || n, 'outpatient',
        'tmkkk', '2026-02', 'short_death', '2026-02-10',
        300, 0, 200, '2026-03-20', FALSE
    FROM acts_act a, generate_series(1, %(each)s) n"""
_DEBTS = """INSERT INTO acts_debt (provider_id, contract_no, funding, amount, way, act_id)
    SELECT provider_id, contract_no, 'tmkkk', 200 * %(each)s, 'net', id FROM acts_act"""
_POSTINGS = """INSERT INTO ledger_posting (entry, debit, credit, provider_id, contract_no,
    funding, act_id, amount, cause, at)
    SELECT l.id * 2, m.debit, m.credit, a.provider_id, a.contract_no, l.funding, a.id, m.amount,
        'line:outpatient:tmkkk:2026-02', %(at)s
    FROM acts_actline l JOIN acts_act a ON a.id = l.act_id,
        LATERAL (VALUES ('care', 'claims', l.claimed), ('claims', 'payable', l.accepted)) m(debit,
            credit, amount)
    UNION ALL
    SELECT d.id * 2 + 1, m.debit, m.credit, d.provider_id, d.contract_no, d.funding, d.act_id,
        m.amount, 'short_death:' || d.service_id, %(at)s
    FROM acts_deduction d, LATERAL (VALUES ('claims', 'disallowed', d.disallowed), ('owed',
        'sanctions', d.sanction)) m(debit, credit, amount)"""


def fill(connection: Any, postings: int) -> None:
    """Write acts, lines, deductions, debts and their postings, as a closing would, and seal
    them."""
    from django.db import transaction

    from qor.workflow.accounts.models import Organisation
    from qor.workflow.acts.models import Closing
    from qor.workflow.ledger.sealing import record_sealed

    names = {"name_kk": "Б", "name_ru": "Б", "name_en": "B"}
    provider = Organisation.objects.create(
        kind="provider", bin="990140000017", region="71", **names
    )
    with transaction.atomic(), connection.cursor() as cursor:
        closing = Closing.objects.create(
            month="2026-02", closed_on=AT.date(), at=AT, by="bench", settled="bench"
        )
        facts = {
            "closing": closing.pk,
            "provider": provider.pk,
            "acts": ACTS,
            "each": postings // ACTS // 2,
            "at": AT,
        }
        for statement in (_ACTS, _LINES, _DEDUCTIONS, _DEBTS, _POSTINGS):
            cursor.execute(statement, facts)
        seconds, cpu = spent(
            lambda: record_sealed(by="bench", at=AT, verb="close_acts", subject="month:2026-02"),
            connection,
        )
    print(f"sealing: {seconds:.1f} s, {cpu:.1f} s of CPU")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def spent(work: Callable[[], object], connection: Any) -> tuple[float, float]:
    """The time that something takes, and the CPU of this process and of the database's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    before, started = _cpu(backend), time.monotonic()
    work()
    return time.monotonic() - started, _cpu(backend) - before


def _cpu(backend: int) -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    ticks = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return own.ru_utime + own.ru_stime + (int(ticks[11]) + int(ticks[12])) / _TICKS


def _copy_out(connection: Any) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY ledger_posting TO STDOUT") as copy:
        for _ in copy:
            pass


def main() -> None:
    """Fill, verify, and verify again after one posting was changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postings", type=int, default=10_000_000)
    parser.add_argument(
        "--change", action="store_true", help="change one tiyn then, and verify again"
    )
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.web.server.settings")
    os.environ.setdefault("QOR_JOURNAL_KEY", "of this run only: " + "0" * 32)
    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from qor.workflow.ledger.models import Posting
    from qor.workflow.proof import verify

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
        fill(connection, given.postings)
        floor, floor_cpu = spent(lambda: _copy_out(connection), connection)
        proofs: list[Any] = []
        seconds, cpu = spent(lambda: proofs.extend(verify()), connection)
        broken = [proof.name for proof in proofs if proof.broken] or "nothing"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
        print(
            f"verify: {Posting.objects.count():,} postings in {seconds:.1f} s, {cpu:.1f} "
            f"s of CPU (goal {GOAL}); broken: {broken};"
            f" bare copy of the table {floor:.1f} s, {floor_cpu:.1f} s of CPU; ratio "
            f"{cpu / floor_cpu:.1f}; peak {peak:.1f} GiB"
        )
        if not given.change:
            return
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER ALL")
            cursor.execute(
                "UPDATE ledger_posting SET amount = amount + 1 WHERE id = (SELECT "
                "max(id) / 2 FROM ledger_posting)"
            )
            cursor.execute("ALTER TABLE ledger_posting ENABLE TRIGGER ALL")
        print("one tiyn changed:", [proof.name for proof in verify() if proof.broken])
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main()
