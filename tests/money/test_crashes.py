"""A closing that is killed anywhere loses nothing and doubles nothing, on SQLite and on PostgreSQL;
two at once make one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.needs import need

DRIVER = Path(__file__).with_name("crash_driver.py")
POINTS = 50
SERVER = "postgresql://postgres@127.0.0.1:5432"
_PREPARE = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from qor.interfaces.cli.database import open_portal
folder, url = Path(sys.argv[1]), sys.argv[2]
open_portal(url, str(folder / "lake"))
from qor.engine.intake.receive import Delivery, receive
from qor.engine.storage.lake import Lake
from qor.engine.monitoring.month import RunRequest, run_month
from qor.engine.simulate.country import Size, make_country
from qor.interfaces.cli.demo_command import receive_all
from qor.demo.people import populate
from qor.law.nouns.months import Month
from qor.workflow.disputes.actions import tick
from qor.workflow.disputes.open_cases import open_cases
lake, at = Lake(folder / "lake"), datetime(2026, 3, 2, 5, tzinfo=UTC)
if "services" not in {part.table for entry in lake.entries for part in entry.adds}:
    (folder / "country").mkdir()
    size = Size(people=600, providers=12, services=1200, cases=1)
    receive_all(lake, make_country(folder / "country", size), lambda *_: None)
    run_month(lake, RunRequest(Month(2026, 2), date(2026, 3, 2), "test", at))
populate(lake)
open_cases(lake, Month(2026, 2), by="test", at=at)
tick(datetime(2026, 3, 19, 5, tzinfo=UTC))
"""


def _run(*arguments: str) -> str:
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_killed_anywhere(kind: str, tmp_path: Path) -> None:
    """Fifty random moments: nothing half done, the same acts after running it again; two closings
    at once make one set of acts."""
    if kind == "postgres":
        need("postgres")
    server = "sqlite" if kind == "sqlite" else SERVER
    url = (
        f"sqlite:///{tmp_path / 'base.sqlite3'}" if kind == "sqlite" else f"{server}/qor_crash_base"
    )
    if kind == "postgres":
        _recreate(server)
    _run("-c", _PREPARE, str(tmp_path), url)
    outcome = json.loads(_run(str(DRIVER), str(tmp_path), str(POINTS), server))
    assert (
        outcome["whole"][0][0] == 1 and min(outcome["whole"][0]) > 0 and outcome["whole"][2] == []
    )
    assert (outcome["half"], outcome["apart"]) == ([], [])
    assert outcome["killed"] > POINTS // 2
    assert outcome["twice"] == ["already", "closed"]
    assert outcome["after_two"] == outcome["whole"]


def _recreate(server: str) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for name in ("qor_crash", "qor_crash_base"):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute("CREATE DATABASE qor_crash_base")
