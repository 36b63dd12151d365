"""Identifiers, account numbers, columns, amounts and months, each at both ends of what is one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qor.law.nouns.care_forms import CareForm, care_form, column, title
from qor.law.nouns.citations import Citation, cites
from qor.law.nouns.identifiers import (
    born_on,
    check_digit,
    check_iban,
    has_check_digit,
    has_check_digits,
    masked,
)
from qor.law.nouns.money import tenge
from qor.law.nouns.months import Month, month, year_upto
from qor.law.nouns.refusals import BadValue, UnknownCareForm
from qor.law.nouns.regions import region_codes, region_title

D = Decimal


@pytest.mark.parametrize(
    ("eleven", "digit"),
    [
        ("00000000010", 1),
        ("00000000281", None),
        ("00000000000", 0),
        ("63712926194", 9),
        ("95451833581", 4),
    ],
)
def test_the_twelfth_digit(eleven: str, digit: int | None) -> None:
    """Order 521: where the first sum gives ten the second weights decide; where both do, no such
    number is issued."""
    assert check_digit(eleven) == digit
    assert sum(has_check_digit(f"{eleven}{last}") for last in range(10)) == (digit is not None)


@pytest.mark.parametrize("number", ["00000000010", "0000000001010", "00000000010x", "²00000000101"])
def test_what_is_no_number(number: str) -> None:
    """Order 521: eleven or thirteen signs, a letter, a sign that only looks like a digit."""
    assert not has_check_digit(number)


def test_the_second_weights_refuse_other_lengths() -> None:
    """Order 521: a number of ten digits has no twelfth."""
    with pytest.raises(ValueError, match="is shorter"):
        check_digit("0000000000")


@pytest.mark.parametrize(
    ("seventh", "year"),
    [("1", 1880), ("2", 1880), ("3", 1980), ("4", 1980), ("5", 2080), ("6", 2080), ("7", None)],
)
def test_the_century_of_a_birth(seventh: str, year: int | None) -> None:
    """Order 521: odd digits for men, even ones for women, two to a century."""
    assert born_on(f"800314{seventh}00000") == (date(year, 3, 14) if year else None)


def test_the_month_and_day_of_a_birth() -> None:
    """Order 521: two digits each, both of them read."""
    assert born_on("801231300000") == date(1980, 12, 31)
    assert born_on("801331300000") is None


@pytest.mark.parametrize(
    ("iin", "shown"),
    [("", ""), ("1234", "••••"), ("12345", "12•45"), ("123456", "12••56"), ("1", "•")],
)
def test_short_numbers_are_masked_whole(iin: str, shown: str) -> None:
    """Up to four signs nothing is shown; of five the one between."""
    assert masked(iin) == shown


def test_account_numbers() -> None:
    """ISO 13616: the printed example of Kazakhstan and of Britain; one sign off, or too short, does
    not hold; check digits below ten are written with a nought."""
    assert check_iban("KZ", "125KZT5004100100") == "KZ86125KZT5004100100"
    assert has_check_digits("KZ86 125K ZT50 0410 0100")
    assert has_check_digits("gb82west12345698765432")
    assert has_check_digits(check_iban("KZ", "A")) and len(check_iban("KZ", "A")) == 5
    assert not has_check_digits("KZ87125KZT5004100100")
    assert not has_check_digits("KZ86-125KZT5004100100")
    assert not has_check_digits("KZ86125KZT500410010é")
    assert not any(has_check_digits(f"1{n:03d}") for n in range(1000))
    first = next(f"{n:016d}" for n in range(999) if check_iban("KZ", f"{n:016d}")[2] == "0")
    assert len(check_iban("KZ", first)) == 20 and has_check_digits(check_iban("KZ", first))


def test_the_columns_of_the_annex() -> None:
    """321/2020:annex 1: primary care is column 4, blood column 18; each has a title."""
    assert [column(form) for form in CareForm] == list(range(4, 19))
    assert title(CareForm.PRIMARY, "en") == "primary care"
    assert care_form("hiv") is CareForm.HIV
    with pytest.raises(UnknownCareForm, match="primary, outpatient"):
        care_form("massage")


def test_citations_are_read_and_written() -> None:
    """One or a list; an item only where there is one."""
    assert cites("321/2020:26") == (Citation("321/2020", "26"),)
    assert cites(["a:1", "b:2:3)"])[1].as_dict() == {"act": "b", "clause": "2", "item": "3)"}
    assert Citation("a", "1").as_dict() == {"act": "a", "clause": "1"}


def test_the_longest_amounts() -> None:
    """Fifteen digits are an amount, sixteen are not; a minus stays."""
    assert tenge("9" * 15) == D("9" * 15)
    with pytest.raises(BadValue):
        tenge("9" * 16)
    assert tenge("-1 000,5") == D("-1000.50")


@pytest.mark.parametrize(
    ("text", "good"), [("1899-12", False), ("1900-01", True), ("2999-12", True), ("3000-01", False)]
)
def test_the_years_that_a_month_may_have(text: str, good: bool) -> None:
    """From 1900 to 2999."""
    if good:
        assert str(month(text)) == text
    else:
        with pytest.raises(BadValue):
            month(text)


def test_months_of_a_year() -> None:
    """291/2020:5: December's last day, the January after it, the months up to March."""
    december = Month(2026, 12)
    assert (december.last, str(december.shift(1))) == (date(2026, 12, 31), "2027-01")
    assert str(december.shift(-12)) == "2025-12"
    assert [each.number for each in year_upto(Month(2026, 3))] == [1, 2, 3]
    assert {each.year for each in year_upto(december)} == {2026}


def test_regions() -> None:
    """Twenty of them; a code that is none is its own name."""
    assert len(region_codes()) == 20 and region_codes() == sorted(region_codes())
    assert region_title("10", "en") == "Abai region"
    assert region_title("99", "en") == "99"
