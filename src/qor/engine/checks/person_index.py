"""An index of a lake by person and by performer: a DuckDB file beside the lake's data, so that one register finds its context at once.

A cache, never a source: it can be deleted at any time and made again. It knows the commit at which it was made.
"""

from __future__ import annotations

from pathlib import Path

from qor.engine.duck import Connection, connect, literal, literals, one, parquet
from qor.engine.lake import Lake

FILE = Path("index") / "by-person.duckdb"
PERSON = "TRY_CAST(iin AS BIGINT)"
PERFORMER = "hash(performer_id)"
# What checks ask of the rows around a register: of the person's other services, and of the performer's.
CONTEXT = (
    "provider_bin", "service_id", "iin", "identity_kind", "care_form", "setting", "service_code", "group_code", "operation_codes", "icd10_main",
    "icd10_other", "started_at", "ended_at", "admission", "bed_profile", "outcome", "quantity", "performer_id", "subcontract_bin", "registered_at",
)  # fmt: skip


def build_index(lake: Lake, memory: str | None = None) -> Path:
    """Make the index of the lake as it stands: services of all months, people, insured. Returns the file."""
    target, draft = lake.root / FILE, lake.root / "index" / "draft.duckdb"
    target.parent.mkdir(exist_ok=True)
    draft.unlink(missing_ok=True)
    with connect(lake.root / "index" / "spill", memory) as connection:
        connection.execute(f"ATTACH {literal(draft)} AS made")
        columns = ", ".join(CONTEXT)
        tables = {
            "services": f"SELECT {PERSON} AS person, {PERFORMER} AS performer, {columns}",
            "people": "SELECT CAST(iin AS BIGINT) AS person, *",
            "insured": "SELECT CAST(iin AS BIGINT) AS person, *",
        }
        for table, select in tables.items():
            if lake.has(table):
                connection.execute(f"CREATE TABLE made.{table} AS {select} FROM {parquet(lake.paths(table))}")
                connection.execute(f"CREATE INDEX {table}_person ON made.{table} (person)")
        connection.execute("CREATE INDEX services_performer ON made.services (performer)")
        connection.execute("""CREATE TABLE made.places AS
            SELECT DISTINCT performer, coalesce(subcontract_bin, provider_bin) AS place FROM made.services WHERE performer_id IS NOT NULL""")
        connection.execute("CREATE INDEX places_performer ON made.places (performer)")
        connection.execute(f"CREATE TABLE made.state AS SELECT {literal(_last_change(lake))} AS commits")
        connection.execute("DETACH made")
    draft.replace(target)
    return target


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
    """Where the features of the rows in `mine` come from: SQL for prepare's `instead`, over temporary tables filled by index."""
    people = literals(
        row[0] for row in connection.execute(f"SELECT DISTINCT {PERSON} AS p FROM mine WHERE p IS NOT NULL").fetchall()
    )
    connection.execute(
        f"CREATE TEMP TABLE around AS SELECT * EXCLUDE (person, performer) FROM made.services WHERE person IN ({people})"
    )
    elsewhere = connection.execute(f"""SELECT DISTINCT q.performer FROM made.places q
        JOIN (SELECT DISTINCT {PERFORMER} AS performer, coalesce(subcontract_bin, provider_bin) AS place FROM mine
              WHERE performer_id IN ({_on_staff(lake)})) m
        ON m.performer = q.performer AND m.place <> q.place""").fetchall()
    if elsewhere:
        performers = literals(row[0] for row in elsewhere)
        connection.execute(
            f"INSERT INTO around SELECT * EXCLUDE (person, performer) FROM made.services WHERE performer IN ({performers})"
        )
    held = {
        row[0]
        for row in connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'made'").fetchall()
    }
    found = {}
    for table in {"people", "insured"} & held:
        connection.execute(
            f"CREATE TEMP TABLE my_{table} AS SELECT * EXCLUDE (person) FROM made.{table} WHERE person IN ({people})"
        )
        found[table] = f"SELECT * FROM my_{table}"
    return found


def _on_staff(lake: Lake) -> str:
    """SQL: the performers on any staff list; a placeholder is nobody whose other places could be looked for."""
    paths = lake.paths("staff")
    return f"SELECT performer_id FROM {parquet(paths)}" if paths else "SELECT NULL"


def _last_change(lake: Lake) -> int:
    """The number of the last commit that touched what the index holds; runs and closed months do not."""
    touching = [
        entry.number
        for entry in lake.entries
        if {part.table for part in entry.adds} & {"services", "people", "insured"}
    ]
    return max(touching, default=0)
