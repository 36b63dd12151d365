"""How each form of care is paid: per capita, by complex tariff, by the service, the case or the
bed-day (291/2020:39, 47, 63, 70)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.citations import Citation, cites
from qor.law.pages import page

EXCEPTED = "excepted"


class Way(StrEnum):
    """A way of paying."""

    PER_CAPITA = "per_capita"
    COMPLEX = "complex"
    PER_SERVICE = "per_service"
    PER_CASE = "per_case"
    PER_BED_DAY = "per_bed_day"


@dataclass(frozen=True, slots=True)
class WayOfPaying:
    """The way of one form of care, the settings priced by the case inside a per-capita form, the
    linear scale that holds, and the clauses.

    `scale` is outpatient, inpatient, excepted (the month's sum is no limit, 291/2020:78) or empty
    (nothing is paid above it).
    """

    care_form: CareForm
    way: Way
    priced_settings: tuple[str, ...]
    scale: str
    cites: tuple[Citation, ...]


def ways_of_paying() -> list[WayOfPaying]:
    """All forms of care, in the order of the file."""
    return [
        WayOfPaying(
            CareForm(form),
            Way(facts["way"]),
            tuple(facts.get("priced_settings", ())),
            facts.get("scale", ""),
            cites(facts["cites"]),
        )
        for form, facts in page("qor.law.kz.payment", "ways_of_paying.yaml").items()
    ]


def way_of(form: CareForm) -> WayOfPaying:
    """The way in which a form of care is paid.

    Sources: 291/2020:32, 291/2020:39, 291/2020:47, 291/2020:60, 291/2020:63, 291/2020:64,
    291/2020:65, 291/2020:70.
    """
    return next(way for way in ways_of_paying() if way.care_form is form)
