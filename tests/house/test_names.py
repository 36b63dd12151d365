"""The old words are gone: no module, class, function, argument, field or table bears one; a local
says what it holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "qor"
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
# Names that say nothing of what a local or an argument holds.
VAGUE = frozenset({"found", "told", "held", "made", "taken", "kept"})


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


def locals_given(tree: ast.Module) -> Iterator[str]:
    """The names of arguments and variables; a field of a class is none."""
    fields = {
        id(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.Assign | ast.AnnAssign)
        for target in (line.targets if isinstance(line, ast.Assign) else [line.target])
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif (
            isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)
            and id(node) not in fields
        ):
            yield node.id


def vague_in(path: Path) -> set[str]:
    """The vague names that a module gives."""
    return set(locals_given(ast.parse(path.read_text("utf-8")))) & VAGUE


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


@pytest.mark.parametrize("folder", ["src", "tests", "bench"])
def test_locals_say_what_they_hold(folder: str) -> None:
    """None is called found, told, held, made, taken or kept."""
    modules = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / folder).rglob("*.py")}
    assert modules
    assert {name: vague for name, path in modules.items() if (vague := vague_in(path))} == {}


def test_vague_names_are_seen() -> None:
    """As an argument, a variable, in a loop and in a comprehension; a field of a class is a column
    or a key, and keeps its name."""
    planted = """
class Act:
    held: int
    taken: int = 0
    kept = MoneyField()
def f(told, *kept):
    found = [made for made in told]
"""
    assert set(locals_given(ast.parse(planted))) & VAGUE == {"told", "kept", "found", "made"}
