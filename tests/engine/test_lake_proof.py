"""A lake that was changed is refused in words, whatever was changed: its files, its log, or the
head; an old log is taken over once."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qor.engine.monitoring.month import freeze
from qor.engine.storage.duck import connect, literal
from qor.engine.storage.lake import Lake, problems_of, take_over
from qor.engine.storage.lake.log import EntryChanged, LogIsFlat
from qor.engine.storage.lake.store import PartChanged
from qor.engine.storage.lake.takeover import AlreadyChained
from qor.interfaces.cli.main import main
from qor.interfaces.messages import refusal_text
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import Refusal

AT = datetime(2026, 3, 2, 5, tzinfo=UTC)


def write(lake: Lake, table: str, month: str, rows: int, kind: str = "intake") -> None:
    """One commit with one part of so many rows; of equal counts the files are equally long."""
    with lake.writing() as writer, connect() as connection:
        path = writer.staging / "part.parquet"
        start = 1000 + 100 * len(lake.entries)
        connection.execute(
            f"COPY (SELECT i + {start} AS n FROM range({rows}) r(i)) TO {literal(path)} "
            "(FORMAT parquet)"
        )
        writer.add(table, month, path, rows)
        writer.commit(kind, {"sha256": "", "table": table, "month": month})


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Five commits of three tables and two months."""
    lake = Lake(tmp_path / "lake")
    for table, month in (
        ("services", "2026-01"),
        ("services", "2026-02"),
        ("providers", ""),
        ("norms", ""),
    ):
        write(lake, table, month, 10)
    write(lake, "services", "2026-02", 20)
    return lake


def parts(root: Path) -> list[Path]:
    """The files of rows, in the order in which they came."""
    return [root / part.path for entry in Lake(root).entries for part in entry.adds]


def log(root: Path, number: int) -> Path:
    """The file of an entry."""
    return root / "log" / "00000" / f"{number:08d}.json"


def edit(path: Path, **facts: object) -> None:
    """Change what a JSON file says."""
    path.write_text(
        json.dumps(json.loads(path.read_text("utf-8")) | facts, indent=1, sort_keys=True) + "\n",
        "utf-8",
    )


def exchange(one: Path, other: Path) -> None:
    """Let two files change places."""
    aside = one.with_name("aside")
    one.rename(aside), other.rename(one), aside.rename(other)


