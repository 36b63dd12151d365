"""The log of a lake: entries that each name the sha256 of the one before, and a head that names the
last."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import OrderedDict
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from qor.law.nouns.refusals import Refusal

HEAD = "head.json"
TAKEN_OVER = "take_over"
_NAME = re.compile(r"(\d{8})\.json", re.ASCII)
_LAKES_REMEMBERED = 4


class LogIsOld(Refusal):
    """The log was written before entries were chained: it is taken over once, by a command, or not
    read at all."""

    key = "lake_log_is_old"


class EntryMissing(Refusal):
    """An entry of the log is gone."""

    key = "lake_entry_missing"


class EntryAlien(Refusal):
    """Something lies in the log that no commit wrote."""

    key = "lake_entry_alien"


class EntryChanged(Refusal):
    """An entry of the log is not what was written: cut, edited, exchanged with another, or of
    another lake."""

    key = "lake_entry_changed"


class HeadWrong(Refusal):
    """The file that names the log's last entry is missing, unreadable, or names another one."""

    key = "lake_head_wrong"


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of a table: its month (empty where the table is not monthly), rows, sha256
    and number of its bytes."""

    table: str
    month: str
    path: str
    rows: int
    sha256: str
    bytes: int = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit: its number, kind (`intake`, `run`, `freeze`), what it says of itself, the parts
    added and those taken out, the sha256 of the entry before it, and of its own bytes."""

    number: int
    kind: str
    facts: dict[str, Any]
    adds: tuple[Part, ...]
    drops: tuple[str, ...]
    previous: str | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry, and the one that a writer was about to link when it wrote this (0 where there
    is none)."""

    number: int = 0
    sha256: str = ""
    next_number: int = 0
    next_sha256: str = ""


@dataclass(slots=True)
class _Remembered:
    """What was read of one lake's log in this process, by the state of each file when it was
    read."""

    entries: dict[str, tuple[tuple[int, ...], Entry]] = field(default_factory=dict)


_READ: OrderedDict[str, _Remembered] = OrderedDict()


def read_log(root: Path) -> list[Entry]:
    """All entries of a lake, in order, the chain and the head checked.

    LogIsOld, EntryMissing, EntryAlien, EntryChanged, HeadWrong. A file that has not changed since
    this process read it is not read again.
    """
    while True:
        entries = _chained(root, _entries(root))
        head = read_head(root)
        if head is None or head.number <= len(entries) or len(_entries(root)) == len(entries):
            break
    _at_the_head(root, entries, head)
    return entries


def read_head(root: Path) -> Head | None:
    """The head; None where there is no such file. HeadWrong if it cannot be read."""
    try:
        told = json.loads((root / HEAD).read_text("utf-8"))
        return Head(**told)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise HeadWrong(path=str(root / HEAD), number=0) from None


def write_head(root: Path, folder: Path, head: Head) -> None:
    """Put another head in its place at once."""
    draft = folder / HEAD
    draft.write_text(json.dumps(asdict(head)) + "\n", "utf-8")
    sync(draft)
    draft.replace(root / HEAD)
    sync(root)


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _entries(root: Path) -> list[Entry]:
    """The entries by their names, each read once a process as long as its file is the same."""
    remembered = _READ.setdefault(str(root), _Remembered())
    _READ.move_to_end(str(root))
    while len(_READ) > _LAKES_REMEMBERED:
        _READ.popitem(last=False)
    found: list[Entry] = []
    if not (root / "log").is_dir():
        return found
    with os.scandir(root / "log") as listed:
        files = sorted(listed, key=lambda file: file.name)
    for number, file in enumerate(files, start=1):
        name = _NAME.fullmatch(file.name)
        if name is None or not file.is_file(follow_symlinks=False):
            raise EntryAlien(file=file.name, path=str(root))
        if int(name[1]) != number:
            raise EntryMissing(number=number, path=str(root))
        seen = file.stat(follow_symlinks=False)
        state = (seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
        before = remembered.entries.get(file.name)
        if before is None or before[0] != state:
            before = remembered.entries[file.name] = (state, _entry(Path(file.path), number))
        found.append(before[1])
    return found


def _entry(path: Path, number: int) -> Entry:
    content = path.read_bytes()
    try:
        told = json.loads(content)
        adds = tuple(Part(**part) for part in told["adds"])
        facts, drops = dict(told["facts"]), tuple(told["drops"])
        found = Entry(told["number"], told["kind"], facts, adds, drops, told.get("previous"))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise EntryChanged(number=number, path=str(path)) from None
    if found.number != number:
        raise EntryChanged(number=number, path=str(path))
    return replace(found, sha256=hashlib.sha256(content).hexdigest())


def _chained(root: Path, entries: list[Entry]) -> list[Entry]:
    """Check that each entry names the one before it; an old log counts up to the entry that took it
    over."""
    first = next((n for n, entry in enumerate(entries) if entry.previous is not None), None)
    if entries and first is None and (root / HEAD).exists():
        raise EntryChanged(number=1, path=str(root))
    if entries and first is None:
        raise LogIsOld(path=str(root))
    if first:
        entries = _taken_over(entries, first, root)
    before = entries[first - 1].sha256 if first else ""
    for entry in entries[first or 0 :]:
        if entry.previous != before:
            broken = (
                entry.number if entry.number == 1 or entry.previous is None else entry.number - 1
            )
            raise EntryChanged(number=broken, path=str(root))
        before = entry.sha256
    return entries


def _taken_over(entries: list[Entry], first: int, root: Path) -> list[Entry]:
    """The old entries are those that the taking over names, and their parts have the sizes that it
    names."""
    facts = entries[first].facts
    named = facts.get("entries", []) if entries[first].kind == TAKEN_OVER else []
    for entry, digest in zip(entries[:first], [*named, *[""] * first], strict=False):
        if entry.sha256 != digest:
            raise EntryChanged(number=entry.number, path=str(root))
    sizes = facts["bytes"]
    old = [
        replace(
            entry, adds=tuple(replace(part, bytes=sizes.get(part.path, -1)) for part in entry.adds)
        )
        for entry in entries[:first]
    ]
    return [*old, *entries[first:]]


def _at_the_head(root: Path, entries: list[Entry], head: Head | None) -> None:
    """The log ends where the head says, or one later with the very entry that a writer, killed
    since, was linking."""
    if head is None:
        if entries:
            raise HeadWrong(path=str(root / HEAD), number=len(entries))
        return
    if head.number > len(entries):
        raise EntryMissing(number=len(entries) + 1, path=str(root))
    if head.number and entries[head.number - 1].sha256 != head.sha256:
        raise EntryChanged(number=head.number, path=str(root))
    after = entries[head.number :]
    if after and (
        len(after) > 1 or (after[0].number, after[0].sha256) != (head.next_number, head.next_sha256)
    ):
        raise EntryAlien(file=f"{after[-1].number:08d}.json", path=str(root))
