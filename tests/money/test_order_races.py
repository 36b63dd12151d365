"""Several people at the orders at once: each gets an answer or a named refusal, never an error of
the database; no act has two live orders."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.needs import need

DRIVER, ROOT = Path(__file__).with_name("race_driver.py"), Path(__file__).parents[2]
SERVER = "postgresql://postgres@127.0.0.1:5432"


def run_races(folder: Path, url: str, rounds: int) -> dict[str, Any]:
    """What the driver saw."""
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(folder), url, str(rounds)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def on_postgres(folder: Path, rounds: int) -> dict[str, Any]:
    """The races on PostgreSQL, in a database of their own."""
    need("postgres")
    import psycopg

    name = f"qor_orders_{os.getpid()}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            return run_races(folder, f"{SERVER}/{name}", rounds)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def whole(outcome: dict[str, Any]) -> None:
    """Nothing raw, nothing doubled, nothing broken; and there was a race: some were refused by
    name."""
    assert outcome["raw"] == {}, outcome["seen"]
    assert (outcome["twice"], outcome["broken"]) == ([], [])
    assert outcome["refused"] and outcome["files"] > 0


@pytest.mark.slow
def test_a_few_races(tmp_path: Path) -> None:
    """On SQLite."""
    whole(run_races(tmp_path, f"sqlite:///{tmp_path / 'races.sqlite3'}", 4))


@pytest.mark.slow
def test_a_few_races_on_postgres(tmp_path: Path) -> None:
    """On PostgreSQL."""
    whole(on_postgres(tmp_path, 6))


@pytest.mark.slow
def test_two_hundred_races(tmp_path: Path) -> None:
    """Six at once, two hundred times."""
    outcome = on_postgres(tmp_path, 200)
    whole(outcome)
    assert outcome["orders"] > 200
