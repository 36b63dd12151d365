"""The unified classification: 28 codes x 15 care forms in each edition (321/2020, annex 1)."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.refusals import (
    CellUnprinted,
    CodeDoesNotApply,
    CodeNotInEdition,
    NoEditionOnDate,
    NormMissing,
    UnknownCareForm,
)
from qor.law.reading.defects import CellKind, classification, violation_codes
from qor.law.reading.regulations import changed_clauses, clauses_on, edition
from qor.law.rules.deductions import deduction, deduction_rate, largest

BEFORE, AFTER = date(2026, 3, 13), date(2026, 3, 14)


@pytest.mark.parametrize("on", [BEFORE, AFTER])
def test_size_and_unprinted_cells(on: date) -> None:
    """28 codes, 15 cells each, and five cells that the official text leaves unprinted."""
    codes = classification(on)
    kinds = Counter(cell.kind for code in codes.values() for cell in code.cells.values())
    assert (len(codes), sum(kinds.values()), kinds[CellKind.UNPRINTED]) == (28, 420, 5)


def test_the_editions_differ_in_two_codes() -> None:
    """321/2020:annex 1: order 19: code 1.3 is gone, 3.4 is new, the rest is the same."""
    old, new = classification(BEFORE), classification(AFTER)
    assert set(old) - set(new) == {"1.3"}
    assert set(new) - set(old) == {"3.4"}
    assert all(old[code] == new[code] for code in set(old) & set(new))


def test_no_edition_before_august_2025() -> None:
    """Older editions are not held: refused, not guessed."""
    with pytest.raises(NoEditionOnDate):
        classification(date(2025, 7, 31))
    assert edition("321/2020", date(2025, 8, 1)).order == "68/2025"


def test_every_plus_has_a_parent_with_an_amount() -> None:
    """A + takes the parent's amount in the same column, so there must be one."""
    for on in (BEFORE, AFTER):
        for code in classification(on).values():
            for form, cell in code.cells.items():
                if cell.kind is CellKind.APPLIES:
                    rate = deduction_rate(code.code, form, on)
                    assert rate.share is not None or rate.norms is not None


@pytest.mark.parametrize(
    ("code", "form", "amount", "norm", "expected"),
    [
        ("5.1", "outpatient", "12400", None, "37200.00"),
        ("4.0", "stay_group", "184250.50", None, "184250.50"),
        ("2.0", "outpatient", "12400", None, "0.00"),
        ("7.0", "outpatient", "12400", None, "0.00"),
        ("3.1", "railway_mobile", "0.05", None, "0.03"),
        ("12.3", "stay_group", "1000", None, "1000.00"),
        ("12.1", "stay_group", "1000", None, "500.00"),
        ("5.1", "primary", "1", "1380.50", "138050.00"),
        ("6.0", "tuberculosis", "1", "38450.00", "11535.00"),
        ("5.0", "hiv", "1000", None, "3000.00"),
        ("5.0", "hiv", "1000", "38450", "115350.00"),
        ("3.4", "stay_group", "1000", None, "600.00"),
    ],
)
def test_deductions(code: str, form: str, amount: str, norm: str | None, expected: str) -> None:
    """321/2020:12, 321/2020:annex 1: percent of the cost, multiples of a norm, a parent's amount,
    12.3's own, half a tiyn up."""
    answer = deduction(
        code, form, Decimal(amount), date(2026, 6, 1), Decimal(norm) if norm else None
    )
    assert str(answer.amount) == expected
    assert answer.cites


@pytest.mark.parametrize(
    ("code", "form", "refusal"),
    [
        ("1.3", "outpatient", CodeNotInEdition),
        ("5.1", "rural", CodeDoesNotApply),
        ("6.3", "railway_mobile", CellUnprinted),
        ("14.0", "stay_bed_day", CellUnprinted),
        ("5.1", "primary", NormMissing),
        ("5.1", "massage", UnknownCareForm),
    ],
)
def test_refusals(code: str, form: str, refusal: type[Exception]) -> None:
    """What the classification does not give is refused by name."""
    with pytest.raises(refusal):
        deduction(code, form, Decimal(1000), date(2026, 6, 1))


def test_the_largest_counts() -> None:
    """Several deductions on one service: only the largest; none is nothing."""
    assert largest([Decimal(3), Decimal(7), Decimal(5)]) == 7
    assert largest([]) == 0


def test_violations_are_six_codes() -> None:
    """The footnote of annex 1."""
    assert violation_codes(AFTER) == {"3.0", "3.1", "3.2", "5.0", "5.1", "5.2"}


def test_clauses_by_edition() -> None:
    """Order 19 changed the start of the term in clause 26, and added 53-1 and 53-2."""
    assert "after the day" in clauses_on("321/2020", "26", AFTER)[0].says["en"]
    assert "from the day" in clauses_on("321/2020", "26", BEFORE)[0].says["en"]
    assert changed_clauses("321/2020", "19/2026") == [
        "2",
        "10",
        "13",
        "21",
        "26",
        "53",
        "53-1",
        "53-2",
        "annex 1",
    ]


def test_columns_are_those_of_the_annex() -> None:
    """Fifteen care forms, columns 4 to 18."""
    assert len(CareForm) == 15
