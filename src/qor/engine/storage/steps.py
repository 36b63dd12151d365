"""Named steps: each one SELECT in a file, declared with what it reads and what it makes.

`engine/tables/steps/<room>.yaml` lists them. A step makes a table (rows are kept), a view (read
anew each time), a stored table (of an attached file), a query (a text inside another's), or it adds
rows to a table (`rows`) or takes them out of it (`removal`, by `rowid`); `into` names a table that
has another name than the step. `$name` in its SELECT stands for an SQL text that the caller gives.
A room is a package of the engine; its SELECTs lie there as `<step>.sql` (`sql` names another's).
`reads` are the tables that the SELECT reads, `through` those that a given text reads.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from qor.engine.storage.duck import (
    Connection,
    count_of,
    literal,
    literals,
    one,
    parquet,
    pattern_free,
    rows,
)
from qor.engine.storage.duck import name as quoted
from qor.law.pages import page, page_names

_AT_ONCE = 5000
_KINDS = {"table": "TEMP TABLE", "view": "VIEW", "stored": "TABLE"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step: the room and the file that hold its SELECT, what it makes (`kind`) and in which
    table (`into`; empty where that is the step's own name), the tables that it reads (`through`: in
    a text that the caller gives), the columns that it makes with their types, and the SELECT."""

    name: str
    room: str
    file: str
    kind: str
    into: str
    reads: tuple[str, ...]
    through: tuple[str, ...]
    columns: Mapping[str, str]
    select: str


@cache
def steps() -> dict[str, Step]:
    """All steps of the engine by name, room after room in the order of their files."""
    return steps_of("qor.engine", "tables.steps")


@cache
def steps_of(floor: str, place: str) -> dict[str, Step]:
    """The steps that the YAML files of a package of a floor declare, by name; a floor above asks
    its own so and runs them itself. ValueError for a name that stands twice."""
    package = f"{floor}.{place}"
    declared = [
        _step(floor, room, name, entry)
        for file in page_names(package)
        for room, entries in page(package, file).items()
        for name, entry in entries.items()
    ]
    named = {step.name: step for step in declared}
    if len(named) != len(declared):
        raise ValueError(f"a step of {package} is declared twice")
    return named


@cache
def made_tables() -> dict[str, dict[str, Any]]:
    """The declarations of the tables that the engine makes itself, by name."""
    tables: dict[str, dict[str, Any]] = page("qor.engine.tables", "made.yaml")
    return tables


def make_empty(connection: Connection, name: str) -> None:
    """Make a declared table without rows."""
    columns = made_tables()[name]["columns"].items()
    listed = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} ({listed})")


def empty_rows(name: str) -> str:
    """SQL: no rows, with the columns and types of a declared table."""
    columns = made_tables()[name]["columns"].items()
    listed = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(column)}" for column, kind in columns)
    return f"SELECT {listed} WHERE FALSE"


def fill(connection: Connection, name: str, rows: Sequence[Iterable[object]]) -> None:
    """Make a declared table anew with these rows."""
    make_empty(connection, name)
    add_rows(connection, name, rows)


def add_rows(connection: Connection, name: str, rows: Sequence[Iterable[object]]) -> None:
    """Add rows to a declared table."""
    for start in range(0, len(rows), _AT_ONCE):
        listed = ", ".join(f"({literals(row)})" for row in rows[start : start + _AT_ONCE])
        connection.execute(f"INSERT INTO {quoted(name)} VALUES {listed}")


def load(
    connection: Connection, name: str, path: Path | None, *, texts: Iterable[str] = ()
) -> None:
    """Make a declared table anew with the rows of a CSV file without a header; none without a file.

    In the columns `texts` an empty cell is an empty text, not an unknown one.
    """
    make_empty(connection, name)
    if path is None:
        return
    known = ", ".join(map(quoted, texts))
    how = "FORMAT csv, HEADER false, AUTO_DETECT false, DELIMITER ',', QUOTE '\"'"
    how += f", FORCE_NOT_NULL ({known})" if known else ""
    connection.execute(f"COPY {quoted(name)} FROM {literal(path)} ({how})")


def rows_of_files(paths: Sequence[Path], table: str) -> str:
    """SQL: the rows of some parts of a table that the engine makes."""
    return f"FROM {parquet(paths)}" if paths else empty_rows(table)


def run_step(connection: Connection, asked: str | Step, **values: str) -> None:
    """Make what a step makes: its table or view, or rows in the table that it names or out of it;
    `values` are SQL texts for the `$names` of its SELECT. A step of the engine is asked by name.

    KeyError for a step that is not declared or a name without a value.
    """
    step, select = _named(asked), query_of(asked, **values)
    target = step.into or step.name
    if step.kind == "rows":
        connection.execute(f"INSERT INTO {target} BY NAME {select}")
    elif step.kind == "removal":
        connection.execute(f"DELETE FROM {target} WHERE rowid IN ({select})")
    else:
        connection.execute(f"CREATE OR REPLACE {_KINDS[step.kind]} {target} AS {select}")


def step_rows(connection: Connection, asked: str | Step, **values: str) -> list[tuple[Any, ...]]:
    """The rows of a step's table or view, made anew."""
    step = _named(asked)
    run_step(connection, step, **values)
    return rows_of(connection, step.name, step.columns)