def flip(path: Path) -> None:
    """Change one byte, leave the length."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def forge(root: Path) -> None:
    """Append an entry with the right sha256 of the one before."""
    last = json.loads(log(root, 5).read_text("utf-8"))
    digest = Lake(root).entries[-1].sha256
    log(root, 6).write_text(
        json.dumps(last | {"number": 6, "previous": digest, "adds": [], "drops": []}), "utf-8"
    )


def another(root: Path) -> Path:
    """Another lake, also of five commits."""
    other = Lake(root.parent / "other")
    for n in range(5):
        write(other, "services", "2026-02", 30 + n)
    return other.root


TAMPERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a file cut": ("lake_part_changed", lambda root: os.truncate(parts(root)[1], 40)),
    "a file longer": (
        "lake_part_changed",
        lambda root: parts(root)[1].write_bytes(parts(root)[1].read_bytes() + b"x"),
    ),
    "a file emptied": ("lake_part_changed", lambda root: os.truncate(parts(root)[1], 0)),
    "a byte changed": ("lake_part_changed", lambda root: flip(parts(root)[1])),
    "a file gone": ("lake_part_missing", lambda root: parts(root)[1].unlink()),
    "two files of one length exchanged": (
        "lake_part_changed",
        lambda root: exchange(parts(root)[0], parts(root)[1]),
    ),
    "two files of two lengths exchanged": (
        "lake_part_changed",
        lambda root: exchange(parts(root)[0], parts(root)[4]),
    ),
    "a file of another table in its place": (
        "lake_part_changed",
        lambda root: shutil.copy(parts(root)[2], parts(root)[1]),
    ),
    "a file replaced by a link": (
        "lake_part_changed",
        lambda root: (
            parts(root)[1].rename(root / "away"),
            (root / parts(root)[1]).symlink_to(root / "away"),
        ),
    ),
    "an alien file": (
        "lake_part_alien",
        lambda root: shutil.copy(parts(root)[1], parts(root)[1].with_name("x.parquet")),
    ),
    "an entry cut": ("lake_entry_changed", lambda root: os.truncate(log(root, 3), 30)),
    "what an entry says of itself edited": (
        "lake_entry_changed",
        lambda root: edit(log(root, 2), facts={"month": ""}),
    ),
    "the parts of an entry edited": (
        "lake_entry_changed",
        lambda root: edit(log(root, 2), adds=[]),
    ),
    "the last entry edited": ("lake_entry_changed", lambda root: edit(log(root, 5), drops=["x"])),
    "the number of an entry edited": (
        "lake_entry_changed",
        lambda root: edit(log(root, 2), number=3),
    ),
    "the chain taken off": (
        "lake_entry_changed",
        lambda root: [edit(log(root, n), previous=None) for n in range(1, 6)],
    ),
    "two entries exchanged": (
        "lake_entry_changed",
        lambda root: exchange(log(root, 2), log(root, 3)),
    ),
    "two entries exchanged and numbered anew": (
        "lake_entry_changed",
        lambda root: (
            exchange(log(root, 2), log(root, 3)),
            edit(log(root, 2), number=2),
            edit(log(root, 3), number=3),
        ),
    ),
    "an entry of another lake": (
        "lake_entry_changed",
        lambda root: shutil.copy(log(another(root), 3), log(root, 3)),
    ),
    "an entry in the middle gone": ("lake_entry_missing", lambda root: log(root, 3).unlink()),
    "the last entry gone": ("lake_entry_missing", lambda root: log(root, 5).unlink()),
    "all entries gone": (
        "lake_entry_missing",
        lambda root: [log(root, n).unlink() for n in range(1, 6)],
    ),
    "all entries and the head gone": (
        "lake_entry_missing",
        lambda root: [
            path.unlink() for path in (*(root / "log").rglob("*.json"), root / "head.json")
        ],
    ),
    "an alien entry appended": ("lake_entry_alien", forge),
    "an alien file in the log": (
        "lake_entry_alien",
        lambda root: (root / "log" / "00000" / "00000003.json~").write_text("{}"),
    ),
    "an empty folder": ("lake_entry_alien", lambda root: (root / "log" / "00007").mkdir()),
    "a folder of other things in the log": (
        "lake_entry_alien",
        lambda root: shutil.copytree(root / "data", root / "log" / "00003"),
    ),
    "an empty folder too early": (
        "lake_entry_alien",
        lambda root: (root / "log" / "00001").mkdir(),
    ),
    "a folder of entries too far": (
        "lake_entry_missing",
        lambda root: shutil.copytree(root / "log" / "00000", root / "log" / "00002"),
    ),
    "an entry twice": ("lake_entry_changed", lambda root: shutil.copy(log(root, 5), log(root, 6))),
    "the head gone": ("lake_head_wrong", lambda root: (root / "head.json").unlink()),
    "the head unreadable": ("lake_head_wrong", lambda root: os.truncate(root / "head.json", 9)),
    "the head of another entry": (
        "lake_entry_changed",
        lambda root: edit(root / "head.json", sha256="0" * 64),
    ),
}


def refused(root: Path) -> Refusal | None:
    """What the lake is refused for: at its opening, or when it is proved."""
    try:
        return next(iter(problems_of(Lake(root))), None)
    except Refusal as refusal:
        return refusal


@pytest.mark.parametrize("what", TAMPERS)
def test_a_changed_lake_is_refused_in_words(lake: Lake, what: str) -> None:
    """Each change is named, in three languages; the same lake was whole before it."""
    assert refused(lake.root) is None
    key, change = TAMPERS[what]
    change(lake.root)
    refusal = refused(lake.root)
    assert refusal is not None and refusal.key == key
    sentences = {refusal_text(refusal, language) for language in ("kk", "ru", "en")}
    assert len(sentences) == 3 and not any(str(lake.root) in sentence for sentence in sentences)


@pytest.mark.parametrize(
    "what", ["a file cut", "a file gone", "a file longer", "two files of two lengths exchanged"]
)
def test_reading_looks_at_the_size(lake: Lake, what: str) -> None:
    """Whoever reads a table needs no proof to see that a file is not as long as it was."""
    TAMPERS[what][1](lake.root)
    with pytest.raises(Refusal) as refusal:
        Lake(lake.root).paths("services")
    assert refusal.value.key == TAMPERS[what][0]


def test_a_writer_killed_at_any_step_leaves_a_whole_lake(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before or after each of the writer's steps on the disk: the commit is there whole or
    not at all, and the next one cleans up."""
    calls = {"n": 0}

    class Killed(BaseException):
        """The process is gone."""

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **facts: object) -> object:
            calls["n"] += 1
            if calls["n"] == stop_at:
                raise Killed
            return real(*arguments, **facts)

        return step

    originals = {name: getattr(os, name) for name in ("fsync", "link", "replace")}
    seen = set()
    for stop_at in range(1, 40):
        calls["n"], before = 0, len(Lake(lake.root).entries)
        for name, real in originals.items():
            monkeypatch.setattr(os, name, counted(real))
        try:
            write(Lake(lake.root), "calls", "2026-02", 10 + stop_at)
            break
        except Killed:
            pass
        finally:
            for name, real in originals.items():
                monkeypatch.setattr(os, name, real)
        seen.add(len(Lake(lake.root).entries) - before)
        assert problems_of(Lake(lake.root)) == []
        write(Lake(lake.root), "calls", "2026-01", 10)
        assert problems_of(Lake(lake.root)) == []
    else:
        raise AssertionError("never finished")
    assert seen == {0, 1} and stop_at > 5


