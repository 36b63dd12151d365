"""The adapter of the country's payment orders, as data: sector and purpose codes, words of the
purpose, names of fields (`bank_codes.yaml`).

None of it stands in the texts that Qor holds; `status` says so, and a fund puts its own file in its
place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from qor.law.nouns.refusals import Refusal
from qor.law.pages import page
from qor.workflow.treasury.models import Order

_NAMES = {
    "status",
    "payer_code",
    "beneficiary_code",
    "purpose_code",
    "purpose",
    "fundings",
    "schemes",
    "fields_1c",
    "encodings_1c",
    "transliteration",
}


class BadPaymentCodes(Refusal):
    """The fund's own file of payment codes cannot be read, or lacks something."""

    key = "bad_payment_codes"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the exchange file's letters are written: Python's codec, what the head says, whether
    Kazakh letters are transliterated."""

    codec: str
    head: str
    transliterated: bool


@dataclass(frozen=True, slots=True)
class PaymentCodes:
    """The adapter's data."""

    status: str
    facts: dict[str, Any]

    @property
    def payer_code(self) -> str:
        """The payer's residence and sector (КОд)."""
        return str(self.facts["payer_code"])

    def beneficiary_code(self, bin_: str) -> str:
        """The payee's residence and sector (КБе)."""
        codes = self.facts["beneficiary_code"]
        return str(codes["by_bin"].get(bin_, codes["default"]))

    def purpose_code(self, order: Order) -> str:
        """The code of the payment's purpose (КНП)."""
        return str(self.facts["purpose_code"][_paid_for(order)])

    def purpose(self, order: Order) -> str:
        """The words of the payment's purpose."""
        month = order.act.closing.month if order.act is not None else ""
        funding = self.facts["fundings"].get(order.funding, order.funding)
        text: str = self.facts["purpose"][_paid_for(order)]
        return text.format(contract=order.contract_no, month=month, funding=funding).removesuffix(
            ", "
        )

    def scheme(self, of: str) -> str:
        """The name of a scheme of identifiers in pain.001."""
        return str(self.facts["schemes"][of])

    @property
    def fields_1c(self) -> list[tuple[str, str]]:
        """Field and what stands in it, in order."""
        return [(name, value) for name, value in self.facts["fields_1c"]]

    def encoding_1c(self, name: str) -> Encoding:
        """An encoding of the exchange file. BadPaymentCodes for a name that the data do not
        know."""
        facts = self.facts["encodings_1c"].get(name)
        if facts is None:
            raise BadPaymentCodes(
                field="QOR_1C_ENCODING", known=", ".join(self.facts["encodings_1c"])
            )
        return Encoding(facts["codec"], facts["head"], bool(facts["transliterated"]))

    @property
    def transliteration(self) -> dict[str, str]:
        """Letters without a place in Windows-1251 and what is written for each, before an
        apostrophe."""
        return dict(self.facts["transliteration"])


@cache
def payment_codes(path: str = "") -> PaymentCodes:
    """The adapter that comes with Qor, or a fund's own file. BadPaymentCodes."""
    if not path:
        facts = page("qor.interfaces.documents", "bank_codes.yaml")
        return PaymentCodes(facts["status"], dict(facts))
    try:
        facts = yaml.safe_load(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        facts = None
    missing = sorted(_NAMES - set(facts)) if isinstance(facts, dict) else ["QOR_PAYMENT_CODES"]
    if missing:
        raise BadPaymentCodes(field=", ".join(missing), known=", ".join(sorted(_NAMES)))
    return PaymentCodes(facts["status"], facts)


def _paid_for(order: Order) -> str:
    return "act" if order.act_id else "advance"
