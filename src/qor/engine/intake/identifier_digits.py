"""The digits of IIN and BIN as SQL: whether they end in their check digit, and leading zeros that
they lost as numbers."""

from __future__ import annotations

from qor.engine.intake.tables import Column
from qor.engine.storage.duck import name
from qor.law.nouns.identifiers import FIRST_WEIGHTS, SECOND_WEIGHTS


def check_digit_holds(number: str) -> str:
    """SQL: whether twelve digits end in their check digit (`check_digit` of the law floor, as an
    expression)."""
    return f"{check_digit_of(number)} = CAST(substr({number}, 12, 1) AS INTEGER)"


def check_digit_of(number: str) -> str:
    """SQL: the check digit that belongs to the first eleven digits; 10 where no such number is
    issued."""
    first, second = (_weighted(number, weights) for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS))
    return f"(CASE WHEN {first} < 10 THEN {first} ELSE {second} END)"


def all_digits(text: str, count: int = 12) -> str:
    """SQL: whether the text is so many ASCII digits."""
    return f"(length({text}) = {count} AND translate({text}, '0123456789', '') = '')"


def _weighted(number: str, weights: tuple[int, ...]) -> str:
    terms = (
        f"CAST(substr({number}, {i}, 1) AS INTEGER) * {weight}"
        for i, weight in enumerate(weights, start=1)
    )
    return f"(({' + '.join(terms)}) % 11)"


def is_identifier(column: Column) -> bool:
    """Whether the column holds an IIN or BIN, which may have lost its leading zeros as a number."""
    return column.type in {"bin", "bin_text", "iin", "iin_text"}


def short_identifier(column: Column) -> str:
    """SQL: whether a cell is as short as an IIN or BIN that lost its zeros."""
    return f"(length({name(column.name)}) BETWEEN 9 AND 11)"


def padded(column: Column) -> str:
    """SQL: an identifier of 9-11 digits with the leading zeros that it lost as a number, where that
    makes a valid one.

    Eleven digits of an IIN that begin with a date once the zero is back count too: its check digit
    is judged later.
    """
    text = name(column.name)
    full = f"lpad({text}, 12, '0')"
    valid = check_digit_holds(full)
    if column.type == "iin_text":
        date_like = r"0[0-9](0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-6][0-9]{5}"
        valid = f"({valid} OR (length({text}) = 11 AND regexp_full_match({full}, '{date_like}')))"
    return f"""CASE WHEN NOT {short_identifier(column)} OR translate({text}, '0123456789', '') <> ''
        THEN {text}
        WHEN {valid} THEN {full} ELSE {text} END"""
