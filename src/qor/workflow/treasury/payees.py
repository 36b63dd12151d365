"""Who is paid and where: the provider's bank account of a day, and what stops an order: a name or
an account that no bank file may carry."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qor.engine.results.contracts import accounts_in_force
from qor.engine.storage.lake import Lake
from qor.law.nouns.identifiers import has_check_digits
from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import Organisation

# An account and a bank as ISO 13616 and ISO 9362 write them.
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
# Signs that no name has: control and format signs, surrogates, private and unassigned signs,
# separators of lines.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class NoBankAccount(Refusal):
    """The provider's bank account is not in the table bank_accounts."""

    key = "no_bank_account"


class BadAccount(Refusal):
    """The number of the account is no IBAN: its shape or its check digits."""

    key = "bad_account"


class BadBank(Refusal):
    """The bank's code is no BIC."""

    key = "bad_bank"


class BadPayeeName(Refusal):
    """The payee's name is empty, or holds signs that no name has: an end of line, a control sign,
    an invisible one."""

    key = "bad_payee_name"


class BadContractNumber(Refusal):
    """The number of the contract is empty or holds signs that end a line."""

    key = "bad_contract_number"


class LettersLost(Refusal):
    """The file's encoding has no place for a letter of the name or the purpose: nothing is written
    as a question mark."""

    key = "letters_lost"


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of a provider: its number and its bank."""

    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A payment that no order can carry now, and what is wrong with it; the others go on."""

    provider: Organisation
    contract_no: str
    amount: Decimal
    refusal: Refusal


def accounts_on(lake: Lake, on: date) -> dict[str, BankAccount]:
    """The bank account of each provider (by BIN) on a day: the latest that holds then. Sources:
    291/2020:26."""
    return {row["bin"]: BankAccount(row["iban"], row["bic"]) for row in accounts_in_force(lake, on)}


def why_stopped(
    provider: Organisation, contract_no: str, account: BankAccount | None
) -> Refusal | None:
    """What is wrong with an order to a provider, as the refusal that says so; None where it may be
    made and sent."""
    bin_, contract = str(provider.bin), shown(contract_no)
    if account is None:
        return NoBankAccount(bin=bin_)
    if not (_IBAN.fullmatch(account.iban) and has_check_digits(account.iban)):
        return BadAccount(iban=shown(account.iban), bin=bin_, contract=contract)
    if not _BIC.fullmatch(account.bic):
        return BadBank(bic=shown(account.bic), bin=bin_, contract=contract)
    if not is_one_line(provider.name_ru):
        return BadPayeeName(name=shown(provider.name_ru), bin=bin_, contract=contract)
    return None if is_one_line(contract_no) else BadContractNumber(bin=bin_, contract=contract)


def shown(text: str) -> str:
    """A text for a message: signs that cannot be seen are written as their codes."""
    return "".join(
        f"[U+{ord(sign):04X}]" if unicodedata.category(sign) in _UNSEEN else sign for sign in text
    )


def is_one_line(text: str) -> bool:
    """Whether a text says something and holds no sign that could end a line, begin a field or hide:
    those never reach a bank file."""
    return bool(text.strip()) and not any(unicodedata.category(sign) in _UNSEEN for sign in text)
