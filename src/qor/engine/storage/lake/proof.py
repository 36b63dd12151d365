"""Proving a lake byte by byte."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qor.engine.storage.lake.log import Part, sha256_of
from qor.engine.storage.lake.store import Lake, PartChanged, PartMissing, data_files, placed
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import Refusal

_MONTHS_READ = 12  # a closing reads its own month, and in December the year's


class PartAlien(Refusal):
    """A file lies among the data that no commit put there."""

    key = "lake_part_alien"


def problems_of(lake: Lake) -> list[Refusal]:
    """Everything that is wrong with the files of a lake whose log is whole: every part ever named,
    read to its last byte, and what is unnamed.

    The list is empty where the lake is whole. Costs one reading of all data.
    """
    named = {part.path: part for entry in lake.entries for part in entry.adds}
    found = [problem for part in named.values() if (problem := _problem(lake, part)) is not None]
    unnamed = sorted(set(data_files(lake.root)) - set(named) - placed(lake.root))
    return found + [PartAlien(file=path) for path in unnamed]


def check_for_closing(lake: Lake, month: Month) -> None:
    """Read every byte that the closing of a month reads: all tables without months, and the months
    of the year up to it. PartMissing, PartChanged."""
    months = {str(month.shift(-n)) for n in range(_MONTHS_READ)} | {""}
    for part in lake.current():
        if part.month in months and (problem := _problem(lake, part)) is not None:
            raise problem


def digests_of(root: Path, paths: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Size and sha256 of files under a folder."""
    return {path: ((root / path).stat().st_size, sha256_of(root / path)) for path in paths}


def _problem(lake: Lake, part: Part) -> Refusal | None:
    try:
        (path,) = lake.files_of([part])
        same = sha256_of(path) == part.sha256
    except (PartMissing, PartChanged) as refusal:
        return refusal
    except OSError:
        return PartMissing(file=part.path, table=part.table)
    return None if same else PartChanged(file=part.path, table=part.table)
