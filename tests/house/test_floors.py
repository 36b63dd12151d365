"""The floors of coverage: what is below one is named, and the law's own cannot be lowered
unnoticed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.house.floors import ROOT, floors, most_missed, parts


def _file(statements: int, lines: int, all_branches: int, branches: int) -> dict[str, Any]:
    counted = {"num_statements": statements, "covered_lines": lines}
    return {"summary": counted | {"num_branches": all_branches, "covered_branches": branches}}


FILES = {
    "src/qor/law/a.py": _file(80, 80, 20, 18),
    "src/qor/law/deep/b.py": _file(90, 90, 10, 10),
    "src/qor/lawless.py": _file(10, 0, 0, 0),
}


@pytest.mark.parametrize(("floor", "holds"), [(98.9, True), (99, True), (99.1, False)])
def test_a_part_holds_at_its_floor_and_not_below(floor: float, holds: bool) -> None:
    """198 of 200 statements and branches are 99 per cent; a folder whose name only begins alike is
    not in it."""
    (part,) = parts(FILES, {"src/qor/law": (floor, floor)})
    assert (part.ran, part.whole, part.holds) == (198, 200, holds)


def test_a_folder_that_is_not_there_does_not_hold() -> None:
    """A floor under nothing is a floor that was moved away."""
    assert [part.holds for part in parts(FILES, {"src/qor/gone": (0, 0)})] == [False]


def test_what_misses_most_is_named_first() -> None:
    """By statements and branches that did not run."""
    assert most_missed(FILES)[0] == (10, "src/qor/lawless.py")


def test_each_floor_stands_under_a_folder() -> None:
    """Whole, law, workflow and command line; none is above what is aimed at."""
    asked = floors()
    assert {"src/qor", "src/qor/law", "src/qor/workflow", "src/qor/interfaces/cli"} <= set(asked)
    assert all((ROOT / folder).is_dir() for folder in asked)
    assert all(0 < floor <= goal <= 100 for floor, goal in asked.values())
