"""All checks of a month over a bare scan of the columns they use, in one run: CPU seconds, ratios,
growth, peak memory.

    .venv/bin/python bench/checks.py FOLDER [--millions 1 5 20] [--repeat 1] [--memory 1GB]

Makes a lake of each size under FOLDER if it is not there yet (15 million people and 20 million rows
take some minutes and 4 GB). Each measurement runs in a process of its own. Goals: at most 0.6 scans
a check on average, growth exponent at most 1.05, peak memory at most 2 GiB at 20 million rows, and
finishing under --memory 1GB.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from qor.engine.checks import features
from qor.engine.checks.catalogue import ALL
from qor.engine.checks.proposed_deduction import make_rates
from qor.engine.monitoring.loop import begin, find, intervals, price
from qor.engine.monitoring.month import DEFAULT_MEMORY
from qor.engine.simulate.country import MONTH
from qor.engine.storage.duck import connect
from qor.engine.storage.lake import Lake

USED = (
    "provider_bin",
    "service_id",
    "iin",
    "identity_kind",
    "care_form",
    "setting",
    "funding",
    "service_code",
    "group_code",
    "operation_codes",
    "bed_days",
    "icd10_main",
    "icd10_other",
    "started_at",
    "ended_at",
    "admission",
    "bed_profile",
    "outcome",
    "quantity",
    "unit_price",
    "amount",
    "performer_id",
    "referral_date",
    "subcontract_bin",
    "registered_at",
    "sample_taken_at",
    "card_no",
    "unreadable",
)
MOST_PEOPLE = 36_000_000  # each has at most three services a month


def cpu() -> float:
    """CPU seconds of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(root: Path, memory: str | None) -> dict[str, Any]:
    """One month: the bare scan, then preparing, then each check, then pricing."""
    lake = Lake(root)
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        connection = connect(Path(folder), memory)
        started, wall = cpu(), time.monotonic()
        paths = [str(path) for path in lake.paths("services", [MONTH])]
        connection.execute(
            f"SELECT bit_xor(hash({', '.join(USED)})) FROM read_parquet({paths})"
        ).fetchall()
        scan = cpu() - started
        each: dict[str, float] = {}

        def lap(label: str) -> None:
            nonlocal started
            each[label] = cpu() - started
            started = cpu()

        started = cpu()
        features.prepare(connection, lake, [MONTH], Path(folder))
        begin(connection)
        lap("(prepare)")
        findings = 0
        for span in intervals(connection):
            features.focus(connection, span)
            make_rates(connection, ALL, span.last)
            lap("(focus)")
            for check in ALL:
                find(connection, check, span.last, date(2026, 3, 2))
                lap(check.slug)
            price(connection, span, MONTH, date(2026, 3, 2))
            lap("(price)")
        findings = connection.execute("SELECT count(*) FROM findings").fetchall()[0][0]
        rows = sum(part.rows for part in lake.parts("services", [MONTH]))
    total = sum(each.values())
    return {
        "rows": rows,
        "scan": scan,
        "total": total,
        "scans": total / scan,
        "per_check": total / scan / len(ALL),
        "findings": findings,
        "wall": time.monotonic() - wall,
        "peak_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "each": each,
    }


def table(results: list[dict[str, Any]]) -> None:
    """Print the figures, largest checks of the largest size, and the exponent."""
    heads = ("scan s", "checks s", "scans", "per check", "peak GiB", "wall s", "findings")
    print(" ".join([f"{'rows':>12}", *(f"{head:>9}" for head in heads)]))
    for r in results:
        costs = (
            f"{r['rows']:>12,} {r['scan']:>9.2f} {r['total']:>9.2f} {r['scans']:>9.1f} "
            f"{r['per_check']:>9.3f}"
        )
        print(f"{costs} {r['peak_gib']:>9.2f} {r['wall']:>9.1f} {r['findings']:>9,}")
    if len(results) > 1:
        first, last = results[0], results[-1]
        cost, rows = last["total"] / first["total"], last["rows"] / first["rows"]
        print(f"growth exponent of CPU: {math.log(cost) / math.log(rows):.3f}")
    for label, seconds in sorted(results[-1]["each"].items(), key=lambda entry: -entry[1]):
        print(f"  {label:<24} {seconds:>7.2f} s {seconds / results[-1]['scan']:>6.2f} scans")


def main() -> None:
    """Make the lakes, measure each size in processes of its own, print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 5, 20])
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--memory", default=DEFAULT_MEMORY)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one, given.memory)))
        return
    results = []
    for millions in given.millions:
        root = given.folder / f"lake-{millions}m"
        if not root.exists():
            size = [
                "--rows",
                str(millions * 10**6),
                "--people",
                str(min(millions * 750_000, MOST_PEOPLE)),
                "--providers",
                str(min(1500, 75 * millions)),
            ]
            subprocess.run(
                [sys.executable, Path(__file__).with_name("national_lake.py"), root, *size],
                check=True,
            )
        command = [
            sys.executable,
            __file__,
            given.folder,
            "--one",
            root,
            *(["--memory", given.memory] if given.memory else []),
        ]
        runs = [
            json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            for _ in range(given.repeat)
        ]
        results.append(
            sorted(runs, key=lambda run: run["total"])[len(runs) // 2]
            | {"scan": median(run["scan"] for run in runs)}
        )
    table(results)


if __name__ == "__main__":
    main()
