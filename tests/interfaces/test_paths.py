"""Every command that takes a path ends at once, exit code 2 and the place named in three languages,
where nothing can be read or written there."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from tests.interfaces.test_command_line import lake

from qor.engine.storage.lake import CheckpointWrong, Lake
from qor.interfaces.cli.main import _parser, main
from qor.interfaces.cli.paths import KINDS

Capture = pytest.CaptureFixture[str]
__all__ = ["lake"]  # a fixture: a month with one finding
_AT_ONCE = 60  # seconds: whoever waits longer waits for a pipe
_PLAIN = {"month": "2026-02", "amount": "1", "bin": "990140000017", "contract": "K-1"}
Option = tuple[tuple[str, ...], argparse.Action]


def commands(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Every command that does something, by the words that call it."""
    if parser.get_default("run") is not None:
        yield path, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inside in action.choices.items():
                yield from commands(inside, (*path, name))


def _takes_path(action: argparse.Action) -> bool:
    return action.type in KINDS.values() or action.metavar in ("DIR", "FILE")


PARSERS = dict(commands(_parser("en")))
OPTIONS: dict[str, Option] = {
    f"{' '.join(path)} {action.dest}": (path, action)
    for path, parser in PARSERS.items()
    for action in parser._actions
    if _takes_path(action)
}
FOLDERS = {name for name, (_, action) in OPTIONS.items() if action.metavar == "DIR"} | {"demo dir"}


def _value(action: argparse.Action) -> str:
    if action.choices:
        return str(next(iter(action.choices)))
    return "1" if action.type is int else _PLAIN.get(action.dest, "2026-03-25")


def typed(option: Option, value: Path, places: Path) -> list[str]:
    """A command line with a path in one option; all that the command needs besides is good."""
    path, asked = option
    words = [*path]
    for action in PARSERS[path]._actions:
        if action is asked or action.required:
            given = str(value if action is asked else _good(action, places))
            words += [*action.option_strings[:1], given]
            if action.dest == "administrator":
                words += [action.option_strings[0], "another"]
    return words


def _good(action: argparse.Action, places: Path) -> str:
    if not _takes_path(action):
        return _value(action)
    return str(places / ("plain" if action.metavar == "FILE" else f"new-{action.dest}"))


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Path]:
    """A folder of things that are no place to read or write at: `FILE/x` lies under a plain
    file."""
    root = tmp_path / "p"
    root.mkdir()
    (root / "plain").write_text("x", "utf-8")
    (root / "link").symlink_to(root / "nowhere")
    os.mkfifo(root / "pipe")
    (root / "folder").mkdir()
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(root)  # the address of a socket has few letters
        listening.bind("socket")
        os.chdir(here)
        yield root


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Whoever waits is stopped."""

    def waits(_: int, __: FrameType | None) -> None:
        raise AssertionError("the command waits")

    before = signal.signal(signal.SIGALRM, waits)
    signal.alarm(_AT_ONCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _refused(capsys: Capture, words: list[str], name: str) -> None:
    said = {}
    for language in ("kk", "ru", "en"):
        assert main([*words, "--lang", language]) == 2, words
        printed = capsys.readouterr()
        said[language] = printed.err
        assert name in printed.err and "Traceback" not in printed.err, (words, printed)
    assert len(set(said.values())) == 3


def test_every_option_that_takes_a_path_says_which() -> None:
    """A folder or a file, to be read or written; there are many of them."""
    unknown = [name for name, (_, action) in OPTIONS.items() if action.type not in KINDS.values()]
    assert not unknown and len(OPTIONS) > 40


@pytest.mark.parametrize("bad", ["plain/x", "link", "link/x", "pipe", "socket", "/dev/zero"])
@pytest.mark.parametrize("name", OPTIONS)
def test_a_place_where_nothing_can_be(
    places: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str, bad: str
) -> None:
    """Under a plain file, a link that leads nowhere, a pipe that nobody writes to, a socket, a
    device."""
    monkeypatch.setenv("QOR_SECRET_KEY", "k" * 50)
    monkeypatch.chdir(places.parent)
    place = places / bad
    words = typed(OPTIONS[name], place, places)
    of_register = name == "intake files"  # which the intake names without its folders
    named = place.name if of_register else f"p/{bad.partition('/')[0]}"
    _refused(capsys, words, "zero" if bad.startswith("/") else named)
    assert sorted(each.name for each in places.iterdir()) == [
        "folder",
        "link",
        "pipe",
        "plain",
        "socket",
    ]


@pytest.mark.parametrize("name", OPTIONS)
def test_a_file_where_a_folder_is_due_and_the_other_way_round(
    places: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Neither is overwritten."""
    monkeypatch.chdir(places.parent)
    wrong = "plain" if name in FOLDERS else "folder"
    named = wrong if name == "intake files" else f"p/{wrong}"
    _refused(capsys, typed(OPTIONS[name], places / wrong, places), named)
    assert (places / "plain").read_text("utf-8") == "x" and (places / "folder").is_dir()


