"""DuckDB's SQL as Spark's: SQLGlot writes the text; what only one of the two knows (files, macros)
is said here."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

PARQUET = re.compile(r"read_parquet\(\[(?P<paths>.*?)\], union_by_name = true\)", re.DOTALL)
CSV = re.compile(
    r"read_csv\((?P<path>'[^']*'),\s*header = false,\s*auto_detect = false,"
    r"\s*columns = \{(?P<columns>[^}]*)\}\)",
    re.DOTALL,
)
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
# The two functions of our own that checks may call, as SQL functions of Spark.
FUNCTIONS = {
    "full_years": """CREATE OR REPLACE TEMPORARY FUNCTION full_years(born DATE,
        day DATE) RETURNS INT RETURN
        year(day) - year(born) - CASE WHEN month(day) * 100 + day(day) < month(born) * 100 +
            day(born) THEN 1 ELSE 0 END""",
    "masked": """CREATE OR REPLACE TEMPORARY FUNCTION masked(iin STRING) RETURNS STRING RETURN
        left(iin, 2) || '********' || substr(iin, 11)""",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: `does` is select, view, table, empty, insert, delete or function; `name` what
    it makes or fills; `query` for Spark."""

    does: str
    name: str
    query: str


def read(text: str) -> Statement:
    """Take a statement of the engine apart, its query in Spark's dialect. Files must be replaced
    before (PARQUET, CSV)."""
    if match := re.match(r"\s*CREATE OR REPLACE MACRO (\w+)", text):
        return Statement("function", match[1], FUNCTIONS[match[1]])
    if match := re.match(r"\s*DELETE FROM (\w+)\s*$", text):
        return Statement("delete", match[1], "")
    tree = sqlglot.parse_one(text, read="duckdb")
    if isinstance(tree, exp.Create):
        return _create(tree)
    if isinstance(tree, exp.Insert):
        return Statement("insert", tree.this.name, spark(tree.expression))
    return Statement("select", "", spark(tree))


def spark(tree: exp.Expr) -> str:
    """A query as Spark's text. ValueError for anything that SQLGlot knows it cannot say."""
    for named in tree.find_all(exp.CTE):
        named.set("materialized", None)  # a hint of DuckDB's
    return tree.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)


def quoted(listed: str) -> list[str]:
    """The texts between single quotes, in order."""
    return [text.replace("''", "'") for text in _QUOTED.findall(listed)]


def _create(tree: exp.Create) -> Statement:
    if isinstance(tree.this, exp.Schema):
        columns = ", ".join(column.sql(dialect="spark") for column in tree.this.expressions)
        return Statement("empty", tree.this.this.name, columns)
    does = "view" if tree.kind == "VIEW" else "table"
    return Statement(does, tree.this.name, spark(tree.expression))
