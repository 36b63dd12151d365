"""Every step is declared as it is: what it reads, which columns of which types it makes; and what
is SQL of the checks lies in files."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Template

import pytest
import sqlglot
from sqlglot import exp
from tests.house.statements import statements

from qor.engine.analysis.measures import measure
from qor.engine.checks import features
from qor.engine.checks.catalogue import ALL
from qor.engine.checks.proposed_deduction import make_rates
from qor.engine.intake.lake_rows import empty, rows_in
from qor.engine.monitoring.day import stand_beside
from qor.engine.monitoring.draft_act import draft_acts
from qor.engine.monitoring.loop import begin, price
from qor.engine.monitoring.new_rows import check_new_rows
from qor.engine.monitoring.person_index import fill_index, slice_of
from qor.engine.monitoring.rehearsal import month_around, slice_by_scan
from qor.engine.settlement.act_lines import SettlementInputs, make_act_lines
from qor.engine.simulate import people_and_services, world
from qor.engine.simulate.country import MONTH
from qor.engine.storage.duck import Connection, connect
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import (
    Step,
    listed_rows,
    made_tables,
    make_empty,
    make_table,
    make_view,
    query_of,
    run_step,
    steps,
)
from qor.law.nouns.months import Month
from qor.law.pages import page
from qor.workflow.proof import tables
from qor.workflow.proof.declared import proof_steps

SOURCE = Path(__file__).parents[2] / "src" / "qor"
_EVERY = [*steps().values(), *proof_steps().values()]


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
        measure(connection, Month(2026, 2), by_performer=True)
        yield connection


class _Whole(Lake):
    """A lake that says it holds every table; none has a row."""

    def has(self, table: str) -> bool:
        return True


_BY_THEMSELVES = (
    "dated_rules",
    "findings_by_check",
    "found_before",
    "found_after",
    "differing_findings",
    "added_findings",
    "added_returns",
    "new_differences",
    "rows_asked_about",
    "state_of_index",
    "case_days",
)
_OTHER_WAY = ("fresh_rows", "left_rows", "around_by_index", "people_by_index", "insured_by_index")
# What stands for the names of a step of monitoring that the fixtures below run by itself.
_VALUES = {
    "by_end": "TRUE",
    "lethal": "'a check'",
    "columns": "*",
    "checks": "'a check'",
    "commits": "(SELECT '' AS filename, 1 AS number)",
    "findings": "findings",
    "found_on": "DATE '2026-03-02'",
    "month": "'2026-02'",
    "narrowed": "TRUE",
    "rejected": "(SELECT *, '' AS filename FROM rejected)",
    "returns": "returns",
    "select": "SELECT * FROM raw_findings",
    "these": "rows_that_came",
    "those": "rows_that_went",
}
_LISTS = {"pricings": "(1, 2)", "slots": "(1, 2, 3)", "working_days": "(1, 2)"}
# And for those of the invented country.
_INVENTED = {
    "back": "0",
    "codes": "7",
    "form": "'outpatient'",
    "groups": "7",
    "ills": "7",
    "month": "'2026-02'",
    "per_hundred": "200",
    "slots": "(0, 0, 5)",
    "working_days": "(0, DATE '2026-02-02')",
}

_SYNTHEA = {
    "s_patients": "id birthdate deathdate gender",
    "s_organizations": "id name",
    "s_providers": "id organization speciality",
    "s_payers": "id name",
    "s_payer_transitions": "patient payer start_date end_date",
    "s_encounters": "id start stop patient organization provider encounterclass code "
    "total_claim_cost reasoncode",
    "s_medications": "start patient encounter code base_cost dispenses",
}


@pytest.fixture(scope="module")
def monitored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A day, a register tried with and without an index, and draft acts of a lake without a row."""
    lake, folder = _Whole(tmp_path_factory.mktemp("lake")), tmp_path_factory.mktemp("small")
    of, found_on = Month(2026, 2), date(2026, 3, 2)
    with connect() as connection:
        check_new_rows(connection, lake, of, 0, found_on, folder)
        features.focus(connection, features.Interval(of.first, of.last))
        make_rates(connection, ALL, of.last)
        price(connection, features.Interval(of.first, of.last), of, found_on)
        stand_beside(connection, lake, of)
        draft_acts(connection, lake, of)
        make_view(connection, "rejected", rows_in(lake, "rejected"))
        _try_with_index(connection, lake)
        slice_by_scan(connection, lake, of)
        month_around(connection, of)
        for name in _BY_THEMSELVES:
            run_step(connection, name, **_VALUES)
        yield connection


