"""The digest of a marked row with all that hangs on it: an act, an order, a debt."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from qor.workflow.ledger.covering import columns_of, model_of, newest, parts_of, table_of, whole_of
from qor.workflow.ledger.plain import plain_lines

_AT_ONCE = 2_000
_SORTED_AT_ONCE = 100_000


def all_digests(subject: str, layout: int, folder: Path) -> dict[int, str]:
    """The digest of every row of a marked model, by its number; `folder` holds the lines of sealed
    tables, each read once already."""
    return _digests(subject, layout, "", folder if layout == newest(table_of(subject)) else None)


def digests_of(subject: str, layout: int, numbers: Sequence[int]) -> dict[int, str]:
    """The digest of some rows of a marked model, by their numbers.

    sha256 over the plain lines of its rows, part by part, in the order of their numbers.
    """
    digests: dict[int, str] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        listed = ", ".join(map(str, map(int, numbers[start : start + _AT_ONCE])))
        digests |= _digests(subject, layout, f"IN ({listed})")
    return digests


def _digests(subject: str, layout: int, which: str, folder: Path | None = None) -> dict[int, str]:
    parts = _Parts()
    for n, part in enumerate(parts_of(subject)):
        name, owner, condition = part.model, part.owner, part.condition
        model = model_of(name)
        table = model._meta.db_table
        columns = (whole_of if name == subject else columns_of)(table, layout)
        file = folder / f"{name}.txt" if folder and owner in columns and name != subject else None
        if file is not None and not condition and file.is_file():
            parts.add(n, _in_file(file, columns.index(owner)))
            continue
        named = f"{owner} {which}" if which else f"{owner} IS NOT NULL"
        where = f"{named} AND {condition}" if condition else named
        parts.add(n, (_owned(line) for line in plain_lines(model, (owner, *columns), where)))
    return parts.digests()


def _in_file(file: Path, cell: int) -> Iterator[tuple[bytes, bytes]]:
    """The lines of a sealed table with the owner that one of their cells names."""
    with file.open("rb") as lines:
        for line in lines:
            owner = line.rstrip(b"\n").split(b"\t", cell + 1)[cell]
            if owner != b"\\N":
                yield owner, line


class _Parts:
    """The digests of marked rows in the making: of each, the sha256 of its lines part by
    part."""

    def __init__(self) -> None:
        self._running: dict[bytes, dict[int, Any]] = {}

    def add(self, part: int, lines: Iterable[tuple[bytes, bytes]]) -> None:
        """Take in lines of a part, in the order of their rows' numbers, each with the number of its
        owner. So many at once are sorted by owner, since owners' lines lie among each other's."""
        coming = iter(lines)
        while batch := list(islice(coming, _SORTED_AT_ONCE)):
            by_owner: dict[bytes, list[bytes]] = defaultdict(list)
            for owner, line in batch:
                by_owner[owner].append(line)
            for owner, its_lines in by_owner.items():
                of = self._running.setdefault(owner, {})
                if part not in of:
                    of[part] = hashlib.sha256()
                of[part].update(b"".join(its_lines))

    def digests(self) -> dict[int, str]:
        """The digest of each whose own row was taken in, by its number."""
        return {
            int(owner): hashlib.sha256(
                "".join(f"{part}:{of[part].hexdigest()};" for part in sorted(of)).encode()
            ).hexdigest()
            for owner, of in self._running.items()
            if 0 in of
        }


def _owned(line: bytes) -> tuple[bytes, bytes]:
    owner, _, rest = line.partition(b"\t")
    return owner, rest
