"""What one confirmed defect takes from a payment (321/2020, clauses 12, 27, 35, 38 and annex 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qor.law.nouns.care_forms import CareForm, care_form
from qor.law.nouns.citations import Citation
from qor.law.nouns.money import round_tenge
from qor.law.nouns.refusals import BadValue, CellUnprinted, CodeDoesNotApply, NormMissing
from qor.law.pages import page
from qor.law.reading.defects import ACT, Cell, CellKind, defect_code
from qor.law.reading.interpretations import interpretation


@dataclass(frozen=True, slots=True)
class Rate:
    """How a deduction is computed: so many times the service's cost (`share`), or so many times a
    norm (`norms`), or nothing.

    `share` is None where only a norm counts; `norms` is None where only the cost counts; both are
    set in cells such as "1 КТ / 100 %", where the norm speaks if the provider has one.
    """

    share: Decimal | None
    norms: Decimal | None
    norm_kinds: tuple[str, ...]
    cites: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Deduction:
    """The tenge that one confirmed defect takes, and why."""

    amount: Decimal
    rate: Rate
    cites: tuple[Citation, ...]


def deduction_rate(code: str, form: CareForm, on: date) -> Rate:
    """How a code is computed in a form of care on a day; a "+" takes the parent's amount in the
    same column, or a person decides.

    Interpretations plus_takes_parent and norm_or_percent. Sources: 321/2020:annex 1.

    CodeNotInEdition, CodeDoesNotApply ("-") or CellUnprinted (a person must decide) where the
    classification gives no amount.
    """
    row = defect_code(code, on)
    cell, source = row.cells[form], row
    if cell.kind is CellKind.APPLIES:
        if interpretation("plus_takes_parent").choice == "person_decides":
            raise CellUnprinted(code=code, care_form=form.value, cites=(row.cites(form),))
        source = defect_code(row.parent, on)
        cell = source.cells[form]
    places = (row.cites(form),) if source is row else (row.cites(form), source.cites(form))
    if cell.kind is CellKind.UNPRINTED:
        raise CellUnprinted(code=code, care_form=form.value, cites=places)
    if cell.kind is CellKind.NONE:
        raise CodeDoesNotApply(code=code, care_form=form.value, on=on.isoformat(), cites=places)
    return _rate(cell, form, places)


def deduction(
    code: str, form: str, amount: Decimal, on: date, norm: Decimal | None = None
) -> Deduction:
    """What a confirmed defect of this code takes from a service of so many tenge on that day,
    half-up to 0.01 tenge.

    `norm` is the provider's per-capita norm or complex tariff in tenge, where the cell counts in
    norms. General defects (2.0, 7.0) take nothing. Sources: 321/2020:10, 321/2020:12,
    321/2020:annex 1. NormMissing where a norm is needed and not given; see `deduction_rate` for the
    other refusals.
    """
    rate = deduction_rate(code, care_form(form), on)
    if amount < 0:
        raise BadValue(field="amount", value=amount)
    if rate.norms is not None and norm is not None:
        return Deduction(round_tenge(rate.norms * norm), rate, rate.cites)
    if rate.share is None:
        raise NormMissing(
            code=code, care_form=form, norm="/".join(rate.norm_kinds), cites=rate.cites
        )
    return Deduction(round_tenge(rate.share * amount), rate, rate.cites)


def largest(deductions: list[Decimal]) -> Decimal:
    """What a service with several deductions loses: the largest of them (interpretation
    several_deductions)."""
    return max(deductions, default=Decimal(0))


def norm_kinds(form: CareForm) -> tuple[str, ...]:
    """The kinds of norm that a multiple in this form's column may count, in the order in which they
    are looked for."""
    return tuple(page("qor.law.kz.defects", "care_forms.yaml")[form.value]["norm"])


def _rate(cell: Cell, form: CareForm, places: tuple[Citation, ...]) -> Rate:
    if cell.kind is CellKind.ZERO:
        return Rate(Decimal(0), None, (), (*places, Citation(ACT, "12")))
    if cell.kind is CellKind.PERCENT:
        return Rate(_share(cell), None, (), places)
    share = _share(cell.alternative) if cell.alternative else None
    if share is not None and interpretation("norm_or_percent").choice == "percent":
        return Rate(share, None, (), places)
    return Rate(share, cell.value, norm_kinds(form), places)


def _share(cell: Cell) -> Decimal:
    if cell.value is None:
        raise ValueError(f"a percentage without a value: {cell}")
    return cell.value / 100
