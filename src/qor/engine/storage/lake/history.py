"""The parts ever named of one table and month: when each came and when it went, as columns, and as
the segments in which a checkpoint keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from qor.engine.storage.lake.log import Part

SEGMENT = 2000  # parts a segment: what one checkpoint writes anew of a month, however large it is
_HEX = 64


@dataclass(slots=True)
class History:
    """Every part that a table's month was ever named, in the order in which they came.

    `added` is the commit that brought a part, `dropped` the one that took it out, `again` the last
    that named it while it stood; `paths` those that their sha256 does not tell.
    """

    table: str
    month: str
    sha256: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    dropped: dict[int, int] = field(default_factory=dict)
    again: dict[int, int] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)

    def copy(self) -> History:
        """Another one of the same content, to go on with."""
        return History(
            self.table,
            self.month,
            list(self.sha256),
            list(self.rows),
            list(self.sizes),
            list(self.added),
            dict(self.dropped),
            dict(self.again),
            dict(self.paths),
        )

    def until(self, number: int) -> History:
        """The history as it was after a commit."""
        count = sum(added <= number for added in self.added)
        return History(
            self.table,
            self.month,
            self.sha256[:count],
            self.rows[:count],
            self.sizes[:count],
            self.added[:count],
            {i: n for i, n in self.dropped.items() if n <= number and i < count},
            {i: n for i, n in self.again.items() if n <= number and i < count},
            {i: path for i, path in self.paths.items() if i < count},
        )

    def parts(self, upto: int | None = None) -> list[tuple[int, Part]]:
        """The parts that stand, or stood after commit `upto`, each with the last commit that named
        it."""
        gone, again, own = self.dropped, self.again, self.paths
        table, month, prefix = self.table, self.month, folder_of(self.table, self.month)
        columns = zip(self.sha256, self.rows, self.sizes, self.added, strict=True)
        if upto is None and not gone and not again and not own:
            return [
                (n, Part(table, month, f"{prefix}{digest[:24]}.parquet", rows, digest, size))
                for digest, rows, size, n in columns
            ]
        bound = max([*self.added[-1:], *gone.values()], default=0) if upto is None else upto
        return [
            (
                again.get(i, n),
                Part(table, month, own.get(i) or file_of(prefix, digest), rows, digest, size),
            )
            for i, (digest, rows, size, n) in enumerate(columns)
            if n <= bound and not gone.get(i, bound + 1) <= bound
        ]

    def named(self) -> set[str]:
        """The paths ever named."""
        prefix = folder_of(self.table, self.month)
        return {self.paths.get(i) or file_of(prefix, each) for i, each in enumerate(self.sha256)}

    def segments(self) -> Iterator[bytes]:
        """The content of each segment, in order; the same history gives the same bytes."""
        for start in range(0, len(self.sha256), SEGMENT):
            stop = start + SEGMENT
            columns = {
                "sha256": "".join(self.sha256[start:stop]),
                "rows": self.rows[start:stop],
                "bytes": self.sizes[start:stop],
                "added": self.added[start:stop],
                "dropped": _within(self.dropped, start),
                "again": _within(self.again, start),
                "paths": _within(self.paths, start),
            }
            yield (json.dumps(columns, separators=(",", ":"), sort_keys=True) + "\n").encode()

    def extend(self, segment: bytes) -> None:
        """Take in the next segment. ValueError, KeyError, TypeError where it is none."""
        columns, start = json.loads(segment), len(self.sha256)
        joined = columns["sha256"]
        self.sha256 += [joined[i : i + _HEX] for i in range(0, len(joined), _HEX)]
        for name in ("rows", "added"):
            getattr(self, name).extend(columns[name])
        self.sizes += columns["bytes"]
        for name in ("dropped", "again", "paths"):
            getattr(self, name).update((start + int(i), v) for i, v in columns[name].items())


class Growing:
    """A history with the paths that stand in it, to which commits are added."""

    def __init__(self, history: History) -> None:
        self.history = history
        prefix = folder_of(history.table, history.month)
        self._standing = {
            history.paths.get(i) or file_of(prefix, digest): i
            for i, digest in enumerate(history.sha256)
            if i not in history.dropped
        }

    def add(self, part: Part, number: int) -> None:
        """A commit names a part."""
        history = self.history
        if part.path in self._standing:
            history.again[self._standing[part.path]] = number
            return
        at = self._standing[part.path] = len(history.sha256)
        if part.path != file_of(folder_of(part.table, part.month), part.sha256):
            history.paths[at] = part.path
        history.sha256.append(part.sha256)
        history.rows.append(part.rows)
        history.sizes.append(part.bytes)
        history.added.append(number)

    def drop(self, path: str, number: int) -> None:
        """A commit takes a part out."""
        if (at := self._standing.pop(path, None)) is not None:
            self.history.dropped[at] = number

    def counts(self) -> tuple[int, int]:
        """How many parts stand, and their rows."""
        return len(self._standing), sum(self.history.rows[i] for i in self._standing.values())


def folder_of(table: str, month: str) -> str:
    """Where the parts of a table's month lie, with the slash."""
    return f"data/{table}/{month or 'all'}/"


def file_of(folder: str, sha256: str) -> str:
    """The path of a part, by its content."""
    return f"{folder}{sha256[:24]}.parquet"


def place_of(path: str) -> tuple[str, str]:
    """The table and month of a part's path; empty where it is none."""
    pieces: Sequence[str] = path.split("/")
    if len(pieces) != 4 or pieces[0] != "data":
        return "", ""
    return pieces[1], "" if pieces[2] == "all" else pieces[2]


def _within(marks: dict[int, Any], start: int) -> dict[str, Any]:
    """The marks of a segment, by their place in it."""
    return {
        str(i - start): mark for i, mark in sorted(marks.items()) if start <= i < start + SEGMENT
    }
