"""The exchange file of 1C (1CClientBankExchange): one line a field, one section a payment order; no
letter is lost and no value begins a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qor.interfaces.documents.payer import Payer
from qor.interfaces.documents.payment_codes import PaymentCodes
from qor.law.nouns.refusals import Refusal
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.payees import BadContractNumber, LettersLost, is_one_line, shown

_MARK = "'"


@dataclass(frozen=True, slots=True)
class Exchange1C:
    """Orders as 1C's exchange file, in an encoding of the adapter's data."""

    payer: Payer
    codes: PaymentCodes
    encoding: str
    kind: str = "1c"

    def problem(self, order: Order) -> Refusal | None:
        """A letter of the order that the encoding has no place for, or a text that would begin a
        field of its own."""
        if not is_one_line(self.codes.purpose(order)):
            return BadContractNumber(
                bin=str(order.provider.bin), contract=shown(self.codes.purpose(order))
            )
        for text in (order.provider.name_ru, self.codes.purpose(order)):
            try:
                self._bytes(text)
            except UnicodeEncodeError as error:
                return LettersLost(
                    bin=str(order.provider.bin),
                    letter=error.object[error.start],
                    encoding=self.encoding,
                )
        return None

    def write(self, orders: Sequence[Order], number: int, at: datetime) -> bytes:
        """The file's bytes; UnicodeEncodeError is a broken assumption: `problem` was asked
        before."""
        head = {
            "ВерсияФормата": "1.02",
            "Кодировка": self.codes.encoding_1c(self.encoding).head,
            "Отправитель": "Qor",
            "ДатаСоздания": f"{at:%d.%m.%Y}",
            "ВремяСоздания": f"{at:%H:%M:%S}",
            "РасчСчет": self.payer.iban,
        }
        lines = ["1CClientBankExchange", *(f"{name}={value}" for name, value in head.items())]
        for order in orders:
            values = self._values(order)
            lines.append("СекцияДокумент=Платежное поручение")
            lines += [f"{name}={values[what]}" for name, what in self.codes.fields_1c]
            lines.append("КонецДокумента")
        return b"\r\n".join(self._bytes(line) for line in [*lines, "КонецФайла", ""])

    def _values(self, order: Order) -> dict[str, str]:
        """What may stand in a field, by the adapter's names."""
        provider = order.provider
        return {
            "number": str(order.pk),
            "day": f"{order.bank_day:%d.%m.%Y}",
            "amount": f"{order.amount:.2f}",
            "payer_iban": self.payer.iban,
            "payer_bin": self.payer.bin,
            "payer_name": self.payer.name,
            "payer_bic": self.payer.bic,
            "payer_code": self.codes.payer_code,
            "iban": order.iban,
            "bin": str(provider.bin),
            "name": provider.name_ru.strip(),
            "bic": order.bic,
            "beneficiary_code": self.codes.beneficiary_code(str(provider.bin)),
            "purpose": self.codes.purpose(order),
            "purpose_code": self.codes.purpose_code(order),
        }

    def _bytes(self, text: str) -> bytes:
        encoding = self.codes.encoding_1c(self.encoding)
        written = (
            transliterated(text, self.codes.transliteration) if encoding.transliterated else text
        )
        return written.encode(encoding.codec)


def transliterated(text: str, table: dict[str, str]) -> str:
    """A text with each letter of the table written as its other letter and an apostrophe, and each
    apostrophe twice: it can be read back."""
    return "".join(
        f"{table[sign]}{_MARK}" if sign in table else sign * (2 if sign == _MARK else 1)
        for sign in text
    )