def flat(root: Path) -> None:
    """The lake as it was before its log lay in folders and had checkpoints."""
    for path in sorted((root / "log").rglob("*.json")):
        path.rename(root / "log" / path.name)
    for folder in [each for each in (root / "log").iterdir() if each.is_dir()]:
        folder.rmdir()
    shutil.rmtree(root / "checkpoints", ignore_errors=True)
    (root / "checkpoint.json").unlink(missing_ok=True)


def old_log(root: Path) -> None:
    """The lake as it was before entries were chained: no sizes, no chain, no head."""
    flat(root)
    for path in sorted((root / "log").iterdir()):
        entry = json.loads(path.read_text("utf-8"))
        del entry["previous"]
        for part in entry["adds"]:
            del part["bytes"]
        path.write_text(
            json.dumps(entry, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
        )
    (root / "head.json").unlink()


def test_an_old_log_is_taken_over_once(lake: Lake) -> None:
    """It is refused until then; afterwards its entries and files are held like the others; a second
    time is refused."""
    before = [part.path for part in lake.current()]
    old_log(lake.root)
    stray = lake.root / "data" / "services" / "stray.parquet"
    stray.write_bytes(b"left by an interrupted command")
    with pytest.raises(LogIsFlat):
        Lake(lake.root)
    assert take_over(lake.root, "test", AT).kind == "take_over"
    again = Lake(lake.root)
    assert [part.path for part in again.current()] == before and problems_of(again) == []
    assert (
        not stray.exists()
        and (lake.root / "aside" / "data" / "services" / "stray.parquet").exists()
    )
    write(again, "calls", "2026-01", 5)
    with pytest.raises(AlreadyChained):
        take_over(lake.root, "test", AT)
    os.truncate(parts(lake.root)[0], 10)
    with pytest.raises(PartChanged):
        Lake(lake.root).paths("services")
    edit(log(lake.root, 2), facts={})
    with pytest.raises(EntryChanged):
        Lake(lake.root)


def test_a_changed_old_lake_is_not_taken_over(lake: Lake) -> None:
    """Nothing is written where a file is not what its entry says."""
    flip(parts(lake.root)[0])
    old_log(lake.root)
    with pytest.raises(PartChanged):
        take_over(lake.root, "test", AT)
    assert not (lake.root / "head.json").exists() and len(list((lake.root / "log").iterdir())) == 5


def test_a_chained_lake_is_never_taken_for_an_old_one(lake: Lake) -> None:
    """Taking the chain off does not open the door of the taking over."""
    for n in range(1, 6):
        edit(log(lake.root, n), previous=None)
    with pytest.raises(AlreadyChained):
        take_over(lake.root, "test", AT)


def test_a_log_is_read_once_a_process(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening again costs a look at each entry, not a reading; a changed entry is read again."""
    read: list[str] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: (read.append(path.name), real(path))[1])
    Lake(lake.root)
    read.clear()
    Lake(lake.root)
    assert read == []
    write(lake, "calls", "2026-02", 3)
    assert read == ["00000006.json"]


def test_a_month_is_not_frozen_over_a_changed_file(lake: Lake) -> None:
    """Also where the length is the same: every byte is read before a month closes; a file of a
    later month does not matter."""
    flip(parts(lake.root)[4])
    freeze(Lake(lake.root), Month(2026, 1), "test", AT)
    with pytest.raises(PartChanged):
        freeze(Lake(lake.root), Month(2026, 2), "test", AT)


@pytest.mark.parametrize(("language", "word"), [("kk", "Көл"), ("ru", "Озеро"), ("en", "lake")])
def test_the_command_says_what_is_wrong(
    lake: Lake, language: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 and counts where the lake is whole; 1 and every problem where a file is not; 2 where the
    log is not."""
    asked = ["lake", "verify", "--lake", str(lake.root), "--lang", language]
    assert main(asked) == 0 and word in capsys.readouterr().out
    flip(parts(lake.root)[0]), parts(lake.root)[1].unlink()
    assert main([*asked, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [each["key"] for each in answer["problems"]] == [
        "lake_part_changed",
        "lake_part_missing",
    ]
    log(lake.root, 2).unlink()
    assert main(asked) == 2


def test_the_command_takes_over(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    """Every other command names it for an old lake."""
    old_log(lake.root)
    assert main(["lake", "verify", "--lake", str(lake.root), "--lang", "en"]) == 2
    assert "lake take-over" in capsys.readouterr().err
    assert main(["lake", "take-over", "--lake", str(lake.root)]) == 0
    assert main(["lake", "verify", "--lake", str(lake.root)]) == 0
