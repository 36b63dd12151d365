"""A working day's new rows on a national month, over the run of the whole month, in one call: CPU
seconds, time and their ratios.

    .venv/bin/python bench/day.py LAKE [--rows 1000000] [--repeat 1]

LAKE: made by bench/checks.py or bench/national_lake.py. A copy of it (hard links) stands beside it
with the last rows by time of entry as a part of their own: the day. Each measurement runs in a
process of its own. Goal: at most a tenth of the whole month's run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from qor.engine.monitoring.loop import run_checks
from qor.engine.monitoring.month import DEFAULT_MEMORY
from qor.engine.monitoring.new_rows import check_new_rows
from qor.engine.simulate.country import MONTH
from qor.engine.storage.duck import connect, literal, parquet
from qor.engine.storage.lake import Lake

FOUND_ON = date(2026, 3, 2)


def split(root: Path, rows: int) -> Path:
    """The same lake with the month in two commits: all but the last rows by entry, then those."""
    target = root.with_name(f"{root.name}-day-{rows}")
    if target.exists():
        return target
    shutil.copytree(
        root, target, copy_function=os.link, ignore=shutil.ignore_patterns("index", "lock")
    )
    lake = Lake(target)
    month = f"SELECT * FROM {parquet(lake.paths('services', [MONTH]))}"
    with connect() as connection:
        latest = f"SELECT registered_at FROM ({month}) ORDER BY registered_at DESC LIMIT {rows}"
        (since,) = connection.execute(f"SELECT min(registered_at) FROM ({latest})").fetchall()[0]
    parts = lake.parts("services", [MONTH])
    for name, which in (("before", "<="), ("day", ">")):
        with lake.writing() as writer, connect(writer.staging, "4GB") as connection:
            path = writer.staging / f"{name}.parquet"
            wanted = f"SELECT * FROM ({month}) WHERE registered_at {which} TIMESTAMP '{since}'"
            connection.execute(f"COPY ({wanted}) TO {literal(path)} (FORMAT parquet)")
            count = connection.execute(
                f"SELECT count(*) FROM read_parquet({literal(path)})"
            ).fetchall()[0][0]
            for part in parts if name == "before" else []:
                writer.drop(part)
            writer.add("services", str(MONTH), path, count)
            facts = {
                "sha256": "",
                "table": "bench",
                "month": "",
                "by": "bench",
                "at": "2026-03-02T09:00:00",
            }
            writer.commit("intake", facts)
    return target


def measure(root: Path, what: str) -> dict[str, Any]:
    """The month whole, or the day's rows alone."""
    lake = Lake(root)
    with (
        tempfile.TemporaryDirectory(dir=root.parent) as folder,
        connect(Path(folder), DEFAULT_MEMORY) as connection,
    ):
        started = time.monotonic()
        if what == "month":
            run_checks(connection, lake, MONTH, FOUND_ON, Path(folder))
        else:
            check_new_rows(
                connection, lake, MONTH, lake.entries[-1].number - 1, FOUND_ON, Path(folder)
            )
        findings = connection.execute("SELECT count(*) FROM findings").fetchall()[0][0]
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "cpu": used.ru_utime + used.ru_stime,
            "wall": time.monotonic() - started,
            "peak_gib": used.ru_maxrss / 2**20,
            "findings": findings,
        }


def main() -> None:
    """Month and day in turn; medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one == "split":
        split(given.lake, given.rows)
        return
    if given.one:
        print(json.dumps(measure(given.lake, given.one)))
        return
    # in a process of its own: the peak of memory would be handed down to the measured ones
    subprocess.run(
        [sys.executable, __file__, given.lake, "--rows", str(given.rows), "--one", "split"],
        check=True,
    )
    root = given.lake.with_name(f"{given.lake.name}-day-{given.rows}")
    runs: dict[str, list[dict[str, Any]]] = {"month": [], "day": []}
    for _ in range(given.repeat):
        for what, done in runs.items():
            command = [sys.executable, __file__, root, "--one", what]
            done.append(
                json.loads(
                    subprocess.run(command, check=True, capture_output=True, text=True).stdout
                )
            )
    figures = {
        what: {key: median(run[key] for run in done) for key in done[0]}
        for what, done in runs.items()
    }
    for what, f in figures.items():
        print(
            f"{what:<6} cpu {f['cpu']:.1f} s  wall {f['wall']:.1f} s  peak "
            f"{f['peak_gib']:.2f} GiB  findings {f['findings']:,.0f}"
        )
    print(
        f"ratio  cpu {figures['day']['cpu'] / figures['month']['cpu']:.3f}    wall "
        f"{figures['day']['wall'] / figures['month']['wall']:.3f}"
    )


if __name__ == "__main__":
    main()
