"""What a lake of 375,000 commits costs to open, to list and to write to, beside the bars.

.venv/bin/python bench/lake_open.py [FOLDER] --commits 375000

Twelve months of 31,000 parts or so: each commit names one part with a digest and a size of its own,
chained as a delivery's is; the parts themselves are not there but for those committed in the end.
Each opening is a process of its own, with the longest tail that a checkpoint leaves; figures are
CPU, the median of seven. A commit's cost is the mean over six hundred, checkpoints counted in, in a
process that goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from qor.engine.storage.lake import Lake, Part, entry_path
from qor.engine.storage.lake.checkpointing import EVERY, rebuild
from qor.engine.storage.lake.log import Head, write_head
from qor.law.nouns.months import month

BARS = {"open_ms": 50, "list_ms": 100, "commit_ratio": 1.5, "kept_share": 0.05}
MONTHS, PART_BYTES, COMMITS, ROUNDS = 12, 20_000, 600, 7
_OPEN = """
import json, sys, time
from pathlib import Path
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import month
start = time.process_time()
lake = Lake(Path(sys.argv[1]))
opened = time.process_time()
parts = lake.parts("services", [month("2026-01")])
listed = time.process_time()
print(json.dumps([1000 * (opened - start), 1000 * (listed - opened), len(parts)]))
"""


def main() -> int:
    """Print each figure beside its bar; 1 where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--commits", type=int, default=375_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = asked.folder or Path(folder) / "lake"
        first = commit_cost(Lake(root.with_name(f"{root.name}-new")))
        if not root.exists():
            write_log(root, asked.commits)
            rebuild(root, list(Lake(root, from_log=True).entries)[: 1 - EVERY])
        opened = [json.loads(_opened(root)) for _ in range(ROUNDS)]
        last = commit_cost(Lake(root))
        beside = sum(path.stat().st_size for path in (root / "checkpoints").rglob("*.*"))
        figures = {
            "open_ms": statistics.median(each[0] for each in opened),
            "list_ms": statistics.median(each[1] for each in opened),
            "commit_ratio": last / first,
            "kept_share": beside / (asked.commits * PART_BYTES),
        }
        print(f"{asked.commits:,} commits, {opened[0][2]:,} parts in the month listed")
        print(f"a commit: {1000 * first:.2f} ms at first, {1000 * last:.2f} ms now")
        print(f"checkpoints: {beside:,} bytes beside parts of {PART_BYTES:,} bytes each")
        for name, value in figures.items():
            print(f"{name:14} {value:8.3f}   bar {BARS[name]}")
    return int(any(value > BARS[name] for name, value in figures.items()))


def write_log(root: Path, commits: int) -> None:
    """A log of so many deliveries, without their parts."""
    (root / "log").mkdir(parents=True)
    (root / "tmp").mkdir()
    previous = ""
    for number in range(1, commits + 1):
        digest = hashlib.sha256(b"%d" % number).hexdigest()
        of = f"2026-{number % MONTHS + 1:02d}"
        place = f"data/services/{of}/{digest[:24]}.parquet"
        entry = {
            "number": number,
            "kind": "intake",
            "facts": {"sha256": digest, "table": "services", "month": of, "replaced": 0},
            "adds": [Part("services", of, place, 100, digest, PART_BYTES)._asdict()],
            "drops": [],
            "previous": previous,
        }
        content = (json.dumps(entry, indent=1, sort_keys=True) + "\n").encode()
        path = entry_path(root, number)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        previous = hashlib.sha256(content).hexdigest()
    write_head(root, root / "tmp", Head(commits, previous))


def commit_cost(lake: Lake) -> float:
    """The mean CPU of a commit of one small part, in seconds."""
    for n in range(10):
        _commit(lake, f"warm {n}")
    start = time.process_time()
    for n in range(COMMITS):
        _commit(lake, f"{os.getpid()} {n}")
    return (time.process_time() - start) / COMMITS


def _commit(lake: Lake, text: str) -> None:
    with lake.writing() as writer:
        path = writer.staging / "part"
        path.write_text(f"{text} {time.time_ns()}")
        writer.add("services", str(month("2026-01")), path, 1)
        digest = hashlib.sha256(text.encode()).hexdigest()
        facts = {"sha256": digest, "table": "services", "month": "2026-01", "replaced": 0}
        writer.commit("intake", facts)


def _opened(root: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", _OPEN, str(root)], check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
