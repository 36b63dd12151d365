"""Kills closings half-way and lets them be run again: a process of its own, so that it may fork,
and tells as JSON what it saw.

    python crash_driver.py FOLDER POINTS sqlite|ADDRESS-OF-A-POSTGRESQL-SERVER
FOLDER holds `lake` and, for SQLite, `base.sqlite3`; on PostgreSQL the template database is
`qor_crash_base`.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

FOLDER, POINTS, SERVER = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
AT = datetime(2026, 3, 20, 5, tzinfo=UTC)
URL = f"sqlite:///{FOLDER / 'work.sqlite3'}" if SERVER == "sqlite" else f"{SERVER}/qor_crash"
os.environ["QOR_DATABASE_URL"] = URL
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.web.server.settings")

import django  # noqa: E402

django.setup()

from qor.engine.storage.lake import Lake  # noqa: E402
from qor.law.nouns.months import Month  # noqa: E402
from qor.workflow.acts.closing import close_acts  # noqa: E402
from qor.workflow.acts.closing_claim import AlreadyClosed  # noqa: E402
from qor.workflow.proof import verify  # noqa: E402


def restore() -> None:
    """The database and the lake as they were before any closing."""
    shutil.rmtree(FOLDER / "work", ignore_errors=True)
    shutil.copytree(FOLDER / "lake", FOLDER / "work")
    if SERVER == "sqlite":
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{FOLDER / 'work.sqlite3'}{ending}").unlink(missing_ok=True)
        shutil.copy(FOLDER / "base.sqlite3", FOLDER / "work.sqlite3")
        return
    import psycopg

    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS qor_crash WITH (FORCE)")
        connection.execute("CREATE DATABASE qor_crash TEMPLATE qor_crash_base")


def close() -> str:
    """Close the month, or say that it is closed."""
    try:
        close_acts(Lake(FOLDER / "work"), Month(2026, 2), by="test", at=AT)
    except AlreadyClosed:
        return "already"
    return "closed"


def seen() -> str:
    """What the database holds: closings, acts, lines, held services, deductions, postings, and what
    verify says."""
    from django.db.models import Sum

    from qor.workflow.acts.models import Act, ActLine, Closing, Deduction, HeldService
    from qor.workflow.ledger.postings import Posting

    counts = [
        model.objects.count() for model in (Closing, Act, ActLine, HeldService, Deduction, Posting)
    ]
    sums = [
        str(Act.objects.aggregate(s=Sum(name))["s"])
        for name in ("claimed", "held", "disallowed", "accepted", "to_pay")
    ]
    return json.dumps([counts, sums, [proof.name for proof in verify() if proof.broken]])


def in_child(work: Callable[[], str]) -> tuple[int, int]:
    """Fork a child that does the work and writes what it returns; its process and the end to read
    from."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        try:
            os.write(write_end, work().encode())
        finally:
            os._exit(0)
    os.close(write_end)
    return pid, read_end


def heard(pid: int, end: int) -> str:
    """Wait for a child and hear what it wrote; empty where it was killed before."""
    with os.fdopen(end) as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return said


def main() -> None:
    """The whole closing once; then killed at so many random moments, each time run again; at last
    two at once."""
    dice = random.Random(20)
    restore()
    started = time.monotonic()
    heard(*in_child(close))
    long = time.monotonic() - started
    whole = heard(*in_child(seen))
    outcome: dict[str, object] = {
        "whole": json.loads(whole),
        "seconds": round(long, 2),
        "killed": 0,
        "half": [],
        "apart": [],
    }
    for point in range(POINTS):
        restore()
        pid, end = in_child(close)
        time.sleep(dice.uniform(0, long))
        os.kill(pid, signal.SIGKILL)
        outcome["killed"] += heard(pid, end) == ""  # type: ignore[operator]
        after = json.loads(heard(*in_child(seen)))
        if after[2] or after[0] not in ([0] * 6, json.loads(whole)[0]):
            outcome["half"].append([point, after])  # type: ignore[attr-defined]
        heard(*in_child(close))
        if heard(*in_child(seen)) != whole:
            outcome["apart"].append(point)  # type: ignore[attr-defined]
    restore()
    both = [in_child(close), in_child(close)]
    outcome["twice"] = sorted(heard(*child) for child in both)
    outcome["after_two"] = json.loads(heard(*in_child(seen)))
    print(json.dumps(outcome))  # noqa: T201


main()
