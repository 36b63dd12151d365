"""Checkpoints of a lake's log say what the log says, cost the same however long it is, and are
written anew where they are lost or forged."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qor.engine.storage.lake import (
    Lake,
    LogIsFlat,
    Part,
    checkpoint,
    checkpointing,
    history,
    problems_of,
    reading,
    rebuild_checkpoint,
)
from qor.engine.storage.lake.checkpoint import CheckpointWrong
from qor.engine.storage.lake.log import EntryChanged, EntryMissing
from qor.interfaces.cli.main import main
from qor.law.nouns.months import Month

MONTHS = ("2026-01", "2026-02", "")
PROCESS = """
import sys
from pathlib import Path
from qor.engine.storage.lake import Lake, checkpointing
checkpointing.EVERY = 2
for n in range(12):
    with Lake(Path(sys.argv[1])).writing() as writer:
        path = writer.staging / "part"
        path.write_text(f"{sys.argv[2]} {n}")
        writer.add("services", "2026-01", path, 1)
        writer.commit("intake", {"sha256": f"{sys.argv[2]}{n}", "month": "2026-01"})
"""


def commit(lake: Lake, text: str, *drops: Part, table: str = "services", month: str = "") -> None:
    """One commit that adds a part of some content and takes others out."""
    with lake.writing() as writer:
        path = writer.staging / "part"
        path.write_text(text)
        for part in drops:
            writer.drop(part)
        writer.add(table, month, path, len(text))
        facts = {"sha256": text, "table": table, "month": month, "replaced": len(drops)}
        writer.commit("intake", facts)


def forget() -> None:
    """As in a process that has just begun."""
    checkpoint._READ.clear()
    reading._READ.clear()


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """Eleven commits with a checkpoint every three, of segments of two parts."""
    monkeypatch.setattr(checkpointing, "EVERY", 3)
    monkeypatch.setattr(history, "SEGMENT", 2)
    lake = Lake(tmp_path / "lake")
    for n in range(11):
        commit(lake, f"part {n}", table="services", month=MONTHS[n % 2])
    return lake


def log_of(root: Path) -> list[dict[str, object]]:
    """The log as its files say it, by nobody's reader."""
    return [json.loads(path.read_bytes()) for path in sorted((root / "log").rglob("*.json"))]


def replayed(entries: list[dict[str, object]], table: str, month: str) -> set[str]:
    """The paths that stand after some entries."""
    standing: set[str] = set()
    for entry in entries:
        standing -= set(entry["drops"])  # type: ignore[call-overload]
        standing |= {
            part["path"]
            for part in entry["adds"]  # type: ignore[attr-defined]
            if (part["table"], part["month"]) == (table, month)
        }
    return standing


@pytest.mark.parametrize("seed", range(4))
def test_a_checkpoint_says_what_the_log_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Of parts that come, go and come again: now and after each earlier commit, by a lake that was
    open all the time, by one just opened and by one that reads the log."""
    monkeypatch.setattr(checkpointing, "EVERY", 4)
    monkeypatch.setattr(history, "SEGMENT", 3)
    chance, lake = random.Random(seed), Lake(tmp_path / "lake")
    for _ in range(60):
        table, month = chance.choice(("services", "people")), chance.choice(MONTHS)
        standing = lake.current()
        gone = chance.sample(standing, min(len(standing), chance.choice((0, 0, 1, 2))))
        commit(lake, f"content {chance.randrange(25)}", *gone, table=table, month=month)
    written = log_of(lake.root)
    for reader in (lake, Lake(lake.root), Lake(lake.root, from_log=True)):
        for table in ("services", "people"):
            for upto in (None, *range(61)):
                wanted = {m: replayed(written[:upto], table, m) for m in MONTHS}
                parts = reader.parts(table, upto=upto)
                assert {p.path for p in parts} == set().union(*wanted.values())
            assert reader.months(table) == sorted(m for m in MONTHS if m and wanted[m])
            assert {n: p for p, n in reader.numbers(table).items()} == {
                n: p for p, n in Lake(lake.root, from_log=True).numbers(table).items()
            }
        assert len(reader.entries) == 60 and [e.number for e in reader.entries[5:9]] == [6, 7, 8, 9]
        assert reader.facts == Lake(lake.root, from_log=True).facts
    digests = {str(entry["facts"]["sha256"]) for entry in written}  # type: ignore[index]
    for digest in digests:
        of_file = [e for e in written if e["facts"]["sha256"] == digest]  # type: ignore[index]
        numbers = [e["number"] for e in of_file]
        assert [entry.number for entry in Lake(lake.root).deliveries(digest)] == numbers
    assert problems_of(lake) == []


def test_opening_costs_the_same_however_long_the_log_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files read by an opening in a new process, and read or written by a commit: after 20 commits
    and after 220 no more than the tail and the files of one checkpoint."""
    monkeypatch.setattr(checkpointing, "EVERY", 10)
    read: list[str] = []

    def noted(real: Callable[..., object]) -> Callable[..., object]:
        def step(path: Path, *arguments: object) -> object:
            read.append(path.name)
            return real(path, *arguments)

        return step

    for name in ("read_bytes", "read_text", "write_bytes"):
        monkeypatch.setattr(Path, name, noted(getattr(Path, name)))
    lake, counts = Lake(tmp_path / "lake"), []
    for n in range(225):
        read.clear()
        commit(lake, f"part {n}", month="2026-01")
        commits = len(read)
        if n in {24, 224}:
            forget()
            read.clear()
            Lake(lake.root)
            opened = len(read)
            lake.parts("services", [Month(2026, 1)])
            counts.append((opened, len(read), commits))
    assert counts[0] == counts[1] and counts[0][0] <= 10


