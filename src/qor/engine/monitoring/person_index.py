"""An index of a lake by person and by performer: a DuckDB file beside the lake's data, so that one
register finds its context at once.

A cache, never a source: it can be deleted at any time and made again. It knows the commit at which
it was made.
"""

from __future__ import annotations

from pathlib import Path

from qor.engine.checks.features import OUTPATIENT
from qor.engine.intake.lake_rows import source
from qor.engine.intake.readings import sql_type
from qor.engine.intake.tables import table
from qor.engine.storage.duck import Connection, connect, literal, literals, name
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, row_of, run_step, step_rows

FILE = Path("index") / "by-person.duckdb"
PERSON = "TRY_CAST(iin AS BIGINT)"
PERFORMER = "CAST(hash(performer_id) // 2 AS BIGINT)"  # fits a whole number with a sign
ABOUT_PERSONS = ("people", "insured")
# Hashes that fit a whole number with a sign.
_DAYS = {
    name_: f"CAST(hash(performer_id || '/' || CAST(CAST({at} AS DATE) AS VARCHAR)) // 2 AS BIGINT)"
    for name_, at in (("day_of_start", "started_at"), ("day_of_end", "ended_at"))
}
# What checks ask of the rows around a register: of the person's other services, and of the
# performer's.
CONTEXT = (
    "provider_bin",
    "service_id",
    "iin",
    "identity_kind",
    "care_form",
    "setting",
    "service_code",
    "group_code",
    "operation_codes",
    "icd10_main",
    "icd10_other",
    "started_at",
    "ended_at",
    "admission",
    "bed_profile",
    "outcome",
    "quantity",
    "performer_id",
    "subcontract_bin",
    "registered_at",
)


def build_index(lake: Lake, memory: str | None = None) -> Path:
    """Make the index of the lake as it stands: services of all months by person and by performer's
    day, people, insured. Returns the file."""
    target, draft = lake.root / FILE, lake.root / "index" / "draft.duckdb"
    target.parent.mkdir(exist_ok=True)
    draft.unlink(missing_ok=True)
    with connect(lake.root / "index" / "spill", memory) as connection:
        connection.execute(f"ATTACH {literal(draft)} AS person_index")
        fill_index(connection, lake)
        connection.execute("DETACH person_index")
    draft.replace(target)
    return target


def fill_index(connection: Connection, lake: Lake) -> None:
    """Fill the attached file `person_index` with what the lake holds."""
    for table_name in ("services", *ABOUT_PERSONS):
        if lake.has(table_name):
            make_view(connection, table_name, source(lake, table_name))
            step, packed = f"index_{table_name}", _packed(table_name)
            run_step(connection, step, person=PERSON, packed=packed, rows=table_name)
            _index(connection, table_name, "person")
    _index_performers(connection, lake)
    run_step(connection, "index_state", commits=literal(_last_change(lake)))


def _index(connection: Connection, table_name: str, column: str) -> None:
    index = f"{table_name}_{column}"
    connection.execute(f"CREATE INDEX {index} ON person_index.{table_name} ({column})")


def _index_performers(connection: Connection, lake: Lake) -> None:
    """Performers' days, the rows with minutes apart from all; and the places at which each
    performer is known."""
    for table_name in ("services", "service_rules"):
        make_view(connection, table_name, source(lake, table_name))
    packed = _packed("services")
    run_step(connection, "days_of_performers", packed=packed, outpatient=OUTPATIENT, **_DAYS)
    run_step(connection, "index_performer_days")
    run_step(connection, "index_working_days")
    run_step(connection, "index_places", performer=PERFORMER, outpatient=OUTPATIENT)
    _index(connection, "performer_days", "performer_day")
    _index(connection, "working_days", "performer_day")
    _index(connection, "places", "performer")


def _columns(table_name: str) -> dict[str, str]:
    """The columns that are packed, in order, and their types."""
    shape = table(table_name)
    packed = CONTEXT if table_name == "services" else tuple(column.name for column in shape.columns)
    types = {column: sql_type(shape.column(column)) for column in packed}
    return types | ({"iin_agrees": "BOOLEAN"} if table_name == "people" else {})


def _packed(table_name: str) -> str:
    """SQL: a row as one text, a JSON array of its cells: a look-up by index then touches one
    column, not twenty."""
    cells = (
        f"array_to_string({name(c)}, ';')" if kind.endswith("[]") else f"CAST({name(c)} AS VARCHAR)"
        for c, kind in _columns(table_name).items()
    )
    return f"CAST(to_json([{', '.join(cells)}]) AS VARCHAR)"


def _unpacked_cell(n: int, kind: str) -> str:
    if kind.endswith("[]"):
        return f"list_filter(string_split(cells[{n}], chr(59)), lambda x: x <> '')"
    return f"CAST(cells[{n}] AS {kind})"


def _unpacked(table_name: str) -> str:
    """SQL: the columns of a row from the cells of its packed text."""
    return ", ".join(
        f"{_unpacked_cell(n, kind)} AS {name(c)}"
        for n, (c, kind) in enumerate(_columns(table_name).items(), start=1)
    )


def attach_index(connection: Connection, lake: Lake) -> bool:
    """Attach the index as `person_index`, if there is one and it still tells the lake's state."""
    path = lake.root / FILE
    if not path.exists():
        return False
    connection.execute(f"ATTACH {literal(path)} AS person_index (READ_ONLY)")
    # point look-ups by index also for a few thousand keys at once
    connection.execute("SET index_scan_max_count = 1000000; SET index_scan_percentage = 1.0")
    if row_of(connection, "state_of_index") == (_last_change(lake),):
        return True
    connection.execute("DETACH person_index")
    return False


def slice_of(connection: Connection, lake: Lake) -> dict[str, str]:
    """Where the features of the rows in `mine` come from: SQL for prepare's `instead`, over
    temporary tables filled by index."""
    make_view(connection, "staff", source(lake, "staff"))
    persons = _listed(connection, "persons_of_register", person=PERSON)
    run_step(connection, "staff_of_register")
    performers = _listed(connection, "performers_of_register", performer=PERFORMER)
    run_step(connection, "met", performers=performers)
    run_step(connection, "staff_elsewhere", performer=PERFORMER)
    run_step(
        connection,
        "around_by_index",
        cells=_unpacked("services"),
        persons=persons,
        days=_listed(connection, "days_of_register", rows="staff_of_register", **_DAYS),
        days_elsewhere=_listed(connection, "days_elsewhere", rows="staff_elsewhere", **_DAYS),
    )
    instead = {}
    for each in filter(lake.has, ABOUT_PERSONS):
        cells, rows = _unpacked(each), f"person_index.{each}"
        run_step(connection, f"{each}_by_index", cells=cells, rows=rows, persons=persons)
        instead[each] = f"FROM my_{each}"
    return instead


def _listed(connection: Connection, step: str, **values: str) -> str:
    """The answers of a step as SQL literals: an index answers a list, not a sub-query."""
    return literals(answer for (answer,) in step_rows(connection, step, **values))


def _last_change(lake: Lake) -> int:
    """The number of the last commit that touched what the index holds; runs and closed months do
    not."""
    tables = ("services", "people", "insured", "service_rules")
    return max(lake.facts.adding.get(table, 0) for table in tables)
