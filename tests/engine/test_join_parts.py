"""A month's small parts are joined by a commit of their own: the rows, the history and what a run
finds stay as they were."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.engine.registers import GOOD, csv_text, lake_with_providers, take

from qor.engine.intake.receive import Delivery, receive
from qor.engine.monitoring.month import MADE, RunRequest, run_month
from qor.engine.simulate.country import MONTH, Size, make_country
from qor.engine.storage.duck import connect, literal, parquet
from qor.engine.storage.lake import Lake, join, join_parts, problems_of, sha256_of
from qor.law.nouns.months import Month, month

OF = Month(2026, 1)


def small_parts(lake: Lake, count: int) -> None:
    """So many commits of a part of three rows each; the later half has one column more."""
    for n in range(count):
        more = ", 'x' AS later" if n >= count // 2 else ""
        with lake.writing() as writer, connect() as connection:
            path = writer.staging / "part.parquet"
            connection.execute(
                f"COPY (SELECT {n} * 10 + i AS n{more} FROM range(3) r(i)) TO {literal(path)} "
                "(FORMAT parquet)"
            )
            writer.add("services", str(OF), path, 3)
            writer.commit("intake", {"sha256": f"{n}", "table": "services", "month": str(OF)})


def rows(paths: list[Path]) -> list[tuple[object, ...]]:
    """All rows of some files, sorted."""
    with connect() as connection:
        return connection.execute(f"SELECT n, later FROM {parquet(paths)} ORDER BY ALL").fetchall()


def test_small_parts_become_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the bound on, not below it; the replaced ones stay in log and folder, an earlier commit
    still shows them, and a second joining has nothing to do."""
    monkeypatch.setattr(join, "PARTS", 6)
    lake = Lake(tmp_path / "lake")
    small_parts(lake, 5)
    assert join_parts(lake, "services", OF, {"by": "test"}) is None
    small_parts(lake, 8)
    before = lake.parts("services", [OF])
    files, services = [lake.root / part.path for part in before], rows(lake.paths("services"))
    commits = len(lake.entries)
    entry = join_parts(lake, "services", OF, {"by": "test"})
    assert entry is not None and entry.kind == "join" and len(lake.entries) == commits + 1
    (joined,) = lake.parts("services", [OF])
    assert joined.rows == sum(part.rows for part in before) == len(services)
    assert joined.sha256 == sha256_of(lake.root / joined.path)
    assert rows(lake.paths("services")) == services and all(path.is_file() for path in files)
    assert set(entry.drops) == {part.path for part in before}
    assert (entry.facts["parts"], entry.facts["rows"]) == (len(before), joined.rows)
    assert lake.parts("services", [OF], upto=commits) == before
    assert join_parts(lake, "services", OF, {"by": "test"}) is None
    assert problems_of(Lake(lake.root)) == []


def test_a_joined_part_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several where one would be too large to write anew for one changed row."""
    monkeypatch.setattr(join, "PARTS", 4)
    monkeypatch.setattr(join, "ROWS", 10)
    monkeypatch.setattr(join, "SMALL", 9)
    lake = Lake(tmp_path / "lake")
    small_parts(lake, 8)
    services = rows(lake.paths("services"))
    assert join_parts(lake, "services", OF, {}) is not None
    assert [part.rows for part in lake.parts("services")] == [9, 9, 6]
    assert rows(lake.paths("services")) == services


def brought_in(folder: Path) -> Lake:
    """A lake of a small country."""
    files = make_country(folder, Size(people=4000, providers=24, services=2000, cases=2))
    lake, at = Lake(folder / "lake"), datetime(2026, 4, 2, 9)
    for table, path in files.tables.items():
        receive(lake, Delivery(path, table, None, "test", at))
    for of, paths in files.registers.items():
        for path in paths:
            receive(lake, Delivery(path, "services", month(of), "test", at))
    return lake


def two_rows(folder: Path) -> Lake:
    """A lake of two services, each a file of its own, the second entered after a month."""
    lake = lake_with_providers(folder)
    late = GOOD | {"service_id": "s2", "registered_at": "2026-03-31 12:00:00"}
    for n, row in enumerate((GOOD, late)):
        take(lake, folder, f"{n}.csv", csv_text([row]))
    return lake


@pytest.mark.parametrize("made_in", [two_rows, pytest.param(brought_in, marks=pytest.mark.slow)])
def test_a_run_finds_the_same_with_and_without_joining(
    made_in: Callable[[Path], Lake], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Findings, returned rows and act lines are the same bytes."""
    lake = made_in(tmp_path)
    shutil.copytree(lake.root, tmp_path / "joined")
    joined = Lake(tmp_path / "joined")
    request = RunRequest(MONTH, date(2026, 3, 2), "test", datetime(2026, 3, 2, 9))
    run_month(lake, request)
    monkeypatch.setattr(join, "PARTS", 2)
    assert len(joined.parts("services", [MONTH])) >= 2
    run_month(joined, request)
    assert [entry.kind for entry in joined.entries[-2:]] == ["join", "run"]
    assert len(joined.parts("services", [MONTH])) == 1
    for table in MADE:
        own, other = (
            [part.sha256 for part in each.parts(table, [MONTH])] for each in (lake, joined)
        )
        assert own == other and own
    assert sum(part.rows for part in lake.parts("findings", [MONTH])) > 0
    assert json.loads(json.dumps(joined.entries[-2].facts))["by"] == "test"
