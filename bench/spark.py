"""The checks on Spark (local mode) against those on one machine over the same files: the findings
must be the same rows.

    .venv/bin/python bench/spark.py LAKE

LAKE: made by bench/checks.py (lake-1m: one million rows). Prints how many rows each found, how many
are apart (must be 0), and the times.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from qor.engine.monitoring.loop import run_checks
from qor.engine.monitoring.month import DEFAULT_MEMORY
from qor.engine.simulate.country import MONTH
from qor.engine.spark.run import run_on_spark
from qor.engine.storage.duck import connect, literal
from qor.engine.storage.lake import Lake

FOUND_ON = date(2026, 3, 2)


def main() -> int:
    """Run both, compare; 1 if a row is apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    given = parser.parse_args()
    lake = Lake(given.lake)
    apart = 0
    with (
        tempfile.TemporaryDirectory(dir=given.lake.parent) as folder,
        connect(Path(folder), DEFAULT_MEMORY) as own,
    ):
        started = time.monotonic()
        run_checks(own, lake, MONTH, FOUND_ON, Path(folder))
        here = time.monotonic() - started
        started = time.monotonic()
        run_on_spark(
            lake, MONTH, FOUND_ON, f"{folder}/spark", settings={"spark.driver.memory": "6g"}
        )
        there = time.monotonic() - started
        for table in ("findings", "returns"):
            theirs = f"SELECT * FROM read_parquet({literal(f'{folder}/spark/{table}/*.parquet')})"
            counts = own.execute(
                f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM ({theirs}))"
            ).fetchall()[0]
            either = (
                f"(SELECT * FROM {table} EXCEPT ALL {theirs}) UNION ALL ({theirs} EXCEPT ALL "
                f"SELECT * FROM {table})"
            )
            differing = own.execute(f"SELECT count(*) FROM ({either})").fetchall()[0][0]
            print(f"{table:<9} one machine {counts[0]:,}  Spark {counts[1]:,}  apart {differing:,}")
            apart += differing
    print(f"time      one machine {here:.1f} s  Spark {there:.1f} s  ratio {there / here:.1f}")
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
