"""What the linear scale does not touch, by date (291/2020, clauses 61 and 78)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qor.law.nouns.citations import Citation, cites
from qor.law.pages import page
from qor.law.reading.figures import figure
from qor.law.reading.interpretations import interpretation

SHARES = ("births_share", "infants_share", "births_and_infants_share")
_DEPARTMENTS, _WHOLE = "maternity_departments", "whole_hospital"
_INFECTIOUS, _DIAGNOSIS = "infectious_beds", "infectious_disease"


@dataclass(frozen=True, slots=True)
class ScaleException:
    """One exception: the scale, marks of the service of which one is asked for, settings, the
    provider's mark and the least share (percent).

    `diagnosis` is a mark that the main diagnosis must carry beside. An empty tuple or text asks for
    nothing.
    """

    name: str
    scale: str
    marks: tuple[str, ...]
    settings: tuple[str, ...]
    provider: str
    least_share: Decimal | None
    diagnosis: str
    cites: tuple[Citation, ...]


def scale_exceptions(on: date) -> list[ScaleException]:
    """The exceptions whose text is held and in force on a day, as counsel reads them.

    Interpretations scale_maternity_departments and scale_infectious_patients. Sources: 291/2020:61,
    291/2020:78.
    """
    whole = interpretation("scale_maternity_departments").choice == _WHOLE
    asked = interpretation("scale_infectious_patients").choice == "beds_and_diagnosis"
    exceptions = []
    for name, facts in page("qor.law.kz.payment", "scale_exceptions.yaml").items():
        if facts["from"] <= on and ("to" not in facts or on <= facts["to"]):
            least = figure(facts["least"], on).value if "least" in facts else None
            marks = () if name == _DEPARTMENTS and whole else tuple(facts.get("marks", ()))
            diagnosis = _DIAGNOSIS if name == _INFECTIOUS and asked else ""
            settings, provider = tuple(facts.get("settings", ())), facts.get("provider", "")
            sources = cites(facts["cites"])
            exceptions.append(
                ScaleException(
                    name, facts["scale"], marks, settings, provider, least, diagnosis, sources
                )
            )
    return exceptions
