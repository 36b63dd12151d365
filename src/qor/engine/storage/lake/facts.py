"""What the commits up to one of them say, small enough to be read when a lake is opened: the
manifest of a checkpoint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from qor.engine.storage.lake.log import Entry

INTAKE, JOIN = "intake", "join"
_MANY = frozenset({INTAKE, JOIN, "run", "day"})
KEY_BYTES = 8  # of a delivery's digest; a hit is proved by the entry itself


@dataclass(slots=True)
class Facts:
    """The facts of all commits together.

    `months`: of each kind the last commit of each month; `numbers`: the commits of each rarer kind;
    `replacing`: of each table the last delivery that replaced rows; `adding`: of each the last
    commit that added a part.
    """

    months: dict[str, dict[str, int]] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    replacing: dict[str, int] = field(default_factory=dict)
    adding: dict[str, int] = field(default_factory=dict)

    def after(self, entries: Iterable[Entry]) -> Facts:
        """The facts with some more commits."""
        later = Facts(**json.loads(json.dumps(asdict(self))))
        for entry in entries:
            later._take(entry)
        return later

    def _take(self, entry: Entry) -> None:
        if isinstance(month := entry.facts.get("month"), str):
            self.months.setdefault(entry.kind, {})[month] = entry.number
        if entry.kind not in _MANY:
            self.numbers.setdefault(entry.kind, []).append(entry.number)
        if entry.kind == INTAKE and entry.facts.get("replaced"):
            self.replacing[entry.facts["table"]] = entry.number
        for part in entry.adds:
            self.adding[part.table] = entry.number


@dataclass(frozen=True, slots=True)
class Month:
    """A table's month in a checkpoint: how many parts stand and their rows, and the sha256 of each
    segment."""

    parts: int
    rows: int
    segments: tuple[str, ...]


@dataclass(slots=True)
class Manifest:
    """The head of the log at a checkpoint, the facts, and the sha256 of every file of it."""

    number: int = 0
    sha256: str = ""
    facts: Facts = field(default_factory=Facts)
    tables: dict[str, dict[str, Month]] = field(default_factory=dict)
    deliveries: list[str] = field(default_factory=list)

    def content(self) -> bytes:
        """As it is written; equal manifests are equal bytes."""
        return (json.dumps(asdict(self), sort_keys=True, separators=(",", ":")) + "\n").encode()

    @classmethod
    def read(cls, content: bytes) -> Manifest:
        """As it was written. ValueError, TypeError, KeyError, AttributeError where it is none."""
        written: dict[str, Any] = json.loads(content)
        tables = {
            table: {
                month: Month(each["parts"], each["rows"], tuple(each["segments"]))
                for month, each in months.items()
            }
            for table, months in written.pop("tables").items()
        }
        return cls(**written | {"facts": Facts(**written["facts"]), "tables": tables})


def delivery_keys(entries: Iterable[Entry]) -> bytes:
    """Eight bytes a commit: of the digest of the file that it took in, or zeros."""
    return b"".join(
        delivery_key(entry.facts.get("sha256", "")) if entry.kind == INTAKE else bytes(KEY_BYTES)
        for entry in entries
    )


def delivery_key(digest: str) -> bytes:
    """The key under which a delivery's digest is looked for."""
    return hashlib.sha256(digest.encode()).digest()[:KEY_BYTES]
