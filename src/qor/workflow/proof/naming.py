"""Naming what a proof found: an act by its month, contract and provider."""

from __future__ import annotations

from collections.abc import Sequence

from qor.workflow.acts.models import Act
from qor.workflow.proof.proof import Place

_AT_ONCE = 500


def name_acts(key: str, numbers: Sequence[int]) -> list[Place]:
    """A place for each act; one that is gone is named by its number alone."""
    known: dict[int, tuple[str, str, str]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        acts = Act.objects.filter(pk__in=numbers[start : start + _AT_ONCE])
        for pk, month, contract, bin_ in acts.values_list(
            "pk", "closing__month", "contract_no", "provider__bin"
        ):
            known[pk] = (month, contract, str(bin_))
    places = []
    for number in numbers:
        month, contract, bin_ = known.get(number, ("–", "–", "–"))
        facts = {"act": number, "month": month, "contract": contract or "–", "bin": bin_}
        places.append(Place(key if number in known else "act_gone", dict(facts)))
    return places
