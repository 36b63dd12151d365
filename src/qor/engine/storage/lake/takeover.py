"""Taking over, once, a lake whose log was written before entries were chained or lay in folders."""

from __future__ import annotations

import fcntl
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from qor.engine.storage.lake.files import data_files, link_entry
from qor.engine.storage.lake.log import (
    HEAD,
    TAKEN_OVER,
    Entry,
    EntryChanged,
    EntryMissing,
    LogIsOld,
    Part,
    entry_path,
    lock_of,
    sha256_of,
    sync,
)
from qor.engine.storage.lake.proof import rebuild_checkpoint
from qor.engine.storage.lake.reading import NAME, checked, read_entry
from qor.engine.storage.lake.store import Lake, NotALake, PartChanged, PartMissing
from qor.law.nouns.refusals import Refusal

_ASIDE = "aside"


class AlreadyChained(Refusal):
    """The lake's log is chained already: there is nothing to take over."""

    key = "lake_log_is_chained"


def take_over(root: Path, by: str, at: datetime) -> Entry:
    """Take over a lake whose log lies in one folder, or is not chained: its entries stay as they
    are and go into folders of a thousand; the last one, which names all of an old log.

    Where the log is not chained every part is read and must be what the log says; files that it
    does not name (an interrupted command left them) are put into `aside`. AlreadyChained,
    NotALake, EntryMissing, EntryChanged, PartMissing, PartChanged: nothing is changed then. Killed
    half-way it is run again.
    """
    if not (root / "log").is_dir():
        raise NotALake(path=str(root))
    with lock_of(root) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        flat = any(NAME.fullmatch(path.name) for path in (root / "log").iterdir())
        old = not (root / HEAD).exists() and (flat or _is_old(root))
        if not flat and not old:
            raise AlreadyChained(path=str(root))
        entries = _read(root)
        if old:
            sizes = _sizes(root, entries)
        else:
            checked(root, entries)
        _into_folders(root)
        if old:
            _chain(root, entries, sizes, {"by": by, "at": at.isoformat()})
    lake = Lake(root, from_log=True)
    rebuild_checkpoint(lake)
    return lake.entries[-1]


def _chain(root: Path, entries: list[Entry], sizes: dict[str, int], facts: dict[str, Any]) -> None:
    """Put the files aside that no entry names, and link an entry that names all before it."""
    _put_aside(root, set(sizes))
    folder = root / "tmp" / "commit"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    written: dict[str, Any] = {
        "number": len(entries) + 1,
        "kind": TAKEN_OVER,
        "facts": {"entries": [entry.sha256 for entry in entries], "bytes": sizes, **facts},
        "adds": [],
        "drops": [],
        "previous": entries[-1].sha256,
    }
    link_entry(root, folder, written, entries[-1])
    shutil.rmtree(folder)


def _is_old(root: Path) -> bool:
    try:
        Lake(root)
    except LogIsOld:
        return True
    return False


def _read(root: Path) -> list[Entry]:
    """The entries in order, whether they lie in folders already or not."""
    files = sorted((root / "log").rglob("*.json"), key=lambda path: path.name)
    for number, path in enumerate(files, start=1):
        if path.name != f"{number:08d}.json":
            raise EntryMissing(number=number, path=str(root))
    return [read_entry(path, number) for number, path in enumerate(files, start=1)]


def _into_folders(root: Path) -> None:
    """Put every entry that lies in the log itself into its folder."""
    folders = set()
    for path in sorted((root / "log").glob("*.json")):
        target = entry_path(root, int(path.stem))
        target.parent.mkdir(exist_ok=True)
        path.replace(target)
        folders.add(target.parent)
    for folder in sorted(folders):
        sync(folder)
    sync(root / "log")


def _sizes(root: Path, entries: list[Entry]) -> dict[str, int]:
    """The size of each part that an old log names, every one read and as the log says."""
    for entry in entries:
        if entry.previous is not None:
            raise EntryChanged(number=entry.number, path=str(root))
    return {part.path: _size(root, part) for entry in entries for part in entry.adds}


def _size(root: Path, part: Part) -> int:
    path = root / part.path
    if not path.is_file():
        raise PartMissing(file=part.path, table=part.table)
    if sha256_of(path) != part.sha256:
        raise PartChanged(file=part.path, table=part.table)
    return path.stat().st_size


def _put_aside(root: Path, named: set[str]) -> None:
    for path in sorted(set(data_files(root)) - named):
        target = root / _ASIDE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (root / path).replace(target)
