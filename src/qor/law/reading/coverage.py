"""Which clause of the regulations is done where and held by which test, which only partly, which
comes later, and which is not for software."""

from __future__ import annotations

from dataclasses import dataclass

from qor.law.reading.regulations import Clause, act_numbers, clauses, texts_not_held

EARLIER_TEXT = "implemented by an earlier text"


@dataclass(frozen=True, slots=True)
class Covered:
    """One operative clause item: where it stands, its editions, its status, the functions or checks
    that do it, the tests that hold it, or the reason."""

    clause: Clause
    status: str
    where: tuple[str, ...]
    reason: str
    tests: tuple[str, ...]


def coverage(definitions: bool = False) -> list[Covered]:
    """Every operative clause item of the acts kept (bare definitions too, if asked for), in the
    order of the texts, then what of each is not held."""
    items = (item for act in act_numbers() for item in (*clauses(act), *texts_not_held(act)))
    covered = (item for item in items if definitions or item.kind != "definition")
    return [Covered(item, _status(item), item.where, item.reason, item.tests) for item in covered]


def _status(item: Clause) -> str:
    """The status of a clause item; where a later text of it, or of a part, is in force and not
    held, what stands is implemented by an earlier text."""
    later = item.text_not_held_from is not None
    return EARLIER_TEXT if item.status == "implemented" and later else item.status
