"""Every statement of the checks and their features says only what means the same on one machine and
on a cluster."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from tests.tiny import EVERYONE, PROVIDERS, make_lake, services

from qor.engine.checks.catalogue import ALL
from qor.engine.monitoring.loop import run_checks, sql_of
from qor.engine.spark.portable import complaints, unguarded
from qor.engine.storage.duck import connect
from qor.law.nouns.months import month


class _Recording:
    """A connection that keeps what it is told."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.texts = connection, []  # type: ignore[var-annotated]

    def execute(self, text: str) -> Any:
        self.texts.append(text)
        return self.connection.execute(text)


def test_all_that_a_run_says_is_portable(tmp_path: Path) -> None:
    """A run of every check, statement by statement."""
    rows = services("id | iin | start\ns1 | A | 2026-02-03 09:00")
    empty = {table: [] for table in ()}
    lake = make_lake(
        tmp_path / "lake", {"services": rows, "people": EVERYONE, "providers": PROVIDERS, **empty}
    )
    lake.has = lambda table: True  # type: ignore[method-assign, assignment]
    with connect() as connection:
        recording = _Recording(connection)
        run_checks(recording, lake, month("2026-02"), date(2026, 3, 2), tmp_path)  # type: ignore[arg-type]
    assert len(recording.texts) > 100
    assert {
        text[:200]: complaint for text in recording.texts if (complaint := complaints(text))
    } == {}


@pytest.mark.parametrize(
    "expression",
    [
        "date_diff('year', a, b)",
        "date_diff('month', a, b)",
        "isodow(a)",
        "dayofweek(a)",
        "CAST(3.7 * a AS INTEGER)",
        "list(a ORDER BY a DESC)",
        "substr(a, 0, 3)",
        "a / b",
        "a // b",
        "strptime(a, '%Y')",
        "hash(a)",
        "string_agg(a, ',' ORDER BY a)",
    ],
)
def test_what_is_known_to_differ_is_refused(expression: str) -> None:
    """Each of the measured pitfalls fails the gate."""
    assert complaints(f"SELECT {expression} FROM t")


@pytest.mark.parametrize(
    "expression",
    [
        "least(a, 1000000000)",
        "greatest(a, b)",
        "least(coalesce(a, b), 1)",
        "greatest(TRY_CAST(a AS INTEGER), 0)",
        "least(CASE WHEN a > 1 THEN 1 END, 5)",
        "greatest(0, coalesce(a, 0) - b)",
    ],
)
def test_a_limit_over_what_may_be_null_is_refused(expression: str) -> None:
    """NULL falls out of least and greatest on both engines: a limit that it lifts stays in force
    with a coalesce."""
    for dialect in ("duckdb", "spark"):
        tree = sqlglot.parse_one(f"SELECT {expression} FROM t", read="duckdb")
        assert unguarded(sqlglot.parse_one(tree.sql(dialect=dialect), read=dialect)), dialect


@pytest.mark.parametrize(
    "expression",
    [
        "least(coalesce(a, 1), 1000000)",
        "greatest(CAST(coalesce(a, 0) AS DECIMAL(38, 2)) - 1, 0)",
        "least(CASE WHEN a > 1 THEN 1 ELSE 2 END, count(*))",
        "least(greatest(coalesce(a, 0), 0), coalesce(b, a, 5))",
    ],
)
def test_a_guarded_limit_is_not(expression: str) -> None:
    """A literal at the end of the road: no operand can be NULL."""
    assert complaints(f"SELECT {expression} FROM t") == []


def test_null_falls_out_of_least() -> None:
    """What the lint is for: the engine's own answer."""
    with connect() as connection:
        assert connection.execute(
            "SELECT least(NULL, 1000000000), greatest(NULL, 1)"
        ).fetchall() == [(1000000000, 1)]


def test_no_limit_on_spark_is_unguarded() -> None:
    """Each check's statement as it is written for Spark."""
    day = date(2026, 2, 28)
    for check in ALL:
        statement = sqlglot.transpile(sql_of(check, day, day), read="duckdb", write="spark")[0]
        assert unguarded(sqlglot.parse_one(statement, read="spark")) == [], check.slug


def test_not_in_a_query_is_refused() -> None:
    """NOT IN with a NULL inside answers nothing; NOT EXISTS says what is meant."""
    assert complaints("SELECT 1 FROM t WHERE a NOT IN (SELECT b FROM u)")
