"""Reading a lake's log: the entries after a checkpoint, or all; the chain and the head checked."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from qor.engine.storage.lake.log import (
    FOLDER,
    HEAD,
    TAKEN_OVER,
    Entry,
    EntryAlien,
    EntryChanged,
    EntryMissing,
    Head,
    HeadWrong,
    LogIsFlat,
    LogIsOld,
    Part,
    read_head,
)

NAME = re.compile(r"(\d{8})\.json", re.ASCII)
_FOLDER = re.compile(r"\d{5}", re.ASCII)
_LAKES_REMEMBERED = 4


@dataclass(slots=True)
class _Remembered:
    """What was read of one lake's log in this process, by the state of each file when it was
    read."""

    entries: dict[int, tuple[tuple[int, ...], Entry]] = field(default_factory=dict)


_READ: OrderedDict[str, _Remembered] = OrderedDict()


def read_tail(root: Path, known: int, digest: str) -> list[Entry]:
    """The entries from number `known` on, which must be of that sha256 (all where it is 0), the
    chain and the head checked.

    LogIsOld, LogIsFlat, EntryMissing, EntryAlien, EntryChanged, HeadWrong. A file that has not
    changed since this process read it is not read again.
    """
    first = max(known, 1)
    while True:
        entries = _entries(root, first)
        head = read_head(root)
        last = first + len(entries) - 1
        if head is None or head.number <= last or _last(root, first) == last:
            break
    if known and not entries:
        raise EntryMissing(number=known, path=str(root))
    if known and entries[0].sha256 != digest:
        raise EntryChanged(number=known, path=str(root))
    entries = _continued(root, entries) if known else _chained(root, entries)
    _at_the_head(root, first, entries, head)
    return entries


def read_all(root: Path) -> list[Entry]:
    """All entries of a lake, each read from the disk now, the chain and the head checked. The same
    refusals."""
    _READ.pop(str(root), None)
    try:
        return read_tail(root, 0, "")
    finally:
        _READ.pop(str(root), None)


def checked(root: Path, entries: list[Entry]) -> list[Entry]:
    """All entries of a lake, wherever they lie, the chain and the head checked."""
    entries = _chained(root, entries)
    _at_the_head(root, 1, entries, read_head(root))
    return entries


def read_entry(path: Path, number: int) -> Entry:
    """One entry. EntryMissing, EntryChanged: its own content only, not the chain."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise EntryMissing(number=number, path=str(path)) from None
    try:
        written = json.loads(content)
        adds = tuple(Part(**part) for part in written["adds"])
        facts, drops = dict(written["facts"]), tuple(written["drops"])
        entry = Entry(
            written["number"], written["kind"], facts, adds, drops, written.get("previous")
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise EntryChanged(number=number, path=str(path)) from None
    if entry.number != number:
        raise EntryChanged(number=number, path=str(path))
    return replace(entry, sha256=hashlib.sha256(content).hexdigest())


def _entries(root: Path, first: int) -> list[Entry]:
    """The entries by their names, each read once a process as long as its file is the same."""
    remembered = _READ.setdefault(str(root), _Remembered())
    _READ.move_to_end(str(root))
    while len(_READ) > _LAKES_REMEMBERED:
        _READ.popitem(last=False)
    entries, seen = [], {}
    for number, file in _files(root, first):
        stat = file.stat(follow_symlinks=False)
        state = (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        before = remembered.entries.get(number)
        if before is None or before[0] != state:
            before = (state, read_entry(Path(file.path), number))
        seen[number] = before
        entries.append(before[1])
    remembered.entries = seen
    return entries


def _last(root: Path, first: int) -> int:
    return max((number for number, _ in _files(root, first)), default=first - 1)


def _files(root: Path, first: int) -> Iterator[tuple[int, os.DirEntry[str]]]:
    """The files of the log from an entry on; no other folder than theirs is looked into."""
    folders = _folders(root)
    for place in range((first - 1) // FOLDER, len(folders)):
        with os.scandir(folders[place].path) as listed:
            files = sorted(listed, key=lambda file: file.name)
        for number, file in enumerate(files, start=place * FOLDER + 1):
            name = NAME.fullmatch(file.name)
            if name is None or not file.is_file(follow_symlinks=False):
                raise EntryAlien(file=file.name, path=str(root))
            if int(name[1]) != number:
                raise EntryMissing(number=number, path=str(root))
            if number >= first:
                yield number, file
        if len(files) < FOLDER and place + 1 < len(folders):
            if not _holds_entries(folders[place + 1]):
                raise EntryAlien(file=f"log/{folders[place + 1].name}", path=str(root))
            raise EntryMissing(number=place * FOLDER + len(files) + 1, path=str(root))


def _folders(root: Path) -> list[os.DirEntry[str]]:
    """The folders of the log, of a thousand entries each."""
    if not (root / "log").is_dir():
        return []
    with os.scandir(root / "log") as listed:
        folders = sorted(listed, key=lambda folder: folder.name)
    if any(NAME.fullmatch(each.name) for each in folders):
        raise LogIsFlat(path=str(root))
    for place, folder in enumerate(folders):
        if not _FOLDER.fullmatch(folder.name) or not folder.is_dir(follow_symlinks=False):
            raise EntryAlien(file=folder.name, path=str(root))
        if int(folder.name) != place:
            if not _holds_entries(folder):  # no writer makes one before its turn has come
                raise EntryAlien(file=f"log/{folder.name}", path=str(root))
            raise EntryMissing(number=place * FOLDER + 1, path=str(root))
    return folders


def _holds_entries(folder: os.DirEntry[str]) -> bool:
    with os.scandir(folder.path) as listed:
        return any(NAME.fullmatch(file.name) for file in listed)


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


def _continued(root: Path, entries: list[Entry]) -> list[Entry]:
    """Check that each entry after the first names the one before it."""
    for before, entry in pairwise(entries):
        if entry.previous != before.sha256:
            broken = entry.number if entry.previous is None else before.number
            raise EntryChanged(number=broken, path=str(root))
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
            entry, adds=tuple(part._replace(bytes=sizes.get(part.path, -1)) for part in entry.adds)
        )
        for entry in entries[:first]
    ]
    return [*old, *entries[first:]]


def _at_the_head(root: Path, first: int, entries: list[Entry], head: Head | None) -> None:
    """The log ends where the head says, or one later with the very entry that a writer, killed
    since, was linking."""
    last = first + len(entries) - 1
    if head is None:
        if entries:
            raise HeadWrong(path=str(root / HEAD), number=last)
        return
    if head.number > last:
        raise EntryMissing(number=last + 1, path=str(root))
    at = head.number - first
    if head.number and at >= 0 and entries[at].sha256 != head.sha256:
        raise EntryChanged(number=head.number, path=str(root))
    after = entries[max(at + 1, 0) :]
    if after and (
        len(after) > 1 or (after[0].number, after[0].sha256) != (head.next_number, head.next_sha256)
    ):
        raise EntryAlien(file=f"{after[-1].number:08d}.json", path=str(root))
