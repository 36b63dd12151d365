"""Queries that name a state or kind by bare text, where a model's enumeration names it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_ASKED_BY = {
    "filter",
    "exclude",
    "get",
    "create",
    "get_or_create",
    "update",
    "update_or_create",
    "Q",
    "When",
}
# The last part of a field's name: what a model declares as choices, or a machine of law as states.
_KINDS = {"state", "outcome", "kind", "ground", "role", "route", "way", "how", "format"}


def bare_states(path: Path) -> list[str]:
    """The places of a file where a query names a state or kind by bare text."""
    return [
        f"{path.name}:{node.value.lineno}: {node.arg}"
        for call in _outside_meta(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and _name(call.func) in _ASKED_BY
        for node in call.keywords
        if node.arg is not None and _field(node.arg) in _KINDS and any(_bare(node.value))
    ]


def _outside_meta(node: ast.AST) -> Iterator[ast.AST]:
    """All below a node but a model's `Meta`, where Python knows no name of the model's class."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.ClassDef) and child.name == "Meta"):
            yield child
            yield from _outside_meta(child)


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _field(argument: str) -> str:
    parts = [part for part in argument.split("__") if part not in {"in", "exact", "startswith"}]
    return parts[-1] if parts else ""


def _bare(value: ast.expr) -> Iterator[bool]:
    texts = value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else [value]
    return (
        isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value != ""
        for text in texts
    )
