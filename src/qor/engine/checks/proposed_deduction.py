"""What is at stake in a finding: the deduction that the classification gives for code, care form
and amount, if it is confirmed.

The law function `qor.law.rules.deductions.deduction_rate` says how each cell is computed; the table
`rates` carries its answers into SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qor.engine.checks.check import Check, Kind
from qor.engine.storage.duck import Connection, literal, literals, name
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
    listed = ", ".join([*lines, f"({', '.join(['NULL'] * len(_RATES))})"])
    typed = ", ".join(
        f"CAST({name(column)} AS {kind}) AS {name(column)}" for column, kind in _RATES.items()
    )
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE rates AS
        SELECT {typed} FROM (VALUES {listed}) r({", ".join(map(name, _RATES))})
            WHERE care_form IS NOT NULL""")
    make_norm_kinds(connection)


def make_norm_kinds(connection: Connection) -> None:
    """The table `norm_kinds`: which kinds of norm each care form counts in, in the order in which
    they are looked for."""
    kinds = [(form, rank, kind) for form in CareForm for rank, kind in enumerate(norm_kinds(form))]
    values = ", ".join(f"({literals((form.value, rank, kind))})" for form, rank, kind in kinds)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE norm_kinds AS SELECT * FROM (VALUES {values}) "
        "k(care_form, rank, kind)"
    )


def _rate_line(check: Check, form: CareForm, on: date) -> str:
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
    return (
        f"({literals((check.slug, form.value, code or None, check.kind.value))}, "
        f"{literal(share)}, {literal(norms)}, {literal(note)})"
    )


def _applies(kind: CellKind) -> bool:
    return kind is not CellKind.NONE


# The norm of each provider, care form and day of `located`: the provider's own before the general
# one (bin `*`), the first kind that there is.
NORMS_OF_THE_DAY = """
    SELECT provider_bin, care_form, ended_on, value FROM (
        SELECT d.provider_bin, d.care_form, d.ended_on, m.value,
               row_number() OVER (PARTITION BY d.provider_bin, d.care_form, d.ended_on
                                  ORDER BY CASE WHEN m.bin = '*' THEN 1
                                      ELSE 0 END, k.rank, m.valid_from) AS nth
        FROM (SELECT DISTINCT provider_bin, care_form, ended_on FROM located) d
        JOIN norm_kinds k ON k.care_form = d.care_form
        JOIN norms m ON m.kind = k.kind AND (m.bin = d.provider_bin OR m.bin = '*')
                    AND m.valid_from <= d.ended_on AND (m.valid_to IS NULL
                        OR m.valid_to >= d.ended_on)) WHERE nth = 1"""
# Findings with what is at stake; a cell with two halves takes the percentage where the provider has
# no norm (interpretation norm_or_percent).
AT_STAKE = f"""
    SELECT f.*, r.code, r.kind,
           CASE WHEN r.note <> '' THEN NULL
                WHEN r.norms IS NOT NULL AND n.value IS NOT NULL
                    THEN CAST(round(CAST(r.norms AS DECIMAL(38, 4)) * n.value, 2) AS DECIMAL(18, 2))
                WHEN r.share IS NOT NULL THEN CAST(round(CAST(r.share AS DECIMAL(38, 4)) * f.amount,
                    2) AS DECIMAL(18, 2)) END AS proposed_deduction,
           CASE WHEN r.note <> '' THEN r.note
                WHEN r.norms IS NOT NULL AND n.value IS NULL AND r.share IS NULL THEN 'norm_missing'
                    ELSE '' END AS stake_note
    FROM located f
    JOIN rates r ON r."check" = f."check" AND r.care_form = f.care_form
    LEFT JOIN ({NORMS_OF_THE_DAY}) n
      ON n.provider_bin = f.provider_bin AND n.care_form = f.care_form
          AND n.ended_on = f.ended_on"""
