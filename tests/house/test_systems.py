"""The list of systems says what is so: each test, command and page that it names is there, and the
page is up to date."""

import ast
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.urls import get_resolver, reverse
from tests.house.systems import DATA, PAGE, ROOT, STATES, System, systems, systems_page

from qor.interfaces.cli.main import _parser

_PORTAL = "qor.interfaces.web.server.urls"
_KINDS = ("tests/", "./qor ", "page ")


def _words(command: str) -> list[str]:
    """The words of a command line after `./qor`."""
    return shlex.split(command)[1:]


def _is_cheap(command: str) -> bool:
    """Whether a command can be run here: it asks the law or for help, and needs neither lake nor
    database."""
    words = _words(command)
    return words[0] == "law" or "--help" in words


_SHOWN = sorted({shower for system in systems() for shower in system.shown_by})
_TESTS, _COMMANDS, _PAGES = ([each for each in _SHOWN if each.startswith(kind)] for kind in _KINDS)
_RUN = sorted(
    {
        line
        for each in systems()
        if each.state == "works"
        for line in each.shown("./qor ")
        if _is_cheap(line)
    }
)


@cache
def _tests_of(path: str) -> set[str]:
    """The names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_system_stands_once_in_its_order() -> None:
    """S001 to S162; the rows of a group stand together; no line of the data is longer than a
    hundred signs."""
    everything = systems()
    assert [each.id for each in everything] == [f"S{n:03}" for n in range(1, 163)]
    groups = [each.group for each in everything]
    assert groups == sorted(groups)
    assert {len(line) <= 100 for line in DATA.read_text("utf-8").splitlines()} == {True}


@pytest.mark.parametrize("system", systems(), ids=lambda system: system.id)
def test_each_row_is_whole(system: System) -> None:
    """A known state, what is there, what is missing where it is there in part only, and something
    that shows it."""
    assert system.state in STATES
    assert system.name and system.has
    assert bool(system.lacks) == (system.state == "part")
    assert bool(system.shown_by) == (system.state != "not_yet")
    assert all(shower.startswith(_KINDS) for shower in system.shown_by)
    assert "|" not in system.name + system.has + system.lacks


@pytest.mark.parametrize("name", _TESTS)
def test_each_test_named_is_there(name: str) -> None:
    """In the file named, under the name named."""
    path, _, test = name.partition("::")
    assert test in _tests_of(path)


@pytest.mark.parametrize("command", _COMMANDS)
def test_each_command_named_is_understood(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line takes its words, its files being there; nothing is run."""
    monkeypatch.chdir(tmp_path)
    for word in _words(command):
        if Path(word).suffix in {".csv", ".json", ".xlsx", ".parquet"}:
            Path(word).touch()
    assert _parser("en").parse_args(_words(command)).command == _words(command)[0]


@pytest.mark.parametrize("page", _PAGES)
def test_each_page_named_has_an_address(page: str) -> None:
    """The portal knows its name."""
    name = page.removeprefix("page ")
    parts = get_resolver(_PORTAL).reverse_dict.getlist(name)[0][0][0][1]
    assert reverse(name, _PORTAL, kwargs=dict.fromkeys(parts, 1)).startswith("/")


@pytest.mark.parametrize("command", _RUN)
def test_what_works_is_run(command: str) -> None:
    """Each cheap command of a system that works ends with 0 and says something."""
    done = subprocess.run(
        [sys.executable, "-m", "qor", *_words(command)], capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout


def test_every_system_that_works_is_shown_by_a_command_and_a_test() -> None:
    """A command that can be typed, and a test that holds it."""
    for each in systems():
        assert each.state != "works" or (each.shown("./qor ") and each.shown("tests/")), each.id


def test_the_page_is_up_to_date() -> None:
    """docs/systems.md is what the data give."""
    assert PAGE.read_text("utf-8") == systems_page(), "write it anew: python -m tests.house.systems"
