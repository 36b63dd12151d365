"""A lake of any size for measurements: the simulated country's everyday life, written straight into
the lake (its registers are not taken in).

.venv/bin/python bench/national_lake.py LAKE --rows 20000000 --people 15000000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from qor.engine.intake.readings import sql_type
from qor.engine.intake.receive import Delivery, receive
from qor.engine.intake.tables import table
from qor.engine.simulate import people_and_services as life
from qor.engine.simulate import world
from qor.engine.simulate.country import MONTH, write_reference
from qor.engine.storage.duck import Connection, connect, literal, name
from qor.engine.storage.lake import Lake, Writer
from qor.interfaces.clock import now

# Careless entries at fixed rates, so that the checks find something: late, without a diagnosis,
# mispriced, billed twice; and people who died.
CARELESS = """SELECT * EXCLUDE (n) REPLACE (
        CASE WHEN n % 40 = 0 THEN registered_at + INTERVAL 8 DAY
            ELSE registered_at END AS registered_at,
        CASE WHEN n % 70 = 1 THEN NULL ELSE icd10_main END AS icd10_main,
        CASE WHEN n % 90 = 2 THEN amount + 500 ELSE amount END AS amount,
        CASE WHEN n % 300 = 3 THEN 'NOBODY' ELSE performer_id END AS performer_id)
    FROM (SELECT *, hash(service_id) % 1000000 AS n FROM ({query}))
    UNION ALL BY NAME
    SELECT * REPLACE (service_id || '-again' AS service_id, registered_at + INTERVAL 1 MINUTE AS
        registered_at)
    FROM ({query}) WHERE hash(service_id) % 200 = 4"""
MEMORY = "12GB"
CHUNK = 9_000_000
DIED = (
    "SELECT * REPLACE (CASE WHEN hash(iin) % 100 = 5 THEN DATE '2026-02-10' ELSE death_date "
    "END AS death_date) FROM ({query})"
)


def make(root: Path, rows: int, people: int, providers: int) -> None:
    """Reference tables by intake; people, insured, the month and the stays of the two months before
    it in one commit."""
    lake = Lake(root)
    everyone = world.providers(providers)
    with tempfile.TemporaryDirectory() as folder:
        for table_name, path in write_reference(everyone, Path(folder)).items():
            receive(lake, Delivery(path, table_name, None, "bench", now()))
    with lake.writing() as writer, connect(writer.staging, MEMORY) as connection:
        connection.execute(
            "SET preserve_insertion_order = false"
        )  # rows come in any order: less to keep in memory
        life.make_people(connection, people, [p for p in everyone if p.role == "polyclinic"])
        life.make_places(connection, everyone)
        work = [
            ("people", "", DIED.format(query=life.people_query()), "TRUE"),
            ("insured", "", life.insured_query(), "TRUE"),
        ]
        per_hundred = rows * 100 // people
        connection.execute("ALTER TABLE everyone RENAME TO all_people")
        for table_name, month, query, where in work:
            connection.execute("CREATE OR REPLACE TEMP VIEW everyone AS SELECT * FROM all_people")
            _write(connection, writer, table_name, month, query, where, "")
        for first in range(
            0, people, CHUNK
        ):  # in pieces: the joins of a whole nation's month would not stay in memory
            connection.execute(
                "CREATE OR REPLACE TEMP VIEW everyone AS SELECT * FROM all_people WHERE "
                f"i >= {first} AND i < {first + CHUNK}"
            )
            for back in (2, 1, 0):
                of = MONTH.shift(-back)
                query = life.services_query(of, back, per_hundred)
                statement = (
                    (CARELESS.format(query=query), "TRUE")
                    if back == 0
                    else (query, "setting = 'inpatient'")
                )
                _write(connection, writer, "services", str(of), *statement, f"-{first}")
        writer.commit(
            "intake",
            {"sha256": "", "table": "bench", "month": "", "by": "bench", "at": now().isoformat()},
        )


def _write(
    connection: Connection,
    writer: Writer,
    table_name: str,
    month: str,
    query: str,
    where: str,
    piece: str,
) -> None:
    target = writer.staging / f"{table_name}-{month}{piece}.parquet"
    columns = [
        f"CAST({name(c.name)} AS {sql_type(c)}) AS {name(c.name)}"
        for c in table(table_name).columns
    ]
    columns += {
        "people": ["TRUE AS iin_agrees"],
        "services": ["CAST(NULL AS VARCHAR) AS unreadable"],
    }.get(table_name, [])
    connection.execute(
        f"COPY (SELECT {', '.join(columns)} FROM ({query}) WHERE {where}) TO "
        f"{literal(target)} (FORMAT parquet)"
    )
    count = connection.execute(f"SELECT count(*) FROM read_parquet({literal(target)})").fetchall()[
        0
    ][0]
    writer.add(table_name, month, target, count)
    print(f"{table_name} {month}: {count:,} rows", file=sys.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=750_000)
    parser.add_argument("--providers", type=int, default=300)
    given = parser.parse_args()
    make(given.lake, given.rows, given.people, given.providers)
