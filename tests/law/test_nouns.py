"""Money, months, identifiers, citations."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qor.law.nouns.citations import cite
from qor.law.nouns.identifiers import born_on, has_check_digit, masked
from qor.law.nouns.money import round_tenge, tenge
from qor.law.nouns.months import Month, month, month_of
from qor.law.nouns.refusals import BadValue
from qor.law.rules.expected_amounts import expected_amount


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("009900000008", True),
        ("009900030008", True),
        ("700140000019", True),
        ("200940029071", True),
        ("200240001294", True),
        ("151040023516", True),
        ("123456789012", False),
        ("٠٠٩٩٠٠٠٠٠٠٠٨", False),
        ("00990000000", False),
    ],
)
def test_check_digits(number: str, valid: bool) -> None:
    """Made-up numbers and public legal entities (airlock-pii, Apache-2.0; public procurement
    register)."""
    assert has_check_digit(number) is valid


def test_birth_date_of_an_iin() -> None:
    """Century by the seventh digit; an impossible date is none."""
    assert born_on("800314400000") == date(1980, 3, 14)
    assert born_on("009900000008") is None


def test_masking() -> None:
    """Birth year and the last two digits stay."""
    assert masked("800314450001") == "80••••••••01"
    assert masked(None) == ""


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68")],
)
def test_half_up(amount: str, rounded: str) -> None:
    """Half a tiyn goes up, away from zero."""
    assert str(round_tenge(Decimal(amount))) == rounded


@pytest.mark.parametrize(
    "text", ["12400", "12 400,00", "12400.00 ₸", "12\u00a0400", " 12400 ", "12 400₸", "+12400,0"]
)
def test_amounts_as_people_type_them(text: str) -> None:
    """Comma or point, blanks between thousands."""
    assert tenge(text) == Decimal("12400.00")


_NO_AMOUNTS = """12.345|1e5x|NaN|twelve|12,400|1 2 3|1e3|1_000|12 40|1234 567|12 400 50|1,234,567
1.234,50|١٢٣|１２|12'400|12 400\u00a0500|--5|5-|₸|Infinity|12400.|.5|0x10|1 000,5 00"""


@pytest.mark.parametrize("text", ["", *_NO_AMOUNTS.replace("\n", "|").split("|")])
def test_no_amounts(text: str) -> None:
    """Finer than a tiyn, no number, or a number that two readers read as two."""
    with pytest.raises(BadValue):
        tenge(text)


@given(st.integers(1990, 2100), st.integers(1, 12), st.integers(-500, 500))
def test_months_shift_there_and_back(year: int, number: int, by: int) -> None:
    """Shifting is undone by shifting back; first and last day lie in the month."""
    start = Month(year, number)
    assert start.shift(by).shift(-by) == start == month(str(start))
    assert month_of(start.first) == month_of(start.last) == start


def test_bad_months_and_citations() -> None:
    """Thirteen is no month; a citation has an act and a clause."""
    with pytest.raises(BadValue):
        month("2026-13")
    with pytest.raises(ValueError, match="not a citation"):
        cite("321/2020")
    assert str(cite("321/2020:annex 1:5.1")) == "321/2020:annex 1:5.1"


def test_expected_amount() -> None:
    """Three units at 333.33 with a coefficient of 1.1 (291/2020:6)."""
    assert expected_amount(Decimal(3), Decimal("333.33"), Decimal("1.1")) == Decimal("1099.99")
    assert expected_amount(Decimal(3), Decimal("333.33")) == Decimal("999.99")
