"""Statements of SQL that stand in Python: strings that make, fill or ask tables."""

from __future__ import annotations

import ast
import re
from pathlib import Path

_STATEMENT = re.compile(r"\b(CREATE OR REPLACE|INSERT INTO|DELETE FROM|SELECT\b.+?\bFROM)\b", re.S)


def statements(path: Path) -> list[str]:
    """The statements of a file, or of all files of a folder; what only tells of one is none."""
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if _STATEMENT.search(node.value) and not _tells(node.value)
    ]


def composed(path: Path) -> list[str]:
    """The statements that only show when the parts of an f-string are read together: those whose
    columns or tables are made from declarations."""
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    strings = [
        [_part(each) for each in node.values]
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr)
    ]
    return [
        whole
        for parts in strings
        if _STATEMENT.search(whole := "".join(parts)) and not _tells(whole)
        if not any(map(_STATEMENT.search, parts))
    ]


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "x"


def _tells(text: str) -> bool:
    return "\n" in text and text.lstrip()[0].isupper() and "`" in text
