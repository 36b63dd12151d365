"""The lake: immutable Parquet files and a log of what was added and taken out, each entry one atomic commit.

    lake/data/<table>/<month or all>/<id>.parquet     the rows
    lake/log/00000001.json                            who, when, which file, counts, sha256 of each part

Only what the log names exists. A run that dies leaves the log as it was; files it had begun lie in `lake/tmp` and are cleared
by the next writer. One writer at a time holds `lake/lock` (released by the system when a process dies); readers need no lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qor.law.months import Month
from qor.law.refusals import Refusal


class NotALake(Refusal):
    """The folder is something else than a lake."""

    key = "not_a_lake"


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of a table: its month (empty where the table is not monthly), rows, and the sha256 of its bytes."""

    table: str
    month: str
    path: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit: its number, kind (`intake`, `run`, `freeze`), what it says of itself, the parts added and those taken out."""

    number: int
    kind: str
    facts: dict[str, Any]
    adds: tuple[Part, ...]
    drops: tuple[str, ...]


class Lake:
    """A lake at one moment: the commits read when it was opened (`reload` reads later ones)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if root.exists() and not root.is_dir():
            raise NotALake(path=str(root))
        if root.exists() and any(root.iterdir()) and not (root / "log").is_dir():
            raise NotALake(path=str(root))
        self.entries: list[Entry] = []
        self.reload()

    def reload(self) -> None:
        """Read commits that came since."""
        known = len(self.entries)
        for path in sorted((self.root / "log").glob("*.json"))[known:]:
            self.entries.append(_entry(json.loads(path.read_text("utf-8"))))

    def parts(self, table: str, months: list[Month] | None = None, upto: int | None = None) -> list[Part]:
        """The parts of a table, in the order in which they came; of some months only, or as they were after commit `upto`, if given."""
        wanted = None if months is None else {str(month) for month in months}
        current: dict[str, Part] = {}
        for entry in self.entries[:upto]:
            for path in entry.drops:
                current.pop(path, None)
            current.update((part.path, part) for part in entry.adds if part.table == table)
        return [part for part in current.values() if wanted is None or part.month in wanted]

    def paths(self, table: str, months: list[Month] | None = None) -> list[Path]:
        """The files of the current parts."""
        return [self.root / part.path for part in self.parts(table, months)]

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
    def writing(self) -> Iterator[Writer]:
        """Hold the lake for one commit: clear what a dead writer left, read the newest state, hand out a writer."""
        for folder in ("log", "data", "tmp"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in (self.root / "tmp").iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            self.reload()
            yield Writer(self)


class Writer:
    """One commit in the making. Files are made under `staging`, and exist for others only after `commit`."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.staging = lake.root / "tmp" / "commit"
        self.staging.mkdir()
        self._adds: list[Part] = []
        self._drops: list[str] = []

    def add(self, table: str, month: str, path: Path, rows: int) -> None:
        """Take a finished Parquet file into the commit; it is moved, and named by its content."""
        digest = sha256_of(path)
        place = Path("data") / table / (month or "all") / f"{digest[:24]}.parquet"
        target = self.lake.root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync(path)
        path.replace(target)
        self._adds.append(Part(table, month, str(place), rows, digest))

    def drop(self, part: Part) -> None:
        """Take a part out of the table's current state; the file itself stays."""
        self._drops.append(part.path)

    def commit(self, kind: str, facts: dict[str, Any]) -> Entry:
        """Write the log entry: the one moment at which everything becomes true."""
        number = len(self.lake.entries) + 1
        added = {part.path for part in self._adds}
        drops = [path for path in self._drops if path not in added]
        told = {"number": number, "kind": kind, "facts": facts, "adds": [asdict(p) for p in self._adds], "drops": drops}
        draft = self.staging / "entry.json"
        draft.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
        _sync(draft)
        os.link(draft, self.lake.root / "log" / f"{number:08d}.json")
        _sync(self.lake.root / "log")
        shutil.rmtree(self.staging)
        self.lake.reload()
        return self.lake.entries[-1]


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _entry(told: dict[str, Any]) -> Entry:
    adds = tuple(Part(**part) for part in told["adds"])
    return Entry(told["number"], told["kind"], told["facts"], adds, tuple(told["drops"]))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