def row_of(connection: Connection, name: str, **values: str) -> tuple[Any, ...]:
    """The only row of a step's table or view, made anew."""
    [row] = step_rows(connection, name, **values)
    return row


def step_facts(connection: Connection, asked: str | Step, **values: str) -> list[dict[str, Any]]:
    """The rows of a step's table or view, made anew, each by its columns."""
    step = _named(asked)
    return [
        dict(zip(step.columns, row, strict=True)) for row in step_rows(connection, step, **values)
    ]


def step_batches(
    connection: Connection, name: str, most: int, **values: str
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query's step, so many at a time; the connection answers nothing else
    meanwhile."""
    cursor = connection.execute(query_of(name, **values))
    while batch := cursor.fetchmany(most):
        yield batch


def write_step(connection: Connection, name: str, target: Path, **values: str) -> int:
    """Write the rows of a query's step to a Parquet file; how many they are."""
    select = query_of(name, **values)
    connection.execute(f"COPY ({select}) TO {literal(target)} (FORMAT parquet)")
    return count_of(connection, parquet([target]))


def query_of(asked: str | Step, **values: str) -> str:
    """SQL: the SELECT of a step as a text that stands inside another's."""
    return string.Template(_named(asked).select).substitute(values)


def make_view(connection: Connection, name: str, query: str) -> None:
    """Make a view of a query that no file holds: the rows of the lake's files."""
    connection.execute(f"CREATE OR REPLACE VIEW {quoted(name)} AS {query}")


def make_table(connection: Connection, name: str, query: str) -> None:
    """Make a table of a query that no file holds: rows that the law's functions gave."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {query}")


def rows_of(connection: Connection, name: str, columns: Iterable[str]) -> list[tuple[Any, ...]]:
    """All rows of a table or view, some columns of it."""
    listed = ", ".join(map(quoted, columns))
    return connection.execute(f"SELECT {listed} FROM {quoted(name)}").fetchall()


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The first rows of a table or view, by column, and how many more there are."""

    rows: list[dict[str, Any]]
    more: int


def first_rows(connection: Connection, name: str, most: int | None = None) -> FirstRows:
    """The first rows of a table or view, at most so many; all of them where no number is given."""
    if most is None:
        return FirstRows(rows(connection, f"FROM {quoted(name)}"), 0)
    first = rows(connection, f"FROM {quoted(name)} LIMIT {int(most)}")
    return FirstRows(first, count_of(connection, quoted(name)) - len(first))


def ordered_rows(connection: Connection, name: str) -> list[dict[str, Any]]:
    """The rows of a declared table by column, in the order of its key."""
    return rows(connection, f"FROM {quoted(name)} ORDER BY {_key(name)}")


def write_in_order(connection: Connection, name: str, view: str, target: Path) -> int:
    """Write the rows of a view as a Parquet file of a declared table, in the order of its key, by
    one thread: the same rows are the same bytes. How many they are."""
    threads = one(connection, "SELECT current_setting('threads') AS n")["n"]
    connection.execute("SET threads = 1")
    connection.execute(
        f"COPY (FROM {quoted(view)} ORDER BY {_key(name)}) TO {literal(target)} (FORMAT parquet)"
    )
    connection.execute(f"SET threads = {int(threads)}")
    return count_of(connection, parquet([target]))


def csv_rows(path: Path, columns: Mapping[str, str]) -> str:
    """SQL: the rows of a small file without a header, its columns typed."""
    kinds = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    return f"""SELECT * FROM read_csv({pattern_free(path)}, header = false, auto_detect = false,
        columns = {{{kinds}}})"""


def listed_rows(rows: Iterable[Iterable[object]], columns: Mapping[str, str]) -> str:
    """SQL: a few rows as they are given, their columns typed."""
    typed = ", ".join(
        f"CAST({quoted(column)} AS {kind}) AS {quoted(column)}" for column, kind in columns.items()
    )
    listed = [f"({literals(row)})" for row in rows]
    none = f"({', '.join(['NULL'] * len(columns))})"
    return f"""SELECT {typed} FROM (VALUES {", ".join(listed or [none])})
        r({", ".join(map(quoted, columns))}) WHERE {"TRUE" if listed else "FALSE"}"""


def define_macros(connection: Connection) -> None:
    """The two functions of our own that a SELECT may call: whole years of age, a masked IIN."""
    connection.execute("""CREATE OR REPLACE MACRO full_years(born, day) AS
        year(day) - year(born) - CASE WHEN month(day) * 100 + day(day)
            < month(born) * 100 + day(born) THEN 1 ELSE 0 END""")
    connection.execute(
        "CREATE OR REPLACE MACRO masked(iin) AS left(iin, 2) || '********' || substr(iin, 11)"
    )


def _named(asked: str | Step) -> Step:
    return asked if isinstance(asked, Step) else steps()[asked]


def _key(name: str) -> str:
    return ", ".join(map(quoted, made_tables()[name]["key"]))


def _step(floor: str, room: str, name: str, entry: Mapping[str, Any]) -> Step:
    file = f"{entry.get('sql', name)}.sql"
    return Step(
        name=name,
        room=room,
        file=file,
        kind=entry["makes"],
        into=entry.get("into", ""),
        reads=tuple(entry["reads"]),
        through=tuple(entry.get("through", ())),
        columns=entry["columns"],
        select=files(f"{floor}.{room}").joinpath(file).read_text("utf-8").rstrip("\n"),
    )
