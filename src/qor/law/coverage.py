"""Which clause of the regulations is done where, which comes later, and which is not for software."""

from __future__ import annotations

from dataclasses import dataclass

from qor.law.acts import Clause, act_numbers, clauses


@dataclass(frozen=True, slots=True)
class Covered:
    """One operative clause item: where it stands, its editions, its status, the functions or checks that do it, or the reason."""

    clause: Clause
    status: str
    where: tuple[str, ...]
    reason: str


def coverage(definitions: bool = False) -> list[Covered]:
    """Every operative clause item of the acts kept (bare definitions too, if asked for), in the order of the texts."""
    items = (item for act in act_numbers() for item in clauses(act))
    kept = (item for item in items if definitions or item.kind != "definition")
    return [Covered(item, item.status, item.where, item.reason) for item in kept]
