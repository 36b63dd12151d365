"""A lake at one moment, and the writer of one commit."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from qor.engine.storage.lake import checkpointing
from qor.engine.storage.lake.checkpoint import Checkpoint, read_checkpoint
from qor.engine.storage.lake.entries import Log, replayed
from qor.engine.storage.lake.facts import INTAKE, Facts, Manifest
from qor.engine.storage.lake.files import PLACED, link_entry, placed, unnamed
from qor.engine.storage.lake.history import place_of
from qor.engine.storage.lake.log import Entry, EntryMissing, Part, lock_of, sha256_of, sync
from qor.engine.storage.lake.reading import read_tail
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import Refusal


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

    def __init__(self, root: Path, *, from_log: bool = False) -> None:
        """`from_log`: leave checkpoints aside and read every entry."""
        self.root, self._from_log = root, from_log
        if root.exists() and not root.is_dir():
            raise NotALake(path=str(root))
        if root.exists() and any(root.iterdir()) and not (root / "log").is_dir():
            raise NotALake(path=str(root))
        self._looked_at: set[str] = set()
        self.reload()

    def reload(self) -> None:
        """Read commits that came since."""
        checkpoint = Checkpoint(self.root, Manifest()) if self._from_log else None
        self._checkpoint = checkpoint or read_checkpoint(self.root)
        known = self._checkpoint.number
        entries = read_tail(self.root, known, self._checkpoint.sha256)
        self._tail = entries[1:] if known else entries
        self._facts: Facts | None = None
        self.entries: Sequence[Entry] = Log(self.root, known - 1 if known else 0, entries)
        if not entries and unnamed(self.root):
            raise EntryMissing(number=1, path=str(self.root))

    def parts(
        self, table: str, months: list[Month] | None = None, upto: int | None = None
    ) -> list[Part]:
        """The parts of a table, in the order in which they came; of some months only, or as they
        were after commit `upto`, if given."""
        wanted = None if months is None else {str(month) for month in months}
        return [part for _, part in self._standing(table, wanted, upto)]

    def numbers(self, table: str) -> dict[str, int]:
        """The last commit that named each part of a table, by the part's path."""
        return {part.path: number for number, part in self._standing(table, None, None)}

    def current(self, months: set[str] | None = None) -> list[Part]:
        """The parts of all tables; of some months only, if given (empty: of no month)."""
        standing = [
            (number, part)
            for table in sorted(self._tables())
            for number, part in self._standing(table, months, None)
        ]
        return [part for _, part in sorted(standing, key=lambda each: each[0])]

    def paths(self, table: str, months: list[Month] | None = None) -> list[Path]:
        """The files of the current parts, each there and of the size that it had. PartMissing,
        PartChanged."""
        return self.files_of(self.parts(table, months))

    def files_of(self, parts: Iterable[Part]) -> list[Path]:
        """The files of parts, each there and of the size that it had; looked at once by this
        object. PartMissing, PartChanged."""
        files = []
        for part in parts:
            path = self.root / part.path
            if part.path not in self._looked_at:
                _look_at(path, part)
                self._looked_at.add(part.path)
            files.append(path)
        return files

    def has(self, table: str) -> bool:
        """Whether the table was ever loaded and holds anything."""
        return any(rows for _, rows in self._counts(table).values())

    def months(self, table: str) -> list[str]:
        """The months that a table holds rows of, sorted."""
        return sorted(month for month, (parts, _) in self._counts(table).items() if month and parts)

    def frozen(self) -> set[str]:
        """The months closed for good, in which no row may change any more."""
        return self.months_of("freeze")

    @property
    def facts(self) -> Facts:
        """What the commits say, small enough to be at hand."""
        if self._facts is None:
            self._facts = self._checkpoint.manifest.facts.after(self._tail)
        return self._facts

    def months_of(self, *kinds: str) -> set[str]:
        """The months of which commits of some kinds speak."""
        return {month for kind in kinds for month in self.facts.months.get(kind, {})}

    def last_of(self, month: Month, *kinds: str) -> Entry | None:
        """The last commit of some kinds that speaks of a month."""
        seen = (self.facts.months.get(kind, {}).get(str(month), 0) for kind in kinds)
        return self.entries[number - 1] if (number := max(seen, default=0)) else None

    def all_of(self, kind: str) -> list[Entry]:
        """The commits of a kind that is rarer than deliveries and runs, in order."""
        return [self.entries[number - 1] for number in self.facts.numbers.get(kind, [])]

    def deliveries(self, digest: str) -> list[Entry]:
        """The commits that took in a file of that sha256, in order."""
        before = (self.entries[number - 1] for number in self._checkpoint.deliveries(digest))
        return [
            entry
            for entry in (*before, *self._tail)
            if entry.kind == INTAKE and entry.facts["sha256"] == digest
        ]

    def keep_checkpoint(self) -> None:
        """Write a checkpoint where the last one is so far back; the lake is held by the caller."""
        if len(self._tail) >= checkpointing.EVERY:
            checkpointing.write_checkpoint(self.root, self._checkpoint, self._tail)
            self.reload()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lake so that nobody else commits, and read the newest state."""
        with lock_of(self.root) as lock:
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
        for path in placed(self.root):
            if not self._names(path):
                (self.root / path).unlink(missing_ok=True)
        for left in (self.root / "tmp").iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def _names(self, path: str) -> bool:
        """Whether a file was ever named."""
        if any(part.path == path for entry in self._tail for part in entry.adds):
            return True
        return path in self._checkpoint.history(*place_of(path)).named()

    def _standing(
        self, table: str, wanted: set[str] | None, upto: int | None
    ) -> list[tuple[int, Part]]:
        """The parts of a table and the last commit that named each, in the order in which they
        came."""
        months = self._checkpoint.manifest.tables.get(table, {})
        before = upto if upto is not None and upto < self._checkpoint.number else None
        histories = [
            self._checkpoint.history(table, month)
            for month in months
            if wanted is None or month in wanted
        ]
        came = [each for history in histories for each in history.parts(before)]
        if len(histories) > 1:
            came.sort(key=lambda each: each[0])
        if before is not None:
            return came
        tail = [each for each in self._tail if upto is None or each.number <= upto]
        return replayed(came, tail, table, wanted)

    def _tables(self) -> set[str]:
        added = {part.table for entry in self._tail for part in entry.adds}
        return added | set(self._checkpoint.manifest.tables)

    def _counts(self, table: str) -> dict[str, tuple[int, int]]:
        """How many parts stand in each month of a table, and their rows."""
        months = self._checkpoint.manifest.tables.get(table, {})
        counts = {month: (named.parts, named.rows) for month, named in months.items()}
        changed = {part.month for e in self._tail for part in e.adds if part.table == table}
        places = (place_of(path) for entry in self._tail for path in entry.drops)
        changed |= {month for of, month in places if of == table}
        for month in changed:
            parts = [part for _, part in self._standing(table, {month}, None)]
            counts[month] = len(parts), sum(part.rows for part in parts)
        return counts


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
        entry = {
            "number": number,
            "kind": kind,
            "facts": facts,
            "adds": [part._asdict() for part in self._adds],
            "drops": [path for path in self._drops if path not in added],
            "previous": before.sha256 if before else "",
        }
        link_entry(self.lake.root, self.staging, entry, before)
        shutil.rmtree(self.staging)
        self.lake.reload()
        self.lake.keep_checkpoint()
        return self.lake.entries[-1]

    def _note(self, place: str) -> None:
        """Write down where a file goes before it goes there: a writer that dies leaves nothing that
        cannot be told apart."""
        with (self.staging / PLACED).open("a", encoding="utf-8") as listed:
            listed.write(place + "\n")
            listed.flush()
            os.fsync(listed.fileno())


def _look_at(path: Path, part: Part) -> None:
    try:
        seen = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        raise PartMissing(file=part.path, table=part.table) from None
    if not stat.S_ISREG(seen.st_mode) or (part.bytes >= 0 and seen.st_size != part.bytes):
        raise PartChanged(file=part.path, table=part.table)
