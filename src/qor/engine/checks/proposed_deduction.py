"""What is at stake in a finding: the deduction that the classification gives for code, care form
and amount, if it is confirmed.

The law function `qor.law.rules.deductions.deduction_rate` says how each cell is computed; the table
`rates` carries its answers into SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qor.engine.checks.check import Check, Kind
from qor.engine.storage.duck import Connection
from qor.engine.storage.steps import listed_rows, make_table
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.refusals import CellUnprinted
from qor.law.reading.defects import ACT, CellKind, classification
from qor.law.reading.regulations import edition, in_force_since
from qor.law.rules.deductions import deduction_rate, norm_kinds

_RATES = {
    "check": "VARCHAR",
    "care_form": "VARCHAR",
    "code": "VARCHAR",
    "kind": "VARCHAR",
    "share": "DECIMAL(9,4)",
    "norms": "DECIMAL(9,4)",
    "note": "VARCHAR",
}

_NORM_KINDS = {"care_form": "VARCHAR", "rank": "DECIMAL(4,0)", "kind": "VARCHAR"}


def forms_of(check: Check, on: date) -> list[CareForm]:
    """The care forms that a check reads on a day: those in which its code applies; none if the
    edition has no such code, or rule."""
    if check.since and not in_force_since(ACT, check.since, on):
        return []
    if check.all_forms:
        return list(CareForm)
    return [form for form in CareForm if carried_code(check, form, on)]


def carried_code(check: Check, form: CareForm, on: date) -> str:
    """The code that a finding of this check carries in a form of care on a day; empty where no code
    applies (a bare review)."""
    codes = classification(on)
    code = check.code_in(form, edition(ACT, on).order)
    return code if code in codes and _applies(codes[code].cells[form].kind) else ""


def make_rates(connection: Connection, checks: Iterable[Check], on: date) -> None:
    """The table `rates`: for check and care form the code carried, share of the amount, number of
    norms, and a note where neither is.

    Makes `norm_kinds` too.
    """
    lines = [_rate_line(check, form, on) for check in checks for form in forms_of(check, on)]
    make_table(connection, "rates", listed_rows(lines, _RATES))
    make_norm_kinds(connection)


def make_norm_kinds(connection: Connection) -> None:
    """The table `norm_kinds`: which kinds of norm each care form counts in, in the order in which
    they are looked for."""
    kinds = [(form, rank, kind) for form in CareForm for rank, kind in enumerate(norm_kinds(form))]
    lines = [(form.value, rank, kind) for form, rank, kind in kinds]
    make_table(connection, "norm_kinds", listed_rows(lines, _NORM_KINDS))


def _rate_line(check: Check, form: CareForm, on: date) -> tuple[object, ...]:
    code = carried_code(check, form, on)
    share = norms = None
    note = ""
    if check.kind is Kind.REVIEW:
        note = "review"
    elif not code:
        note = "no_code"
    else:
        try:
            rate = deduction_rate(code, form, on)
            share, norms = rate.share, rate.norms
        except CellUnprinted:
            note = "unprinted"
    return check.slug, form.value, code or None, check.kind.value, share, norms, note


def _applies(kind: CellKind) -> bool:
    return kind is not CellKind.NONE
