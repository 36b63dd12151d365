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
from qor.engine.storage.duck import Connection, connect, literal, literals, name, one, parquet
from qor.engine.storage.lake import Lake

FILE = Path("index") / "by-person.duckdb"
PERSON = "TRY_CAST(iin AS BIGINT)"
PERFORMER = "CAST(hash(performer_id) // 2 AS BIGINT)"  # fits a whole number with a sign
# A row's columns are packed into one text: a look-up by index then touches one column, not twenty.
PACKED = "told"
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
        connection.execute(f"ATTACH {literal(draft)} AS made")
        for table in ("services", "people", "insured"):
            if lake.has(table):
                held = source(lake, table)
                connection.execute(
                    f"CREATE TABLE made.{table} AS SELECT {PERSON} AS person, "
                    f"{_packed(table)} AS {PACKED} FROM ({held})"
                )
                connection.execute(f"CREATE INDEX {table}_person ON made.{table} (person)")
        _index_performers(connection, lake)
        connection.execute(
            f"CREATE TABLE made.state AS SELECT {literal(_last_change(lake))} AS commits"
        )
        connection.execute("DETACH made")
    draft.replace(target)
    return target


def _index_performers(connection: Connection, lake: Lake) -> None:
    """Performers' days, the rows with minutes apart from all; and the places at which each
    performer is known."""
    services = (
        f"SELECT * FROM ({source(lake, 'services')}) WHERE performer_id IS NOT NULL "
        f"AND {OUTPATIENT}"
    )
    days = " UNION ALL ".join(
        f"""SELECT {_performer_day(at)} AS performer_day, service_code,
            {_packed("services")} AS {PACKED} FROM ({services}) WHERE {which}"""
        for at, which in (
            ("started_at", "TRUE"),
            ("ended_at", "CAST(ended_at AS DATE) > CAST(started_at AS DATE)"),
        )
    )
    timed = f"SELECT code FROM ({source(lake, 'service_rules')}) WHERE minutes > 0"
    connection.execute(
        f"CREATE TABLE made.performer_days AS SELECT performer_day, {PACKED} FROM ({days})"
    )
    connection.execute(
        f"CREATE TABLE made.working_days AS SELECT performer_day, {PACKED} FROM ({days}) "
        f"WHERE service_code IN ({timed})"
    )
    connection.execute(f"""CREATE TABLE made.places AS SELECT DISTINCT {PERFORMER} AS performer,
        coalesce(subcontract_bin, provider_bin) AS place
        FROM ({services})""")
    for table_name, column in (
        ("performer_days", "performer_day"),
        ("working_days", "performer_day"),
        ("places", "performer"),
    ):
        connection.execute(f"CREATE INDEX {table_name}_{column} ON made.{table_name} ({column})")


def _performer_day(at: str) -> str:
    # fits a whole number with a sign
    return f"CAST(hash(performer_id || '/' || CAST(CAST({at} AS DATE) AS VARCHAR)) // 2 AS BIGINT)"


def _columns(table_name: str) -> dict[str, str]:
    """The columns that are packed, in order, and their types."""
    shape = table(table_name)
    kept = CONTEXT if table_name == "services" else tuple(column.name for column in shape.columns)
    found = {column: sql_type(shape.column(column)) for column in kept}
    return found | ({"iin_agrees": "BOOLEAN"} if table_name == "people" else {})


def _packed(table_name: str) -> str:
    """SQL: a row as one text, a JSON array of its cells."""
    cells = (
        f"array_to_string({name(c)}, ';')" if kind.endswith("[]") else f"CAST({name(c)} AS VARCHAR)"
        for c, kind in _columns(table_name).items()
    )
    return f"CAST(to_json([{', '.join(cells)}]) AS VARCHAR)"


def _unpacked_cell(n: int, kind: str) -> str:
    if kind.endswith("[]"):
        return f"list_filter(string_split(cells[{n}], chr(59)), lambda x: x <> '')"
    return f"CAST(cells[{n}] AS {kind})"


