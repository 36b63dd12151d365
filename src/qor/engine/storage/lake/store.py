"""A lake at one moment, and the writer of one commit."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qor.engine.storage.lake.log import (
    HEAD,
    Entry,
    EntryMissing,
    Head,
    Part,
    read_log,
    sha256_of,
    sync,
    write_head,
)
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import Refusal

_PLACED = "placed"


class NotALake(Refusal):
    """The folder is something else than a lake."""

    key = "not_a_lake"


class PartMissing(Refusal):
    """A file that the log names is not there."""

    key = "lake_part_missing"


class PartChanged(Refusal):
    """A file that the log names has other bytes than when it was written."""

    key = "lake_part_changed"


class Lake:
    """A lake at one moment: the commits read when it was opened (`reload` reads later ones).
    Refuses a log that is not whole."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if root.exists() and not root.is_dir():
            raise NotALake(path=str(root))
        if root.exists() and any(root.iterdir()) and not (root / "log").is_dir():
            raise NotALake(path=str(root))
        self.entries: list[Entry] = []
        self._looked_at: set[str] = set()
        self.reload()

    def reload(self) -> None:
        """Read commits that came since."""
        self.entries = read_log(self.root)
        if not self.entries and _unnamed(self.root):
            raise EntryMissing(number=1, path=str(self.root))

    def parts(
        self, table: str, months: list[Month] | None = None, upto: int | None = None
    ) -> list[Part]:
        """The parts of a table, in the order in which they came; of some months only, or as they
        were after commit `upto`, if given."""
        wanted = None if months is None else {str(month) for month in months}
        current: dict[str, Part] = {}
        for entry in self.entries[:upto]:
            for path in entry.drops:
                current.pop(path, None)
            current.update((part.path, part) for part in entry.adds if part.table == table)
        return [part for part in current.values() if wanted is None or part.month in wanted]

    def current(self) -> list[Part]:
        """The parts of all tables."""
        found: dict[str, Part] = {}
        for entry in self.entries:
            for path in entry.drops:
                found.pop(path, None)
            found.update((part.path, part) for part in entry.adds)
        return list(found.values())

    def paths(self, table: str, months: list[Month] | None = None) -> list[Path]:
        """The files of the current parts, each there and of the size that it had. PartMissing,
        PartChanged."""
        return self.files_of(self.parts(table, months))

    def files_of(self, parts: Iterable[Part]) -> list[Path]:
        """The files of parts, each there and of the size that it had; looked at once by this
        object. PartMissing, PartChanged."""
        found = []
        for part in parts:
            path = self.root / part.path
            if part.path not in self._looked_at:
                _look_at(path, part)
                self._looked_at.add(part.path)
            found.append(path)
        return found

    def has(self, table: str) -> bool:
        """Whether the table was ever loaded and holds anything."""
        return any(part.rows for part in self.parts(table))

    def months(self, table: str) -> list[str]:
        """The months that a table holds rows of, sorted."""
        return sorted({part.month for part in self.parts(table) if part.month})

    def frozen(self) -> set[str]:
        """The months closed for good, in which no row may change any more."""
        return {str(entry.facts["month"]) for entry in self.entries if entry.kind == "freeze"}

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lake so that nobody else commits, and read the newest state."""
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.reload()
            yield

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the lake for one commit: clear what a dead writer left, read the newest state, hand
        out a writer."""
        for folder in ("log", "data", "tmp"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        with self.locked():
            self._clear()
            yield Writer(self)

    def _clear(self) -> None:
        """Remove what a writer that never committed had made: its folder, and the files it had put
        among the data."""
        named = {part.path for entry in self.entries for part in entry.adds}
        for path in placed(self.root) - named:
            (self.root / path).unlink(missing_ok=True)
        for left in (self.root / "tmp").iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()


class Writer:
    """One commit in the making. Files are made under `staging`, and exist for others only after
    `commit`."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.staging = lake.root / "tmp" / "commit"
        self.staging.mkdir()
        self._adds: list[Part] = []
        self._drops: list[str] = []

    def add(self, table: str, month: str, path: Path, rows: int) -> None:
        """Take a finished Parquet file into the commit; it is moved, and named by its content."""
        digest, size = sha256_of(path), path.stat().st_size
        place = Path("data") / table / (month or "all") / f"{digest[:24]}.parquet"
        target = self.lake.root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        sync(path)
        self._note(str(place))
        path.replace(target)
        self._adds.append(Part(table, month, str(place), rows, digest, size))

    def drop(self, part: Part) -> None:
        """Take a part out of the table's current state; the file itself stays."""
        self._drops.append(part.path)

    def commit(self, kind: str, facts: dict[str, Any]) -> Entry:
        """Write the log entry: the one moment at which everything becomes true."""
        before = self.lake.entries[-1] if self.lake.entries else None
        number = len(self.lake.entries) + 1
        added = {part.path for part in self._adds}
        told = {
            "number": number,
            "kind": kind,
            "facts": facts,
            "adds": [asdict(part) for part in self._adds],
            "drops": [path for path in self._drops if path not in added],
            "previous": before.sha256 if before else "",
        }
        link_entry(self.lake.root, self.staging, told, before)
        shutil.rmtree(self.staging)
        self.lake.reload()
        return self.lake.entries[-1]

    def _note(self, place: str) -> None:
        """Write down where a file goes before it goes there: a writer that dies leaves nothing that
        cannot be told apart."""
        with (self.staging / _PLACED).open("a", encoding="utf-8") as listed:
            listed.write(place + "\n")
            listed.flush()
            os.fsync(listed.fileno())


def link_entry(root: Path, folder: Path, told: dict[str, Any], before: Entry | None) -> None:
    """Announce an entry in the head, link it into the log, and make it the head. A writer killed in
    between has committed or has not."""
    number, last = told["number"], (before.number, before.sha256) if before else (0, "")
    draft = folder / "entry.json"
    content = (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    draft.write_bytes(content)
    sync(draft)
    digest = hashlib.sha256(content).hexdigest()
    write_head(root, folder, Head(*last, number, digest))
    os.link(draft, root / "log" / f"{number:08d}.json")
    sync(root / "log")
    draft.unlink()
    write_head(root, folder, Head(number, digest))


def placed(root: Path) -> set[str]:
    """The files that a writer now at work, or one that died, has put among the data."""
    found: set[str] = set()
    for listed in (root / "tmp").glob(f"*/{_PLACED}"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            found |= set(listed.read_text("utf-8").splitlines())
    return {path for path in found if path.startswith("data/") and ".." not in path}


def data_files(root: Path) -> Iterator[str]:
    """Everything that lies in the data folder and is not a folder, relative to the lake."""
    for folder, _, names in os.walk(root / "data"):
        for name in names:
            yield str((Path(folder) / name).relative_to(root))


def _unnamed(root: Path) -> bool:
    """Whether data lie in a lake whose log is empty and which no writer has begun."""
    if (root / HEAD).exists() or not (root / "data").is_dir():
        return False
    begun = placed(root)
    return any(path not in begun for path in data_files(root))


def _look_at(path: Path, part: Part) -> None:
    try:
        seen = path.lstat()
    except OSError:
        raise PartMissing(file=part.path, table=part.table) from None
    if not stat.S_ISREG(seen.st_mode) or (part.bytes >= 0 and seen.st_size != part.bytes):
        raise PartChanged(file=part.path, table=part.table)
