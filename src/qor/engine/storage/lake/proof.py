"""Proving a lake byte by byte."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qor.engine.storage.lake.checkpoint import POINTER
from qor.engine.storage.lake.checkpointing import EVERY, checkpoint_problems, rebuild
from qor.engine.storage.lake.files import data_files, placed
from qor.engine.storage.lake.log import Part, sha256_of
from qor.engine.storage.lake.reading import read_all
from qor.engine.storage.lake.store import Lake, PartChanged, PartMissing
from qor.law.nouns.months import Month
from qor.law.nouns.refusals import Refusal

_MONTHS_READ = 12  # a closing reads its own month, and in December the year's


class PartAlien(Refusal):
    """A file lies among the data that no commit put there."""

    key = "lake_part_alien"


def problems_of(lake: Lake) -> list[Refusal]:
    """Everything that is wrong with a lake: its checkpoint, every part ever named, read to its last
    byte, and what is unnamed.

    The list is empty where the lake is whole; a log that is not whole is refused. Costs one reading
    of the log and of all data.
    """
    entries = read_all(lake.root)
    named = {part.path: part for entry in entries for part in entry.adds}
    problems = [problem for part in named.values() if (problem := _problem(lake, part)) is not None]
    unnamed = sorted(set(data_files(lake.root)) - set(named) - placed(lake.root))
    return [*_checkpoint(lake), *problems, *(PartAlien(file=path) for path in unnamed)]


def rebuild_checkpoint(lake: Lake) -> None:
    """Write the checkpoint of a lake anew from its log, which must be whole; a short log has
    none."""
    with Lake(lake.root, from_log=True).locked():
        entries = read_all(lake.root)
        if len(entries) >= EVERY:
            rebuild(lake.root, entries)
        else:
            (lake.root / POINTER).unlink(missing_ok=True)


def _checkpoint(lake: Lake) -> list[Refusal]:
    """What of the newest checkpoint the log does not say."""
    if not (lake.root / POINTER).exists():
        return []
    with Lake(lake.root, from_log=True).locked():
        return [*checkpoint_problems(lake.root, read_all(lake.root))]


def check_for_closing(lake: Lake, month: Month) -> None:
    """Read every byte that the closing of a month reads: all tables without months, and the months
    of the year up to it. PartMissing, PartChanged."""
    months = {str(month.shift(-n)) for n in range(_MONTHS_READ)} | {""}
    for part in lake.current(months):
        if (problem := _problem(lake, part)) is not None:
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
