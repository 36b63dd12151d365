"""The part of SQL that means the same on both engines: an allow-list of functions and shapes, read
off SQLGlot's tree.

What is not on the list was not compared. Known to differ silently (one text, transpiled, measured):
date_diff in years, months or on timestamps, the day of the week, casts of fractions to whole
numbers, substr from 0, division of decimals, ordered lists.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp

FUNCTIONS = frozenset(
    [
        "ABS",
        "ANY_VALUE",
        "ARRAY",
        "ARRAY_CONTAINS",
        "ARRAY_SIZE",
        "BOOL_OR",
        "LOGICAL_OR",
        "CASE",
        "CAST",
        "TRY_CAST",
        "COALESCE",
        "CONCAT",
        "CONTAINS",
        "COUNT",
        "DATEDIFF",
        "DATE_DIFF",
        "DAY",
        "DAY_OF_MONTH",
        "EXTRACT",
        "MONTH",
        "YEAR",
        "EXPLODE",
        "UNNEST",
        "FILTER",
        "GREATEST",
        "LEAST",
        "LAG",
        "LEAD",
        "LEFT",
        "LENGTH",
        "LOWER",
        "MAX",
        "MIN",
        "MOD",
        "NULLIF",
        "REPLACE",
        "ROUND",
        "ROW_NUMBER",
        "SPLIT_PART",
        "STRUCT",
        "SUBSTRING",
        "SUM",
        "TIME_TO_STR",
        "TO_CHAR",
        "TRANSLATE",
        "TRIM",
        "UPPER",
        "AND",
        "OR",
        "XOR",
        "IF",
        "EXISTS",
        "DPIPE",
        "FULL_YEARS",
        "MASKED",
        "READ_PARQUET",
        "READ_CSV",
    ]
)
_DAY = "DAY"


def complaints(text: str) -> list[str]:
    """What in a statement is not known to mean the same everywhere; empty for a portable one. A
    macro's own text is not read."""
    if text.lstrip().startswith("CREATE OR REPLACE MACRO"):
        return []
    tree = sqlglot.parse_one(text, read="duckdb")
    unlike = [
        f"function {_name(node)}"
        for node in tree.find_all(exp.Func)
        if _name(node) not in FUNCTIONS
    ]
    unlike += [
        f"date_diff in {node.args['unit']}"
        for node in tree.find_all(exp.DateDiff)
        if _unit(node) != _DAY
    ]
    unlike += [f"division {node}" for node in tree.find_all(exp.Div, exp.IntDiv)]
    unlike += [
        f"cast to a whole number of {node.this}"
        for node in tree.find_all(exp.Cast)
        if _cuts_a_fraction(node)
    ]
    unlike += [
        f"NOT IN with a query: {node}" for node in tree.find_all(exp.Not) if _not_in_query(node)
    ]
    unlike += unguarded(tree)
    unlike += [
        f"substr from 0: {node}"
        for node in tree.find_all(exp.Substring)
        if str(node.args.get("start")) == "0"
    ]
    return sorted(set(unlike))


def unguarded(tree: exp.Expr) -> list[str]:
    """Each least and greatest with an operand that may be NULL: both engines pass over it, and a
    limit is lifted in silence.

    An operand is guarded if it is a literal, a coalesce that ends in one, a count, a CASE whose
    every branch is guarded, or arithmetic, a rounding or a cast of such; what a column may hold is
    not known here.
    """
    calls = tree.find_all(exp.Least, exp.Greatest)
    return [
        f"{node}: may be NULL"
        for node in calls
        if not all(map(_guarded, [node.this, *node.expressions]))
    ]


def _guarded(node: exp.Expr | None) -> bool:
    if isinstance(node, exp.Literal | exp.Count | exp.Boolean):
        return True
    if isinstance(node, exp.Coalesce):
        return any(map(_guarded, [node.this, *node.expressions]))
    if isinstance(node, exp.Case):
        return _guarded(node.args.get("default")) and all(
            _guarded(branch.args["true"]) for branch in node.args["ifs"]
        )
    if isinstance(node, exp.TryCast):
        return False
    if isinstance(node, exp.Cast | exp.Paren | exp.Neg | exp.Round | exp.Abs):
        return _guarded(node.this)
    if isinstance(node, exp.Least | exp.Greatest):
        return all(map(_guarded, [node.this, *node.expressions]))
    return (
        isinstance(node, exp.Add | exp.Sub | exp.Mul)
        and _guarded(node.left)
        and _guarded(node.right)
    )


def _name(node: exp.Func) -> str:
    return (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).upper()


def _unit(node: exp.DateDiff) -> str:
    return str(node.args.get("unit") or _DAY).strip("'").upper()


def _cuts_a_fraction(node: exp.Cast) -> bool:
    """A cast to INTEGER of anything but digits cut out of a text, or a literal."""
    whole = node.to.this in {
        exp.DataType.Type.INT,
        exp.DataType.Type.BIGINT,
        exp.DataType.Type.SMALLINT,
    }
    return whole and not isinstance(node.this, exp.Substring | exp.Literal | exp.Null)


def _not_in_query(node: exp.Not) -> bool:
    return isinstance(node.this, exp.In) and node.this.args.get("query") is not None
