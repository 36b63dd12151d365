"""Floors of coverage: `./qor test --all --measure` fails where tests run less of a part than
`pyproject.toml` asks for.

    .venv/bin/python -m tests.house.floors    after `coverage combine`
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Part:
    """A folder: what tests ran of it and all of it (statements and branches), its floor and what is
    aimed at, in percent."""

    folder: str
    ran: int
    whole: int
    floor: float
    goal: float

    @property
    def percent(self) -> float:
        """The share that ran, of statements and branches together, as coverage.py counts."""
        return 100 * self.ran / max(self.whole, 1)

    @property
    def holds(self) -> bool:
        """Whether it reaches its floor; a folder without code does not."""
        return self.whole > 0 and self.percent >= self.floor


def floors() -> dict[str, tuple[float, float]]:
    """Floor and goal of each folder, from `pyproject.toml`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = project["tool"]["qor"]["coverage"]
    return {
        folder: (each["floor"], each.get("goal", each["floor"])) for folder, each in asked.items()
    }


def parts(files: dict[str, Any], asked: dict[str, tuple[float, float]]) -> list[Part]:
    """The parts with floors, from the files of a report of coverage.py."""
    return [
        Part(folder, *_sums(_within(files, folder)), floor, goal)
        for folder, (floor, goal) in asked.items()
    ]


def most_missed(files: dict[str, Any]) -> list[tuple[int, str]]:
    """The files with most statements and branches that no test ran."""
    missed = [(whole - ran, name) for name in files for ran, whole in [_sums([files[name]])]]
    return sorted(missed, reverse=True)[:_MOST_NAMED]


def _within(files: dict[str, Any], folder: str) -> list[Any]:
    return [facts for name, facts in files.items() if name.startswith(f"{folder}/")]


def _sums(files: list[Any]) -> tuple[int, int]:
    sums = [facts["summary"] for facts in files]
    ran = sum(each["covered_lines"] + each["covered_branches"] for each in sums)
    return ran, sum(each["num_statements"] + each["num_branches"] for each in sums)


def main() -> int:
    """Print each part beside its floor; exit code 1 where one is below."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        line = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(report)]
        if subprocess.run(line, cwd=ROOT, check=False).returncode:
            return 1
        files = json.loads(report.read_text("utf-8"))["files"]
    judged = parts(files, floors())
    for part in judged:
        below = "" if part.holds else "  BELOW"
        goal = f", goal {part.goal:g}" if part.goal > part.floor else ""
        sys.stdout.write(
            f"{part.percent:6.2f} %  floor {part.floor:g}{goal}  {part.folder}{below}\n"
        )
    if not all(part.holds for part in judged):
        for missing, name in most_missed(files):
            sys.stdout.write(f"{missing:6} not run  {name}\n")
    return int(not all(part.holds for part in judged))


if __name__ == "__main__":
    sys.exit(main())