def forge_consistently(root: Path) -> None:
    """A part less in a segment, and manifest and pointer made to fit."""
    pointer = json.loads((root / "checkpoint.json").read_text())
    place = root / "checkpoints" / f"{pointer['number']:08d}.json"
    manifest = json.loads(place.read_bytes())
    month = manifest["tables"]["services"]["2026-01"]
    (segment,) = (root / "checkpoints/tables/services/2026-01").glob(
        f"{month['segments'][0][:24]}.json"
    )
    columns = json.loads(segment.read_bytes())
    columns["dropped"] = {"0": 2}
    content = json.dumps(columns).encode()
    month["segments"][0] = hashlib.sha256(content).hexdigest()
    segment.with_name(f"{month['segments'][0][:24]}.json").write_bytes(content)
    place.write_bytes(json.dumps(manifest).encode())
    pointer["manifest"] = hashlib.sha256(place.read_bytes()).hexdigest()
    (root / "checkpoint.json").write_text(json.dumps(pointer))


def newest(root: Path, pattern: str) -> Path:
    """A file of the newest checkpoint."""
    return max((root / "checkpoints").rglob(pattern), key=lambda path: path.stat().st_mtime_ns)


def lose(root: Path) -> None:
    """Take the checkpoints away."""
    shutil.rmtree(root / "checkpoints")
    (root / "checkpoint.json").unlink()


