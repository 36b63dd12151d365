"""Closing a month: the sums from the lake against a bare scan of the month, rows written a second,
sealing included.

    export QOR_DATABASE_URL=postgresql://postgres@127.0.0.1:5432/test
    .venv/bin/python bench/closing.py LAKE [--share 0.9]

LAKE: made by bench/national_lake.py, its month run (`./qor run 2026-02 --lake LAKE`). Works on a
copy of the lake's log (the data are linked) and on a database of its own. `--share` of the findings
are decided before the closing (four of five confirmed). Goals: sums in at most 3 bare scans; at
least 2,000 rows a second. Proving a ledger of a fund's size: bench/ledger.py.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django

from qor.engine.intake.receive import Delivery, receive
from qor.engine.simulate import purchasing, world
from qor.engine.simulate.country import MONTH, _write_csv
from qor.engine.storage.duck import connect, parquet
from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now

AT = datetime(2026, 3, 20, 5, tzinfo=UTC)
MEMORY = "10GB"
TIMES = 3


def linked(lake: Path, folder: Path) -> Lake:
    """The lake with a log of its own: closing it leaves the original as it was."""
    for source in lake.rglob("*"):
        target = folder / source.relative_to(lake)
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif "data" in source.parts:
            os.link(source, target)
        elif source.suffix == ".json":
            target.write_bytes(source.read_bytes())
    return Lake(folder)


def buy(lake: Lake, folder: Path, people: int) -> None:
    """Month's sums for every line of every contract, from what the month came to, and
    populations."""
    with connect(folder, MEMORY) as connection:
        providers = world.providers(
            int(
                connection.execute(
                    f"SELECT count(*) FROM {parquet(lake.paths('providers'))}"
                ).fetchall()[0][0]
            )
        )
        month = (
            "SELECT provider_bin, care_form, funding, amount, iin FROM "
            f"{parquet(lake.paths('services', [MONTH]))}"
        )
        plans = list(purchasing.plan_rows(connection, providers, people, month))
    attached = purchasing.attached_rows(providers, people, [MONTH])
    homes = [p for p in providers if p.role == "polyclinic"]
    usual = {"month": str(MONTH), "sex": "f", "age_group": "all", "persons": people // len(homes)}
    attached += [
        {"bin": home.bin, **usual} for home in homes
    ]  # the month's snapshot, as the register of attachments gives it
    for name, lines in (("contracts", plans), ("attached", attached)):
        _write_csv(folder / f"{name}.csv", lines)
        receive(lake, Delivery(folder / f"{name}.csv", name, None, "bench", now()))


def decide(share: float) -> int:
    """Give so many cases an end at once: four of five confirmed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE disputes_case SET outcome = CASE WHEN id %% 5 = 0 THEN 'rejected'
                ELSE 'confirmed' END, assigned_to_id = NULL
            WHERE outcome = '' AND (id * 7919) %% 1000 < %s AND proposed_deduction IS NOT NULL""",
            [int(share * 1000)],
        )
        return int(cursor.rowcount)


def timed(work: Callable[[], object], times: int = TIMES) -> float:
    """The median of some runs, in seconds."""
    spent = []
    for _ in range(times):
        started = time.monotonic()
        work()
        spent.append(time.monotonic() - started)
    return statistics.median(spent)


def sums_against_scan(lake: Lake, folder: Path) -> None:
    """Reckoning the act lines alone, against one bare scan of the month's columns that they
    read."""
    from qor.engine.settlement.act_lines import make_act_lines
    from qor.engine.settlement.norms import Norms
    from qor.workflow.acts.settlement_inputs import export_settlement_inputs

    inputs = export_settlement_inputs(MONTH, Norms(), folder, {})
    with connect(folder, MEMORY) as connection:
        read = [
            "provider_bin",
            "service_id",
            "iin",
            "card_no",
            "care_form",
            "setting",
            "funding",
            "contract_no",
            "amount",
            "ended_at",
        ]
        hashed = ", ".join(f"bit_xor(hash({column}))" for column in read)
        bare = f"SELECT {hashed}, count(*) FROM {parquet(lake.paths('services', [MONTH]))}"
        scan = timed(lambda: connection.execute(bare).fetchall())
        computed = timed(lambda: make_act_lines(connection, lake, MONTH, AT.date(), inputs, folder))
        counts = ", ".join(
            f"(SELECT count(*) FROM {table})" for table in ("billed_rows", "act_lines", "settled")
        )
        rows = connection.execute(f"SELECT {counts}").fetchall()[0]
    told_ = f"{rows[0]:,} services -> {rows[1]:,} lines, {rows[2]:,} told one by one"
    print(
        f"sums: {told_}: {computed:.2f} s; bare scan {scan:.2f} s; ratio "
        f"{computed / scan:.2f} (goal 3)"
    )


def main() -> None:
    """Bring in, decide, reckon, close, verify."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--share", type=float, default=0.9)
    parser.add_argument("--people", type=int, default=15_000_000)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.web.server.settings")
    os.environ.setdefault("QOR_JOURNAL_KEY", "of this run only: " + "0" * 32)
    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from qor.demo.people import populate
    from qor.workflow.acts.closing import close_acts
    from qor.workflow.disputes.open_cases import open_cases
    from qor.workflow.proof import verify

    databases = setup_databases(verbosity=0, interactive=False)
    with tempfile.TemporaryDirectory(dir=given.lake.parent) as name:
        folder = Path(name)
        try:
            lake = linked(given.lake, folder / "lake")
            buy(lake, folder, given.people)
            populate(lake)
            brought = open_cases(lake, MONTH, by="bench", at=AT)
            print(
                f"{connection.vendor}: {brought.new:,} findings brought in, "
                f"{decide(given.share):,} decided"
            )
            sums_against_scan(lake, folder)
            started = time.monotonic()
            closed = close_acts(lake, MONTH, by="bench", at=AT, memory=MEMORY)
            spent = time.monotonic() - started
            written = closed.acts + closed.lines + closed.held + closed.deductions + closed.postings
            print(
                f"closing: {closed.acts:,} acts, {written:,} rows in {spent:.1f} s: "
                f"{written / spent:,.0f} a second, sums included (goal 2,000)"
            )
            whole = [proof.name for proof in verify() if proof.broken] or "nothing"
            print(f"verify: broken: {whole}")
        finally:
            teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main()
