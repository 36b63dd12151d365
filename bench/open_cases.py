"""Bringing a month's findings into cases: findings a second on the database of the settings
(QOR_DATABASE_URL), against a bare COPY of as many rows.

    export QOR_DATABASE_URL=postgresql://postgres@127.0.0.1:5432/test
    .venv/bin/python bench/open_cases.py LAKE

LAKE: made by bench/checks.py, its month run (`./qor run 2026-02 --lake LAKE`). Makes and drops a
database of its own. Goal: at least 5,000 a second.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import django

from qor.engine.simulate.country import MONTH
from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now


def main() -> None:
    """Populate, bring in, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.web.server.settings")
    os.environ.setdefault("QOR_JOURNAL_KEY", "of this run only: " + "0" * 32)
    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from qor.demo.people import populate
    from qor.workflow.disputes.models import Case
    from qor.workflow.disputes.open_cases import open_cases

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        lake = Lake(given.lake)
        populate(lake)
        started = time.monotonic()
        brought = open_cases(lake, MONTH, by="bench", at=now())
        spent = time.monotonic() - started
        floor = (
            _copied(connection, Case._meta.db_table) if connection.vendor == "postgresql" else 0.0
        )
        print(
            f"{connection.vendor}: {brought.new:,} cases in {spent:.1f} s: "
            f"{brought.new / spent:,.0f} a second"
        )
        if floor:
            print(
                f"a bare COPY of the same rows between tables: {floor:.1f} s; ratio "
                f"{spent / floor:.1f}"
            )
    finally:
        teardown_databases(databases, verbosity=0)


def _copied(connection: object, table: str) -> float:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"CREATE TABLE bare (LIKE {table} INCLUDING INDEXES)")
        started = time.monotonic()
        cursor.execute(f"INSERT INTO bare SELECT * FROM {table}")
        return time.monotonic() - started


if __name__ == "__main__":
    main()
