"""The log of a lake: entries that each name the sha256 of the one before, and a head that names the
last."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from qor.law.nouns.refusals import Refusal

HEAD = "head.json"
TAKEN_OVER = "take_over"
FOLDER = 1000  # entries a folder of the log


class LogIsOld(Refusal):
    """The log was written before entries were chained: it is taken over once, by a command, or not
    read at all."""

    key = "lake_log_is_old"


class LogIsFlat(Refusal):
    """The log was written before it lay in folders: it is taken over once, by a command, or not
    read at all."""

    key = "lake_log_is_flat"


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


class Part(NamedTuple):
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


def read_head(root: Path) -> Head | None:
    """The head; None where there is no such file. HeadWrong if it cannot be read."""
    try:
        facts = json.loads(content_of(root / HEAD))
        return Head(**facts)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        raise HeadWrong(path=str(root / HEAD), number=0) from None


def content_of(path: Path) -> bytes:
    """The bytes of a plain file. ValueError where a folder, a pipe or a device stands; OSError
    where the system does not let it be read."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError(path.name)
    with path.open("rb") as file:
        return file.read()


def lock_of(root: Path) -> TextIO:
    """The lake's lock, opened; a pipe in its place is refused by the system at once."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK
    return os.fdopen(os.open(root / "lock", flags, 0o666), "w", encoding="utf-8")


def write_head(root: Path, folder: Path, head: Head) -> None:
    """Put another head in its place at once."""
    draft = folder / HEAD
    draft.write_text(json.dumps(asdict(head)) + "\n", "utf-8")
    sync(draft)
    draft.replace(root / HEAD)
    sync(root)


def entry_path(root: Path, number: int) -> Path:
    """The file of an entry: `log/00000` holds the first thousand."""
    return root / "log" / f"{(number - 1) // FOLDER:05d}" / f"{number:08d}.json"


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
