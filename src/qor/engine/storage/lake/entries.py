"""The entries of a lake as one sequence, and a table's parts after some of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from qor.engine.storage.lake.log import Entry, Part, entry_path
from qor.engine.storage.lake.reading import read_all, read_entry


class Log(Sequence[Entry]):
    """The entries of a lake: the last ones at hand, those before a checkpoint read when they are
    asked for."""

    def __init__(self, root: Path, before: int, last: list[Entry]) -> None:
        self._root, self._before, self._last = root, before, last

    def __len__(self) -> int:
        return self._before + len(self._last)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self[:])

    @overload
    def __getitem__(self, at: int) -> Entry: ...

    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...

    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            if start >= self._before:
                return self._last[start - self._before : max(stop - self._before, 0) : step]
            return (read_all(self._root)[: len(self)])[at]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        if place >= self._before:
            return self._last[place - self._before]
        return read_entry(entry_path(self._root, place + 1), place + 1)


def replayed(
    came: list[tuple[int, Part]], tail: list[Entry], table: str, wanted: set[str] | None
) -> list[tuple[int, Part]]:
    """The parts of a table after some more commits."""
    folder = f"data/{table}/"
    if not any(
        any(part.table == table for part in entry.adds)
        or any(path.startswith(folder) for path in entry.drops)
        for entry in tail
    ):
        return came
    standing = {part.path: (number, part) for number, part in came}
    for entry in tail:
        for path in entry.drops:
            standing.pop(path, None)
        for part in entry.adds:
            if part.table == table and (wanted is None or part.month in wanted):
                standing[part.path] = (entry.number, part)
    return list(standing.values())