@pytest.mark.parametrize(
    "words",
    [
        ("intake", "FILE", "--table", "people", "--lake", "/proc/1/qor"),
        ("findings", "2026-02", "--lake", "LAKE", "--out", "/proc/1/qor/x.csv"),
        ("findings", "2026-02", "--lake", "LAKE", "--out", "/proc/1/qor/x.parquet"),
        ("findings", "2026-02", "--lake", "LAKE", "--out", "/proc/1/qor/x.xlsx"),
        ("demo", "--dir", "/proc/1/qor"),
        ("docs", "tables", "--out", "/proc/1/qor"),
        ("checks", "--handbook", "/proc/1/qor"),
    ],
)
def test_a_folder_in_which_nothing_can_be_made(
    lake: Path, places: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """The system's own: said with its name once it comes to writing."""
    monkeypatch.setenv("QOR_DATABASE_URL", f"sqlite:///{places / 'none.sqlite3'}")
    capsys.readouterr()
    given = {"LAKE": str(lake), "FILE": str(places / "plain")}
    _refused(capsys, [given.get(word, word) for word in words], "/proc/1/qor")


def test_a_file_that_is_no_database(places: Path) -> None:
    """A text, a pipe, a device, a folder: refused by name, by who reads and by who would make
    one."""
    script = """
import sys
from qor.interfaces.cli.main import main
for words in (["users", "list"], ["init", "--organisations", sys.argv[2], *sys.argv[3:]]):
    print(main([*words, "--database", sys.argv[1], "--lang", "en"]))
"""
    two = ["--administrator", "a", "--administrator", "b"]
    (places / "text").write_text("a text\n" * 99, "utf-8")
    for place in ("text", "pipe", "folder", "plain/x", "/dev/zero"):
        named = str(places / place)
        answer = subprocess.run(
            [sys.executable, "-c", script, f"sqlite:///{named}", str(places / "plain"), *two],
            capture_output=True,
            text=True,
            check=False,
            timeout=_AT_ONCE,
        )
        assert answer.stdout.split() == ["2", "2"], answer.stdout + answer.stderr
        assert answer.stderr.count(named) == 2


@pytest.mark.parametrize("name", ["head.json", "checkpoint.json", "lock"])
def test_a_pipe_in_a_lake(lake: Path, places: Path, capsys: Capture, name: str) -> None:
    """In the place of a file that a lake reads: refused, and nobody waits for it."""
    capsys.readouterr()
    (lake / name).unlink(missing_ok=True)
    os.mkfifo(lake / name)
    register = places / "providers.csv"
    register.write_text("bin,region,name_kk,name_ru,name_en\n990140000017,71,Е,К,C\n", "utf-8")
    _refused(capsys, ["intake", str(register), "--table", "providers", "--lake", str(lake)], name)


def test_a_checkpoint_that_cannot_be_read_is_not_a_damaged_one(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system does not let be read is said by the system's error; a folder in its place is
    damage."""
    pointer = lake / "checkpoint.json"
    pointer.unlink(missing_ok=True)
    pointer.mkdir()
    with pytest.raises(CheckpointWrong):
        Lake(lake)
    pointer.rmdir()
    pointer.write_text("{}", "utf-8")

    def closed(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("qor.engine.storage.lake.checkpoint.content_of", closed)
    with pytest.raises(PermissionError):
        Lake(lake)
