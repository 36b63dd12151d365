"""The old words are gone: no module, class, function, argument, field or table bears one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "qor"
# Names that were given up for the field's own, wherever a name is given.
GIVEN_UP = frozenset(
    """act_called close_month take_interest lumps make_lumps strangers roaming tell_engine Told
    take_later Later tell_of_month bring_in amount_at_stake reckoned Reckoned impose add_words
    words_shown WordsMissing take_bound sum_uses cut_lines""".split()
)
# Names that only a module, function or table may not bear: elsewhere they are plain words.
OF_MODULES = {"interest", "later", "net", "say", "tell", "words", "bring_in", "close_month"}
OF_TABLES = re.compile(
    r"\b(?:TABLE|VIEW|FROM|JOIN|INTO) "
    r"(interest|maybe|lumps|tight|bound|cut|uses|rooms|again|roaming|strangers)\b"
)


def sources() -> list[Path]:
    """Every Python and SQL file of the product."""
    return sorted([*SRC.rglob("*.py"), *SRC.rglob("*.sql")])


def names_given(tree: ast.AST) -> Iterator[str]:
    """The names that a module gives: to classes, functions, arguments, variables and fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(SRC).as_posix())
def test_no_old_name_is_given(path: Path) -> None:
    """Neither in Python nor as a table of a statement."""
    text = path.read_text("utf-8")
    assert path.stem not in OF_MODULES, path
    assert not OF_TABLES.findall(text)
    if path.suffix == ".py":
        given = set(names_given(ast.parse(text)))
        assert not given & GIVEN_UP
        functions = {n.name for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)}
        assert not functions & {"say", "tell", "impose", "bring_in"}


def test_old_names_are_found() -> None:
    """The checker sees what it is there to see."""
    planted = "def take_later(words_shown):\n    self.amount_at_stake = lumps = 1\n"
    assert len(set(names_given(ast.parse(planted))) & GIVEN_UP) == 4
    assert OF_TABLES.findall("SELECT * FROM maybe m JOIN tight t") == ["maybe", "tight"]
