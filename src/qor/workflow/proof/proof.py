"""What a proof says: which rule, how many places break it, and the first of them by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Place:
    """One place that breaks a rule: the key of its sentence (`ledger_place_…`) and what it
    names."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """One rule, how many places break it, and the first of them."""

    name: str
    broken: int
    places: tuple[Place, ...] = ()


def proof_of(name: str, places: Iterable[Place]) -> Proof:
    """A proof from the places that break it."""
    breaking = list(places)
    return Proof(name, len(breaking), tuple(breaking[:SHOWN]))
