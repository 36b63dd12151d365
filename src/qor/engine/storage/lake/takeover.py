"""Taking over, once, a lake whose log was written before entries were chained."""

from __future__ import annotations

import fcntl
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from qor.engine.storage.lake.log import (
    HEAD,
    TAKEN_OVER,
    Entry,
    EntryChanged,
    LogIsOld,
    Part,
    sha256_of,
)
from qor.engine.storage.lake.store import (
    Lake,
    NotALake,
    PartChanged,
    PartMissing,
    data_files,
    link_entry,
)
from qor.law.nouns.refusals import Refusal

_ASIDE = "aside"


class AlreadyChained(Refusal):
    """The lake's log is chained already: there is nothing to take over."""

    key = "lake_log_is_chained"


def take_over(root: Path, by: str, at: datetime) -> Entry:
    """Chain the log of an old lake: every part is read and must be what the log says; the entries
    stay as they are, one more names them all.

    Files that the log does not name (an interrupted command left them) are put into `aside`.
    AlreadyChained, NotALake, EntryChanged, PartMissing, PartChanged: nothing is changed then.
    """
    if not (root / "log").is_dir():
        raise NotALake(path=str(root))
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (root / HEAD).exists() or not _is_old(root):
            raise AlreadyChained(path=str(root))
        digests, parts = _read(root)
        sizes = {part.path: _size(root, part) for part in parts}
        _put_aside(root, set(sizes))
        folder = root / "tmp" / "commit"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        number, facts = (
            len(digests) + 1,
            {"entries": digests, "bytes": sizes, "by": by, "at": at.isoformat()},
        )
        told: dict[str, Any] = {
            "number": number,
            "kind": TAKEN_OVER,
            "facts": facts,
            "adds": [],
            "drops": [],
            "previous": digests[-1],
        }
        link_entry(root, folder, told, Entry(number - 1, "", {}, (), (), None, digests[-1]))
        shutil.rmtree(folder)
    return Lake(root).entries[-1]


def _is_old(root: Path) -> bool:
    try:
        Lake(root)
    except LogIsOld:
        return True
    return False


def _read(root: Path) -> tuple[list[str], list[Part]]:
    """The sha256 of each old entry in order, and the parts they name."""
    digests, parts = [], []
    for path in sorted((root / "log").iterdir()):
        told = json.loads(path.read_bytes())
        if "previous" in told:
            raise EntryChanged(number=told["number"], path=str(root))
        parts += [Part(**part) for part in told["adds"]]
        digests.append(sha256_of(path))
    return digests, parts


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
