"""One register of 5,000 rows against a lake: the time from the file to its findings, and how much
of a whole month's scan that is.

    .venv/bin/python bench/register.py LAKE [--rows 5000] [--repeat 5]

LAKE: made by bench/national_lake.py or bench/checks.py. Builds the index once if it is not there.
The register's people are drawn at random from the whole country: the worst case. The floor is a
scan of the month's person column, which a search without an index could not avoid.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from qor.engine.monitoring.person_index import FILE, build_index
from qor.engine.monitoring.rehearsal import try_register
from qor.engine.simulate.country import MONTH
from qor.engine.storage.duck import connect, literal, parquet
from qor.engine.storage.lake import Lake


def main() -> None:
    """Draw the register, try it several times in fresh connections, print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    lake = Lake(given.lake)
    if not (given.lake / FILE).exists():
        started = time.monotonic()
        build_index(lake, "4GB")
        print(
            f"index built in {time.monotonic() - started:.0f} s, "
            f"{(given.lake / FILE).stat().st_size / 2**30:.2f} GiB"
        )
    month = parquet(lake.paths("services", [MONTH]))
    with tempfile.TemporaryDirectory() as folder, connect() as connection:
        register = Path(folder) / "register.csv"
        connection.execute(f"""COPY (SELECT * EXCLUDE (unreadable, service_id, operation_codes,
            icd10_other), 'NEW-' || service_id AS service_id
            FROM {month} USING SAMPLE reservoir({given.rows} ROWS) REPEATABLE (7)) TO
                {literal(register)} (FORMAT csv, HEADER)""")
        times, floors, findings = [], [], 0
        for _ in range(given.repeat):
            started = time.monotonic()
            with connect() as bare:
                bare.execute(f"SELECT bit_xor(hash(iin)) FROM {month}").fetchall()
            floors.append(time.monotonic() - started)
            started = time.monotonic()
            with connect() as fresh, tempfile.TemporaryDirectory() as scratch:
                tried = try_register(fresh, lake, register, MONTH, date(2026, 3, 2), Path(scratch))
            times.append(time.monotonic() - started)
            findings = len(tried.findings)
    print(
        f"register of {given.rows:,} rows against "
        f"{sum(p.rows for p in lake.parts('services')):,} services: indexed "
        f"{tried.indexed}, findings {findings:,}"
    )
    print(
        f"median {median(times):.2f} s (each: {', '.join(f'{t:.2f}' for t in times)}); a "
        f"bare scan of one column: {median(floors):.2f} s"
    )


if __name__ == "__main__":
    main()