FORGERIES: dict[str, Callable[[Path], object]] = {
    "a part taken out and every digest made to fit": forge_consistently,
    "the pointer unreadable": lambda root: os.truncate(root / "checkpoint.json", 5),
    "the manifest cut": lambda root: os.truncate(newest(root, "[0-9]" * 8 + ".json"), 20),
    "the manifest gone": lambda root: newest(root, "[0-9]" * 8 + ".json").unlink(),
    "a segment edited": lambda root: newest(root, "[a-f0-9]*.json").write_text("{}"),
    "all segments edited": lambda root: [
        path.write_text("{}") for path in (root / "checkpoints" / "tables").rglob("*.json")
    ],
    "all segments gone": lambda root: shutil.rmtree(root / "checkpoints" / "tables"),
    "the deliveries gone": lambda root: shutil.rmtree(root / "checkpoints" / "deliveries"),
    "a delivery forgotten": lambda root: newest(root, "*.bin").write_bytes(bytes(72)),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_checkpoint_is_found_and_written_anew(
    lake: Lake, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`lake verify` names it and writes it from the log; a second time the lake is whole."""
    before = [part.path for part in lake.parts("services")]
    FORGERIES[what](lake.root)
    forget()
    asked = ["lake", "verify", "--lake", str(lake.root), "--json"]
    assert main(asked) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {each["key"] for each in problems} == {"lake_checkpoint_wrong"}
    assert main(asked) == 0
    forget()
    assert [part.path for part in Lake(lake.root).parts("services")] == before


def test_a_damaged_checkpoint_is_refused_in_words_not_half_read(lake: Lake) -> None:
    """The segment that a listing needs, and the manifest that an opening needs."""
    FORGERIES["all segments edited"](lake.root)
    forget()
    with pytest.raises(CheckpointWrong):
        Lake(lake.root).parts("services")
    FORGERIES["the manifest cut"](lake.root)
    forget()
    with pytest.raises(CheckpointWrong):
        Lake(lake.root)


def test_a_lost_checkpoint_costs_time_only(lake: Lake) -> None:
    """The log is read instead; the next commit writes one."""
    before = [part.path for part in lake.parts("services")]
    lose(lake.root)
    forget()
    again = Lake(lake.root)
    assert [part.path for part in again.parts("services")] == before
    commit(again, "more")
    assert (lake.root / "checkpoint.json").exists() and problems_of(again) == []


def test_the_log_before_a_checkpoint_is_held_too(lake: Lake) -> None:
    """By the proof every entry; by an opening the one that the checkpoint names."""
    early, last = (lake.root / "log" / "00000" / f"{n:08d}.json" for n in (2, 9))
    assert lake._checkpoint.number == 9
    content = early.read_bytes()
    early.write_bytes(content.replace(b"part", b"prat"))
    with pytest.raises(EntryChanged):
        problems_of(Lake(lake.root))
    early.unlink()
    with pytest.raises(EntryMissing):
        Lake(lake.root)
    early.write_bytes(content)
    last.write_bytes(last.read_bytes().replace(b"part", b"prat"))
    with pytest.raises(EntryChanged):
        Lake(lake.root)


def test_a_lake_opened_long_ago_still_reads_what_it_saw(lake: Lake) -> None:
    """Though the files of its checkpoint are cleared: the newest names what it saw."""
    stale = Lake(lake.root)
    stale._checkpoint = checkpoint.Checkpoint(lake.root, stale._checkpoint.manifest)
    before = [part.path for part in Lake(lake.root, from_log=True).parts("services")]
    for n in range(20):
        commit(lake, f"later {n}", *lake.parts("services")[:1], month=MONTHS[n % 2])
    assert [part.path for part in stale.parts("services", upto=11)] == before
    lying = {str(p.relative_to(lake.root)) for p in (lake.root / "checkpoints").rglob("*.*")}
    assert len([place for place in lying if place.count("/") == 1]) == 2


def test_a_writer_killed_while_it_writes_a_checkpoint(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step on the disk: the lake is whole, and the next commit goes on."""
    monkeypatch.setattr(checkpointing, "EVERY", 1)

    class Killed(BaseException):
        """The process is gone."""

    originals = {name: getattr(os, name) for name in ("fsync", "link", "replace", "unlink")}
    calls = {"n": 0}

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **facts: object) -> object:
            calls["n"] += 1
            if calls["n"] == stop_at:
                raise Killed
            return real(*arguments, **facts)

        return step

    for stop_at in range(1, 80):
        calls["n"] = 0
        for name, real in originals.items():
            monkeypatch.setattr(os, name, counted(real))
        try:
            commit(Lake(lake.root), f"killed {stop_at}", month="2026-01")
            break
        except Killed:
            pass
        finally:
            for name, real in originals.items():
                monkeypatch.setattr(os, name, real)
        forget()
        assert problems_of(Lake(lake.root)) == []
        commit(Lake(lake.root), f"after {stop_at}", month="2026-02")
        assert problems_of(Lake(lake.root)) == []
    else:
        raise AssertionError("never finished")
    assert stop_at > 15


def test_two_processes_commit_at_once(tmp_path: Path) -> None:
    """Each commit is there once, in one chain, through the checkpoints of both."""
    root = tmp_path / "lake"
    (root / "log").mkdir(parents=True)
    both = [
        subprocess.Popen([sys.executable, "-c", PROCESS, str(root), name]) for name in ("a", "b")
    ]
    assert [each.wait(60) for each in both] == [0, 0]
    lake = Lake(root)
    assert len(lake.entries) == 24 and len(lake.parts("services")) == 24
    assert problems_of(lake) == []


def test_commits_of_another_process_are_noticed(lake: Lake) -> None:
    """The cache of a process knows the head: what came since is there at the next opening."""
    subprocess.run([sys.executable, "-c", PROCESS, str(lake.root), "x"], check=True)
    assert len(Lake(lake.root).entries) == 23
    lake.reload()
    assert len(lake.parts("services")) == 23


def test_a_flat_log_is_refused_and_taken_over_once(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the taking over was killed half-way; its entries are the same to the byte."""
    before, log = [entry.sha256 for entry in lake.entries], lake.root / "log"
    lose(lake.root)
    for path in sorted(log.rglob("*.json"))[4:]:
        path.rename(log / path.name)
    forget()
    with pytest.raises(LogIsFlat):
        Lake(lake.root)
    asked = ["--lake", str(lake.root), "--lang", "en"]
    assert main(["lake", "verify", *asked]) == 2
    assert "lake take-over" in capsys.readouterr().err
    assert main(["lake", "take-over", *asked]) == 0
    again = Lake(lake.root)
    assert [entry.sha256 for entry in again.entries] == before and problems_of(again) == []
    assert main(["lake", "take-over", *asked]) == 2


def test_a_changed_flat_log_is_not_taken_over(lake: Lake) -> None:
    """Nothing is moved."""
    log = lake.root / "log"
    for path in sorted(log.rglob("*.json")):
        path.rename(log / path.name)
    (log / "00000004.json").write_bytes((log / "00000004.json").read_bytes() + b" ")
    assert main(["lake", "take-over", "--lake", str(lake.root)]) == 2
    assert len(list(log.glob("*.json"))) == 11


def test_a_short_log_has_no_checkpoint(tmp_path: Path) -> None:
    """Its rebuilding leaves none."""
    lake = Lake(tmp_path / "lake")
    commit(lake, "one")
    rebuild_checkpoint(lake)
    assert not (lake.root / "checkpoint.json").exists() and problems_of(lake) == []