def _try_with_index(connection: Connection, lake: Lake) -> None:
    make_table(connection, "mine", empty("services"))
    connection.execute("ATTACH ':memory:' AS person_index")
    fill_index(connection, lake)
    slice_of(connection, lake)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The other way to tables that monitoring makes in two ways (`_OTHER_WAY`)."""
    with connect() as connection:
        _try_with_index(connection, _Whole(tmp_path_factory.mktemp("lake")))
        for view in ("rows_that_came", "rows_that_went"):
            make_view(connection, view, empty("services"))
        for name in ("fresh_rows", "left_rows"):
            run_step(connection, name, **_VALUES)
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


@pytest.fixture(scope="module")
def simulated() -> Iterator[Connection]:
    """A country of a hundred people, and a score of nothing."""
    providers = world.providers(12)
    with connect() as connection:
        homes = [each for each in providers if each.role == "polyclinic"]
        people_and_services.make_people(connection, 100, homes)
        people_and_services.make_places(connection, providers)
        make_table(connection, "bought", people_and_services.services_query(MONTH, 0, 200))
        for table in ("findings", "returns"):
            make_empty(connection, table)
        columns = 'month, provider_bin, service_id, "check"'
        make_view(connection, "planted", f"SELECT {columns} FROM findings")
        for name in ("bought_sums", "shown_findings", "scores"):
            run_step(connection, name, months="'2026-02'")
        yield connection


@pytest.fixture(scope="module")
def imported() -> Iterator[Connection]:
    """A Synthea export without a row, in the columns that an import asks for."""
    with connect() as connection:
        for table, columns in _SYNTHEA.items():
            listed = dict.fromkeys(columns.split(), "VARCHAR")
            make_table(connection, table, listed_rows([], listed))
        for step in steps().values():
            if step.room == "imports.steps":
                run_step(connection, step, since="t.start_date", until="t.end_date")
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
                present = of in _names(connection)
                make_view(connection, table, f"FROM {of}" if present else rows_in(lake, of))
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
    values = {name: "DATE '2026-02-28'" if name in days else "'1'" for name in names}
    return values | _INVENTED if step.room == "simulate.steps" else values


@pytest.mark.parametrize("step", steps().values(), ids=lambda step: step.name)
def test_a_step_makes_what_it_declares(
    step: Step,
    prepared: Connection,
    monitored: Connection,
    indexed: Connection,
    settled: Connection,
    results: Connection,
    simulated: Connection,
    imported: Connection,
) -> None:
    """The same columns, in the same order, of the same types; rows are those of their table."""
    rooms = {
        "monitoring": monitored,
        "settlement": settled,
        "results": results,
        "simulate": simulated,
        "imports": imported,
    }
    connection = rooms.get(step.room.partition(".")[0], prepared)
    if step.name in _OTHER_WAY:
        connection = indexed
    alone = step.kind in ("query", "removal")  # a text of its own: it leaves no table
    values = _VALUES if step.room == "monitoring.steps" else _asked_values(step)
    source = query_of(step.name, **values) if alone else step.into or step.name
    described = connection.execute(f"DESCRIBE {source}").fetchall()
    assert {row[0]: row[1] for row in described} == dict(step.columns)


@pytest.mark.django_db
def test_a_step_of_the_proof_makes_what_it_declares(tmp_path: Path) -> None:
    """Over a copy of a database without money, and a part of the lake without a row."""
    for name in tables.SEALED:
        (tmp_path / f"{name}.txt").touch()
    with tables.copied(tmp_path) as connection:
        make_empty(connection, "settled")
        for step in proof_steps().values():
            run_step(connection, step, closing="1", key="act", most="5")
            described = connection.execute(f"DESCRIBE {step.name}").fetchall()
            assert {row[0]: row[1] for row in described} == dict(step.columns), step.name


@pytest.mark.parametrize("step", _EVERY, ids=lambda step: step.name)
def test_a_step_reads_what_it_declares(step: Step) -> None:
    """No table more and none less; one that is given by name counts where it is given."""
    tree = sqlglot.parse_one(_filled(step.select), read="duckdb")
    own = {each.alias for each in tree.find_all(exp.CTE)}
    read = {_whole_name(each) for each in tree.find_all(exp.Table)} - own - {"given", ""}
    assert read == set(step.reads) and not read & set(step.through)


def test_every_file_is_of_a_step() -> None:
    """No SELECT lies about that nothing runs."""
    floors = {"engine": steps().values(), "workflow": proof_steps().values()}
    for floor, declared in floors.items():
        rooms = {step.room.replace(".", "/") for step in declared}
        lying = {path for room in rooms for path in (SOURCE / floor / room).glob("*.sql")}
        used = {SOURCE / floor / step.room.replace(".", "/") / step.file for step in declared}
        assert lying == used


@pytest.mark.parametrize(
    "folder",
    [
        "engine/analysis",
        "engine/checks",
        "engine/monitoring",
        "engine/results",
        "engine/settlement",
        "interfaces",
        "workflow/acts",
        "workflow/disputes",
        "workflow/proof",
        "workflow/treasury",
    ],
)
def test_a_room_without_statements_in_python(folder: str) -> None:
    """Only expressions that the law's data give; what is asked of tables is asked in files."""
    assert statements(SOURCE / folder) == []


def _filled(select: str) -> str:
    """The SELECT with a name in place of each value, so that it can be read as a tree."""
    names = set(re.findall(r"\$(\w+)", select))
    values = dict.fromkeys(names, "given") | _LISTS
    return Template(select).substitute(values)


def _whole_name(table: exp.Table) -> str:
    """The name of a table, after that of the attached file that holds it."""
    return f"{table.db}.{table.name}" if table.db else table.name
