"""The systems of the Fund and what Qor has of each: docs/systems.yaml, and the page that is written
from it.

`python -m tests.house.systems` writes docs/systems.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DATA = ROOT / "docs" / "systems.yaml"
PAGE = ROOT / "docs" / "systems.md"
STATES = {"works": "works", "part": "part", "not_yet": "not yet"}
_HEAD = """# The systems of the Fund

The Fund's papers name {all} systems: registers, services, and ways of working.
Of them {works} work in Qor whole, {part} in part, and {not_yet} not yet.
The data stand in [systems.yaml](systems.yaml). A test holds that each test, command and page
named here is there.
"""
_TABLE = """
## {group}

| id | system | state | what Qor has | shown by |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class System:
    """One system: what Qor has of it, what it lacks (where it is there in part), and what shows
    it."""

    id: str
    name: str
    group: str
    state: str
    has: str
    lacks: str = ""
    shown_by: tuple[str, ...] = ()

    def shown(self, start: str) -> list[str]:
        """What shows it and begins with these letters."""
        return [each for each in self.shown_by if each.startswith(start)]


def systems() -> list[System]:
    """Every system, in the order of the file."""
    return [_system(row) for row in yaml.safe_load(DATA.read_text("utf-8"))]


def systems_page() -> str:
    """docs/systems.md as the data have it."""
    everything = systems()
    counts = {state: sum(each.state == state for each in everything) for state in STATES}
    tables = [
        _TABLE.format(group=group) + "".join(map(_line, rows))
        for group, rows in groupby(everything, lambda each: each.group)
    ]
    return _HEAD.format(all=len(everything), **counts) + "".join(tables)


def _system(row: dict[str, Any]) -> System:
    return System(**(row | {"shown_by": tuple(row.get("shown_by", ()))}))


def _line(of: System) -> str:
    has = f"{of.has} Missing: {of.lacks}" if of.lacks else of.has
    return (
        f"| {of.id} | {of.name} | {STATES[of.state]} | {has} | "
        f"{'<br>'.join(map(_code, of.shown_by))} |\n"
    )


def _code(shower: str) -> str:
    return f"page `{shower.removeprefix('page ')}`" if shower.startswith("page ") else f"`{shower}`"


if __name__ == "__main__":
    PAGE.write_text(systems_page(), "utf-8")
