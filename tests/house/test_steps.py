"""Every step is declared as it is: what it reads, which columns of which types it makes; and what
is SQL of the checks lies in files."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Template

import pytest
import sqlglot
from sqlglot import exp

from qor.engine.checks import features
from qor.engine.checks.catalogue import ALL
from qor.engine.checks.proposed_deduction import make_rates
from qor.engine.intake.lake_rows import rows_in
from qor.engine.monitoring.loop import begin, price
from qor.engine.settlement.act_lines import SettlementInputs, make_act_lines
from qor.engine.storage.duck import Connection, connect
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import (
    Step,
    made_tables,
    make_empty,
    make_view,
    query_of,
    run_step,
    steps,
)
from qor.law.nouns.months import Month
from qor.law.pages import page

ENGINE = Path(__file__).parents[2] / "src" / "qor" / "engine"
_STATEMENT = re.compile(r"\b(CREATE OR REPLACE|INSERT INTO|DELETE FROM|SELECT\b.+?\bFROM)\b", re.S)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A month of a lake without a row: every table is there, with its declared columns."""
    lake = Lake(tmp_path_factory.mktemp("lake"))
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        span, found_on = features.Interval(date(2026, 2, 1), date(2026, 2, 28)), date(2026, 3, 2)
        features.prepare(connection, lake, [Month(2026, 2)], Path(folder))
        begin(connection)
        features.focus(connection, span)
        make_rates(connection, ALL, span.last)
        price(connection, span, Month(2026, 2), found_on)
        yield connection


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The acts of a month of a lake without a row."""
    lake, folder = Lake(tmp_path_factory.mktemp("lake")), tmp_path_factory.mktemp("told")
    files = {each: folder / f"{each}.csv" for each in ("verdicts", "waiting", "standing", "caps")}
    for file in files.values():
        file.touch()
    with connect() as connection:
        inputs = SettlementInputs(**files)
        make_act_lines(connection, lake, Month(2026, 2), date(2026, 3, 20), inputs, folder)
        _run_the_rest(connection, lake)
        yield connection


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """What pages read of a lake without a row."""
    lake = Lake(tmp_path_factory.mktemp("lake"))
    with connect() as connection:
        for step in steps().values():
            if step.room == "results":
                for table in step.reads:
                    make_view(connection, table, rows_in(lake, table))
                names = set(re.findall(r"\$(\w+)", step.select))
                run_step(connection, step.name, **dict.fromkeys(names, "'1'"))
        yield connection


def _run_the_rest(connection: Connection, lake: Lake) -> None:
    """The steps of settlement that the acts of such a month do not need, over tables as they are
    declared."""
    for step in steps().values():
        elsewhere = step.room != "settlement.steps" or step.kind == "query"
        if elsewhere or step.name in _names(connection):
            continue
        for table in {*step.reads, step.into} - _names(connection) - {""}:
            if table in made_tables():
                make_empty(connection, table)
            else:
                of = _of(table)
                made = of in _names(connection)
                make_view(connection, table, f"FROM {of}" if made else rows_in(lake, of))
        run_step(connection, step.name, **_asked_values(step))


def _names(connection: Connection) -> set[str]:
    """The tables and views of a connection."""
    listed = "SELECT table_name FROM information_schema.tables"
    return {row[0] for row in connection.execute(listed).fetchall()}


def _of(table: str) -> str:
    return str(page("qor.engine.tables", "sources.yaml").get(table, {}).get("of", table))


def _asked_values(step: Step) -> dict[str, str]:
    """A value for each name of a step: a day where a day is asked for."""
    days = {"on_day", "month_first", "month_last", "year_first", "year_last"}
    names = re.findall(r"\$(\w+)", step.select)
    return {name: "DATE '2026-02-28'" if name in days else "'1'" for name in names}


@pytest.mark.parametrize("step", steps().values(), ids=lambda step: step.name)
def test_a_step_makes_what_it_declares(
    step: Step, prepared: Connection, settled: Connection, results: Connection
) -> None:
    """The same columns, in the same order, of the same types; rows are those of their table."""
    connection = {"settlement": settled, "results": results}.get(
        step.room.partition(".")[0], prepared
    )
    made = query_of(step.name, **_asked_values(step)) if step.kind == "query" else None
    described = connection.execute(f"DESCRIBE {made or step.into or step.name}").fetchall()
    assert {row[0]: row[1] for row in described} == dict(step.columns)


@pytest.mark.parametrize("step", steps().values(), ids=lambda step: step.name)
def test_a_step_reads_what_it_declares(step: Step) -> None:
    """No table more and none less; one that is given by name counts where it is given."""
    tree = sqlglot.parse_one(_filled(step.select), read="duckdb")
    own = {each.alias for each in tree.find_all(exp.CTE)}
    read = {each.name for each in tree.find_all(exp.Table)} - own - {"given", ""}
    assert read == set(step.reads) and not read & set(step.through)


def test_every_file_is_of_a_step() -> None:
    """No SELECT lies about that nothing runs."""
    rooms = {step.room for step in steps().values()}
    lying = {
        path.relative_to(ENGINE).as_posix()
        for room in rooms
        for path in (ENGINE / room.replace(".", "/")).glob("*.sql")
    }
    used = {f"{step.room.replace('.', '/')}/{step.file}" for step in steps().values()}
    assert lying == used


@pytest.mark.parametrize(
    "folder", ["engine/checks", "engine/results", "engine/settlement", "interfaces/web"]
)
def test_a_room_without_statements_in_python(folder: str) -> None:
    """Only expressions that the law's data give; what is asked of tables is asked in files."""
    for path in sorted((ENGINE.parent / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not _STATEMENT.search(node.value) or _is_doc(node), (path, node.value[:80])


def _filled(select: str) -> str:
    """The SELECT with a name in place of each value, so that it can be read as a tree."""
    names = set(re.findall(r"\$(\w+)", select))
    values = dict.fromkeys(names, "given") | {"pricings": "(1, 2)"}
    return Template(select).substitute(values)


def _is_doc(node: ast.Constant) -> bool:
    return "\n" in str(node.value) and str(node.value).lstrip()[0].isupper() and "`" in node.value