def _unpacked(table_name: str, query: str) -> str:
    """SQL: rows again from their packed texts."""
    cells = ", ".join(
        f"{_unpacked_cell(n, kind)} AS {name(c)}"
        for n, (c, kind) in enumerate(_columns(table_name).items(), start=1)
    )
    return f"""SELECT {cells} FROM (SELECT from_json({PACKED}, '["VARCHAR"]') AS cells
        FROM ({query}))"""


def attach_index(connection: Connection, lake: Lake) -> bool:
    """Attach the index as `made`, if there is one and it still tells the lake's state."""
    path = lake.root / FILE
    if not path.exists():
        return False
    connection.execute(f"ATTACH {literal(path)} AS made (READ_ONLY)")
    # point look-ups by index also for a few thousand keys at once
    connection.execute("SET index_scan_max_count = 1000000; SET index_scan_percentage = 1.0")
    if one(connection, "SELECT commits FROM made.state")["commits"] == _last_change(lake):
        return True
    connection.execute("DETACH made")
    return False


def slice_of(connection: Connection, lake: Lake) -> dict[str, str]:
    """Where the features of the rows in `mine` come from: SQL for prepare's `instead`, over
    temporary tables filled by index."""
    people = _listed(connection, f"SELECT DISTINCT {PERSON} FROM mine WHERE {PERSON} IS NOT NULL")
    on_staff = f"SELECT * FROM mine WHERE performer_id IN ({_on_staff(lake)})"
    both = [_performer_day(at) for at in ("started_at", "ended_at")]
    days = " UNION ".join(f"SELECT {day} FROM ({on_staff})" for day in both)
    connection.execute(f"""CREATE TEMP TABLE met AS SELECT * FROM made.places
        WHERE performer IN
            ({_listed(connection, f"SELECT DISTINCT {PERFORMER} FROM ({on_staff})")})""")
    other = (
        f"EXISTS (SELECT 1 FROM met q WHERE q.performer = {PERFORMER} AND q.place <> "
        "coalesce(subcontract_bin, provider_bin))"
    )
    elsewhere = " UNION ".join(f"SELECT {day} FROM ({on_staff}) WHERE {other}" for day in both)
    packed = (
        f"SELECT {PACKED} FROM made.services WHERE person IN ({people})",
        f"SELECT {PACKED} FROM made.working_days WHERE performer_day IN "
        f"({_listed(connection, days)})",
        f"SELECT {PACKED} FROM made.performer_days WHERE performer_day IN "
        f"({_listed(connection, elsewhere)})",
    )
    connection.execute(
        f"CREATE TEMP TABLE around AS {_unpacked('services', ' UNION '.join(packed))}"
    )
    held = {
        row[0]
        for row in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'made'"
        ).fetchall()
    }
    found = {}
    for each in {"people", "insured"} & held:
        rows_ = f"SELECT {PACKED} FROM made.{each} WHERE person IN ({people})"
        connection.execute(f"CREATE TEMP TABLE my_{each} AS {_unpacked(each, rows_)}")
        found[each] = f"SELECT * FROM my_{each}"
    return found


def _listed(connection: Connection, query: str) -> str:
    """The answers of a query as SQL literals: an index answers a list, not a sub-query."""
    return literals(row[0] for row in connection.execute(query).fetchall())


def _on_staff(lake: Lake) -> str:
    """SQL: the performers on any staff list; a placeholder is nobody whose day could be looked
    at."""
    paths = lake.paths("staff")
    return f"SELECT performer_id FROM {parquet(paths)}" if paths else "SELECT NULL"


def _last_change(lake: Lake) -> int:
    """The number of the last commit that touched what the index holds; runs and closed months do
    not."""
    tables = ("services", "people", "insured", "service_rules")
    return max(lake.facts.adding.get(table, 0) for table in tables)
