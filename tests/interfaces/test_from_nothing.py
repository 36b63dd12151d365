"""The operators' page from a bare machine to a paid month: its commands run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.needs import need

ROOT = Path(__file__).resolve().parents[2]
_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


SERVER = "postgresql://postgres@127.0.0.1:5432"


@pytest.mark.slow
def test_the_page_leads_to_a_paid_month(tmp_path: Path) -> None:
    """On SQLite in an empty folder: the act is paid, and money, journal and lake are proved
    whole."""
    walk(tmp_path)
    assert (tmp_path / "home" / "qor.sqlite3").is_file()


@pytest.mark.slow
def test_the_page_leads_to_a_paid_month_on_postgresql(tmp_path: Path) -> None:
    """The same commands over a new database of PostgreSQL; no file of SQLite is made."""
    need("postgres")
    name = "qor_from_nothing"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            walk(tmp_path, QOR_DATABASE_URL=f"{SERVER}/{name}")
            assert not list((tmp_path / "home").glob("*.sqlite3"))
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def walk(tmp_path: Path, **environment: str) -> None:
    """Run the page's commands in an empty folder, to the paid act and the backup."""
    commands = "".join(
        _SHELL.findall((ROOT / "docs/operations/from-nothing.md").read_text("utf-8"))
    )
    (tmp_path / "qor").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m qor "$@"\n', "utf-8")
    (tmp_path / "qor").chmod(0o755)
    others = {name: value for name, value in os.environ.items() if not name.startswith("QOR_")}
    answer = subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=tmp_path,
        env=others | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-3000:]
    assert "Act № 1: signed by both" in answer.stdout
    assert (tmp_path / "backup-1").is_dir() and list((tmp_path / "bank").iterdir())
