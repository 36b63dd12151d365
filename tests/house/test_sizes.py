"""Functions stay under fifty lines, files of the product under three hundred, of tests and benches
under four hundred."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES_OF_A_FUNCTION = 50
MOST_LINES = {"src": 300, "tests": 400, "bench": 400}
# What is still longer, and how long it may be: a number here only falls, and where the file or the
# function is short enough its line goes.
LONGER_FILES: dict[str, int] = {}
LONGER_FUNCTIONS: dict[str, int] = {}
ENDINGS = {".py", ".sql", ".html", ".css", ".js"}


def files(*folders: str) -> list[Path]:
    """What people write by hand; migrations are as the framework writes them."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in ENDINGS and "migrations" not in path.parts
    )


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Each function and how many lines it has, from `def` to its end."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.name, node.end_lineno - node.lineno + 1


def too_long(sizes: dict[str, int], most: int, longer: dict[str, int]) -> dict[str, int]:
    """What is longer than it may be."""
    return {name: size for name, size in sizes.items() if size > longer.get(name, most)}


@pytest.mark.parametrize("folder", MOST_LINES)
def test_files_are_short(folder: str) -> None:
    """A longer one is split by what its parts are about."""
    sizes = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in files(folder)
    }
    assert sizes
    assert too_long(sizes, MOST_LINES[folder], LONGER_FILES) == {}


def test_functions_are_short() -> None:
    """A longer one is broken by sense."""
    sizes = {
        f"{path.relative_to(ROOT).as_posix()} {name}": lines
        for path in files(*MOST_LINES)
        if path.suffix == ".py"
        for name, lines in functions(path.read_text("utf-8"))
    }
    assert len(sizes) > 1000
    assert too_long(sizes, MOST_LINES_OF_A_FUNCTION, LONGER_FUNCTIONS) == {}


@pytest.mark.parametrize("name", LONGER_FILES)
def test_each_longer_file_is_still_longer(name: str) -> None:
    """What became short enough leaves the list."""
    lines = len((ROOT / name).read_text("utf-8").splitlines())
    assert lines > MOST_LINES[name.partition("/")[0]]


@pytest.mark.parametrize("name", LONGER_FUNCTIONS)
def test_each_longer_function_is_still_longer(name: str) -> None:
    """What became short enough leaves the list."""
    path, _, function = name.partition(" ")
    lines = [n for each, n in functions((ROOT / path).read_text("utf-8")) if each == function]
    assert lines and max(lines) > MOST_LINES_OF_A_FUNCTION


def test_what_is_too_long_is_seen() -> None:
    """Both sides of the border, with and without an exception; an exception is no licence to
    grow."""
    planted = "def short():\n" + "    x = 1\n" * 49 + "async def long():\n" + "    x = 1\n" * 50
    assert dict(functions(planted)) == {"short": 50, "long": 51}
    assert too_long({"a": 50, "b": 51}, 50, {}) == {"b": 51}
    assert too_long({"a": 57, "b": 58}, 50, {"a": 57, "b": 57}) == {"b": 58}
