"""Intake of a CSV register over DuckDB's own copy of the same CSV to Parquet, unchecked, in one
run.

    .venv/bin/python bench/intake.py FOLDER [--rows 1000000] [--repeat 3]

Goal: at most 4 times, wall and CPU; memory does not grow with the file (the peak is printed for a
tenth of the rows and for all of them).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from qor.engine.intake.receive import Delivery, receive
from qor.engine.intake.tables import table
from qor.engine.simulate import people_and_services as life
from qor.engine.simulate import world
from qor.engine.simulate.country import MONTH, write_reference
from qor.engine.storage.duck import connect, literal
from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now


def make_csv(path: Path, rows: int) -> None:
    """A register of so many services as CSV, one row in a thousand broken."""
    everyone = world.providers(60)
    with connect() as connection:
        life.make_people(connection, rows // 2, [p for p in everyone if p.role == "polyclinic"])
        life.make_places(connection, everyone)
        columns = ", ".join(
            f"CAST({c.name} AS VARCHAR) AS {c.name}"
            for c in table("services").columns
            if c.name != "amount"
        )
        query = life.services_query(MONTH, 0, 200)
        connection.execute(f"""COPY (SELECT {columns}, CASE WHEN row_number() OVER () % 1000 = 0
            THEN 'broken' ELSE CAST(amount AS VARCHAR) END AS amount
            FROM ({query}) LIMIT {rows}) TO {literal(path)} (FORMAT csv, HEADER)""")


def used() -> tuple[float, float]:
    """Wall and CPU seconds so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return time.monotonic(), usage.ru_utime + usage.ru_stime


def copy(path: Path) -> dict[str, Any]:
    """The floor: DuckDB copies the CSV to Parquet as it is."""
    start = used()
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, connect() as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_csv({literal(path)})) TO "
            f"{literal(Path(folder) / 'copy.parquet')} (FORMAT parquet)"
        )
    return _since(start)


def take(path: Path) -> dict[str, Any]:
    """Intake of the same file into a new lake."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        lake = Lake(Path(folder) / "lake")
        reference = write_reference(world.providers(60), Path(folder) / "tables")
        receive(lake, Delivery(reference["providers"], "providers", None, "bench", now()))
        start = used()
        receipt = receive(lake, Delivery(path, "services", MONTH, "bench", now()))
        return _since(start) | {"received": receipt.received, "rejected": receipt.rejected}


def _since(start: tuple[float, float]) -> dict[str, Any]:
    end = used()
    return {
        "wall": end[0] - start[0],
        "cpu": end[1] - start[1],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure(path: Path, repeat: int) -> dict[str, list[dict[str, Any]]]:
    """Floor and intake in turn, each in a process of its own."""
    runs: dict[str, list[dict[str, Any]]] = {"copy": [], "take": []}
    for _ in range(repeat):
        for what, measured in runs.items():
            command = [sys.executable, __file__, str(path.parent), "--one", what, str(path)]
            answer = subprocess.run(command, check=True, capture_output=True, text=True)
            measured.append(json.loads(answer.stdout))
    return runs


def report(path: Path, rows: int, runs: dict[str, list[dict[str, Any]]]) -> None:
    """The medians and their ratio."""
    floor, own = (
        {key: median(run[key] for run in runs[what]) for key in ("wall", "cpu", "peak_mib")}
        for what in ("copy", "take")
    )
    last = runs["take"][-1]
    print(
        f"{rows:>10,} rows, {path.stat().st_size / 2**20:.0f} MiB: received "
        f"{last['received']:,}, rejected {last['rejected']:,}"
    )
    for name, each in (("copy", floor), ("intake", own)):
        print(
            f"  {name:<6} wall {each['wall']:.2f} s  cpu {each['cpu']:.2f} s  peak "
            f"{each['peak_mib']:.0f} MiB"
        )
    wall, cpu = (own[key] / floor[key] for key in ("wall", "cpu"))
    print(f"  ratio  wall {wall:.2f}    cpu {cpu:.2f}")


def main() -> None:
    """Each measurement in a process of its own, floor and intake in turn; medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.make:
        make_csv(given.make, given.rows)
        return
    if given.one:
        print(json.dumps({"copy": copy, "take": take}[given.one[0]](Path(given.one[1]))))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    for rows in (given.rows // 10, given.rows):
        path = given.folder / f"register-{rows}.csv"
        if not path.exists():
            # in a process of its own: the peak of memory would be handed down to the measured ones
            command = [sys.executable, __file__, str(given.folder), "--rows", str(rows)]
            subprocess.run([*command, "--make", str(path)], check=True)
        report(path, rows, measure(path, given.repeat))


if __name__ == "__main__":
    main()
