"""IIN and BIN: twelve digits with a check digit (rules in order 521 of 29 June 2023; for BIN by
practice)."""

from __future__ import annotations

from datetime import date

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit of a number, or None where no such number is issued (both sums give 10)."""
    digits = [int(letter) for letter in first_eleven]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        rest = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def has_check_digit(number: str) -> bool:
    """Whether the text is twelve ASCII digits and the last one is the check digit. Holds for IIN
    and BIN alike."""
    return (
        len(number) == 12
        and number.isascii()
        and number.isdigit()
        and check_digit(number[:11]) == int(number[11])
    )


def born_on(iin: str) -> date | None:
    """The birth date coded in digits 1-7 of an IIN, or None where they code no date (practice, not
    a condition of validity)."""
    century = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}.get(iin[6])
    try:
        return date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6])) if century else None
    except ValueError:
        return None


def masked(iin: str | None) -> str:
    """An IIN for lists, logs and messages: birth year and the last two digits only."""
    if not iin:
        return ""
    return f"{iin[:2]}{'•' * max(len(iin) - 4, 0)}{iin[-2:]}" if len(iin) > 4 else "•" * len(iin)


def check_iban(country: str, account: str) -> str:
    """An account number with its two check digits (ISO 13616, modulo 97), e.g. KZ and sixteen signs
    of bank and account."""
    digits = "".join(str(int(sign, 36)) for sign in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def has_check_digits(iban: str) -> bool:
    """Whether an account number's check digits hold."""
    plain = iban.replace(" ", "").upper()
    moved = plain[4:] + plain[:4]
    return (
        moved.isascii()
        and moved.isalnum()
        and len(plain) > 4
        and int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1
    )
