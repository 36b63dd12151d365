"""Figures of law by date: rates, terms, thresholds. One YAML a figure, a citation on each value, no
literal in code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from qor.law.nouns.citations import Citation, cites
from qor.law.nouns.refusals import NoFigureOnDate, UnknownFigure
from qor.law.pages import page, page_names

_PACKAGE = "qor.law.kz.figures"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a figure: exact Decimal, its unit (tenge, working_days, mci …), since when,
    where it stands.

    `status`: `text` (read in the act), `inferred`, `press`, `recalled` (not found in a source:
    check before use) or `setting` (the Fund's own choice, not a rule's number).
    """

    name: str
    value: Decimal
    unit: str
    valid_from: date
    valid_to: date | None
    cites: tuple[Citation, ...]
    status: str

    @property
    def whole(self) -> int:
        """The value as a whole number of its unit. ValueError if it is not whole."""
        if self.value != int(self.value):
            raise ValueError(f"{self.name} is not a whole number: {self.value}")
        return int(self.value)


def figure_names() -> list[str]:
    """The names of all figures kept."""
    return [name.removesuffix(".yaml") for name in page_names(_PACKAGE)]


def titles(name: str) -> dict[str, str]:
    """What the figure is, in kk, ru and en. UnknownFigure for a name that is not kept."""
    return dict(_page(name)["title"])


def history(name: str) -> list[Figure]:
    """All values of a figure, oldest first; each holds until the next one or its own end.
    UnknownFigure if not kept."""
    return list(_history(name))


def figure(name: str, on: date) -> Figure:
    """The value in force on a day. NoFigureOnDate names figure and date where there is none."""
    for value in reversed(_history(name)):
        if value.valid_from <= on:
            if value.valid_to is not None and on > value.valid_to:
                break
            return value
    raise NoFigureOnDate(name=name, on=on.isoformat(), cites=history(name)[0].cites)


@cache
def _history(name: str) -> tuple[Figure, ...]:
    """A figure is asked for with every case and row, and its page does not change."""
    facts = _page(name)
    values = sorted(facts["values"], key=lambda value: value["from"])
    ends = [later["from"] for later in values[1:]] + [None]
    return tuple(
        _figure(name, facts["unit"], value, end) for value, end in zip(values, ends, strict=True)
    )


def _page(name: str) -> dict[str, Any]:
    if name not in figure_names():
        raise UnknownFigure(name=name, known=", ".join(figure_names()))
    facts: dict[str, Any] = page(_PACKAGE, f"{name}.yaml")
    return facts


def _figure(name: str, unit: str, value: dict[str, Any], next_from: date | None) -> Figure:
    end = value.get("to") or (date.fromordinal(next_from.toordinal() - 1) if next_from else None)
    return Figure(
        name,
        Decimal(value["value"]),
        unit,
        value["from"],
        end,
        cites(value["cites"]),
        value["status"],
    )
