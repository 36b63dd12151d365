"""Which clause of the regulations is done where and held by which test, which only partly, which
comes later, and which is not for software."""

from __future__ import annotations

from dataclasses import dataclass

from qor.law.reading.regulations import Clause, act_numbers, clauses, texts_not_held


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
    kept = (item for item in items if definitions or item.kind != "definition")
    return [Covered(item, item.status, item.where, item.reason, item.tests) for item in kept]
