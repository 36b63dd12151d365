"""No list of the web is cut in silence: a slice to a fixed length stands nowhere in a feature's
pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

FEATURES = Path(__file__).parents[2] / "src" / "qor" / "interfaces" / "web" / "features"
_LIST = 10  # a slice to fewer is no list: the last months, a prefix of a digest
# Slices that cut no list of a page: each with its reason.
ALLOWED = {
    ("api.py", "16"): "the beginning of a digest",
    (
        "registers.py",
        "_FIRST",
    ): "a trial leaves nothing to turn pages in; the page says of how many",
    ("checks.py", "_MONTHS"): "the months that a trial is offered for",
    ("people.py", "60"): "the name of a key: a text",
    ("saved_views.py", "_LONGEST"): "the query of a view: a text",
    ("organisations.py", "_NAMED"): "lines of a refused file; the page says how many more",
    ("orders.py", "_NAMED"): "warnings above the page; the list of stopped payments has all",
}


def cuts(tree: ast.AST) -> Iterator[str]:
    """The upper ends of slices that begin at the first and end at a fixed place: names and numbers;
    texts that a form sends are cut, too, but are no lists."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice):
            continue
        upper = node.slice.upper
        if node.slice.lower is not None or _is_text(node.value):
            continue
        if isinstance(upper, ast.Name) and upper.id.lstrip("_").isupper():
            yield upper.id
        elif _is_long(upper):
            yield ast.unparse(upper)


def _is_long(upper: ast.expr | None) -> TypeGuard[ast.Constant]:
    return isinstance(upper, ast.Constant) and isinstance(upper.value, int) and upper.value >= _LIST


def _is_text(value: ast.expr) -> bool:
    """Whether what is cut is a field of a request: `request.POST.get(...)`."""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "get"
    )


@pytest.mark.parametrize(
    "path", sorted(FEATURES.rglob("*.py")), ids=lambda path: path.relative_to(FEATURES).as_posix()
)
def test_no_list_is_cut_in_silence(path: Path) -> None:
    """A list of a feature is a `Table`, which pages it and says how long it is."""
    ends = set(cuts(ast.parse(path.read_text("utf-8"))))
    assert {end for end in ends if (path.name, end) not in ALLOWED} == set()


def test_each_exception_is_used() -> None:
    """What is allowed and stands nowhere any more is taken off the list."""
    there = {
        (path.name, end)
        for path in FEATURES.rglob("*.py")
        for end in cuts(ast.parse(path.read_text("utf-8")))
    }
    assert set(ALLOWED) <= there


def test_cuts_are_found() -> None:
    """The checker sees what it is there to see."""
    planted = (
        "a = rows[:_SHOWN]\nb = rows[:500]\nc = rows.order_by('pk')[:_MOST]\n"
        "d = names[:6]\ne = request.POST.get('x', '')[:100]\nf = rows[start:end]\n"
    )
    assert sorted(cuts(ast.parse(planted))) == ["500", "_MOST", "_SHOWN"]
