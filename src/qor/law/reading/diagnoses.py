"""Groups of diagnoses that a clause names, as categories of ICD-10."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from string import ascii_uppercase, digits
from typing import Any

from qor.law.nouns.citations import Citation, cites
from qor.law.pages import page

_PACKAGE = "qor.law.kz.diagnoses"
_CATEGORIES = tuple(map("".join, product(ascii_uppercase, digits, digits)))


@dataclass(frozen=True, slots=True)
class DiagnosisGroup:
    """Blocks of three-character categories, both ends included, and the clause that names them."""

    name: str
    blocks: tuple[tuple[str, str], ...]
    cites: tuple[Citation, ...]

    @property
    def categories(self) -> tuple[str, ...]:
        """Every three-character category of the group."""
        return tuple(
            category
            for category in _CATEGORIES
            if any(first <= category <= last for first, last in self.blocks)
        )

    def __contains__(self, icd10: str) -> bool:
        return any(first <= icd10[:3] <= last for first, last in self.blocks)


def diagnosis_groups() -> list[str]:
    """The names of all groups kept."""
    return list(_declared())


@cache
def diagnosis_group(name: str) -> DiagnosisGroup:
    """The group of that name. KeyError if there is none."""
    declared = _declared()[name]
    blocks = tuple((first, last) for first, last in declared["blocks"])
    return DiagnosisGroup(name, blocks, cites(declared["cites"]))


def group_titles(name: str) -> dict[str, str]:
    """What the group is, in kk, ru and en. KeyError if there is none."""
    return dict(_declared()[name]["title"])


def _declared() -> dict[str, Any]:
    groups: dict[str, Any] = page(_PACKAGE, "groups.yaml")
    return groups
