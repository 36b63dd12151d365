"""The unified classification of defects and violations (321/2020, annex 1), one file an edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.citations import Citation
from qor.law.nouns.refusals import CodeNotInEdition
from qor.law.pages import page, page_names
from qor.law.reading.interpretations import interpretation
from qor.law.reading.regulations import edition, editions

ACT = "321/2020"
ANNEX = "annex 1"
_PACKAGE = "qor.law.kz.defects"


class CellKind(StrEnum):
    """What a cell of the classification says."""

    NONE = "none"
    APPLIES = "applies"
    ZERO = "zero"
    PERCENT = "percent"
    MULTIPLE = "multiple"
    UNPRINTED = "unprinted"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: kind, value (percent, or how many norms), unit of a multiple (КЖН/ЖБН, КЖН, ЖБН,
    КТ).

    `alternative` is the second half of cells such as "1 КТ / 100 %": the percentage for a provider
    paid per service.
    """

    kind: CellKind
    value: Decimal | None = None
    unit: str = ""
    alternative: Cell | None = None


@dataclass(frozen=True, slots=True)
class DefectCode:
    """One row: code, parent (x.0), severity, names in kk, ru, en, a cell for each form of care."""

    code: str
    parent: str
    severity: str
    names: dict[str, str]
    cells: dict[CareForm, Cell]

    def cites(self, form: CareForm | None = None) -> Citation:
        """Where it stands: annex 1, the code, and the form's column if given."""
        return Citation(ACT, ANNEX, f"{self.code}/{form}" if form else self.code)


def classification(on: date) -> dict[str, DefectCode]:
    """The classification in force on a day, code by code in its order (321/2020:10, 321/2020:annex
    1). NoEditionOnDate if none is held."""
    return _edition(edition(ACT, on).order)


def classification_of(order: str) -> dict[str, DefectCode]:
    """The classification as an order left it, e.g. 68/2025. KeyError for an order that made no
    edition that is held. Sources: 321/2020:annex 1."""
    if order not in {each.order for each in editions(ACT)}:
        raise KeyError(order)
    return _edition(order)


def law_day(ended_on: date, found_on: date) -> date:
    """The day whose edition, figures and norms a finding follows (interpretation
    edition_of_a_finding). Sources: 321/2020:10, 321/2020:13."""
    return found_on if interpretation("edition_of_a_finding").choice == "found_on" else ended_on


def defect_code(code: str, on: date) -> DefectCode:
    """One code on a day. CodeNotInEdition if the edition of that day has no such code (1.3 since
    order 19, 3.4 before it)."""
    codes = classification(on)
    if code not in codes:
        raise CodeNotInEdition(
            code=code,
            on=on.isoformat(),
            order=edition(ACT, on).order,
            cites=(Citation(ACT, ANNEX),),
        )
    return codes[code]


@cache
def violation_codes(on: date) -> frozenset[str]:
    """The codes that are violations (volume), not defects (quality): the footnote of annex 1."""
    return frozenset(_facts(_original(edition(ACT, on).order))["violations"])


def _facts(order: str) -> dict[str, Any]:
    pages = (page(_PACKAGE, name) for name in page_names(_PACKAGE) if name.startswith("order_"))
    return next(facts for facts in pages if facts["edition"] == order)


def _original(order: str) -> str:
    return str(_facts(order).get("amends", order))


@cache
def _edition(order: str) -> dict[str, DefectCode]:
    facts = _facts(order)
    amended = dict(_edition(facts["amends"])) if "amends" in facts else {}
    unchanged = {code: row for code, row in amended.items() if code not in facts.get("removed", [])}
    added = {code: _code(code, row) for code, row in facts["codes"].items()}
    return dict(
        sorted(
            (unchanged | added).items(),
            key=lambda entry: [int(part) for part in entry[0].split(".")],
        )
    )


def _code(code: str, row: dict[str, Any]) -> DefectCode:
    names = {language: row[language] for language in ("kk", "ru", "en")}
    cells = dict(zip(CareForm, map(_cell, row["cells"]), strict=True))
    return DefectCode(code, code.split(".")[0] + ".0", row["severity"], names, cells)


def _cell(text: str) -> Cell:
    plain = {"-": CellKind.NONE, "+": CellKind.APPLIES, "0": CellKind.ZERO, "?": CellKind.UNPRINTED}
    if text in plain:
        return Cell(plain[text], Decimal(0) if text == "0" else None)
    first, _, second = text.partition(" | ")
    if first.endswith("%"):
        return Cell(CellKind.PERCENT, Decimal(first[:-1]))
    number, unit = first.split(" ")
    return Cell(CellKind.MULTIPLE, Decimal(number), unit, _cell(second) if second else None)
