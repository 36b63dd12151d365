"""Payment orders for the bank and for accounting: ISO 20022 pain.001 (checked against its schema),
CSV, and the exchange file of 1C."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree as Xml

import xmlschema

from qor.interfaces.documents.cells import harmless
from qor.interfaces.documents.exchange_1c import Exchange1C
from qor.interfaces.documents.payer import Payer
from qor.interfaces.documents.payment_codes import PaymentCodes
from qor.law.nouns.refusals import Refusal
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.sending import BankFormat

SCHEMA = "pain.001.001.09"
KINDS = ("pain001", "1c", "csv")
ENDINGS = {"pain001": "xml", "1c": "txt", "csv": "csv"}
CONTENT_TYPES = {"pain001": "application/xml", "1c": "text/plain", "csv": "text/csv; charset=utf-8"}
_SPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
_NAME_LENGTH, _PURPOSE_LENGTH = 140, 140


@dataclass(frozen=True, slots=True)
class Pain001:
    """Orders as a customer credit transfer in tenge, one batch, with the country's codes of the
    adapter."""

    payer: Payer
    codes: PaymentCodes
    kind: str = "pain001"

    def problem(self, _: Order) -> Refusal | None:
        """Nothing: what XML cannot carry is stopped before (`payees.why_stopped`)."""
        return None

    def write(self, orders: Sequence[Order], number: int, at: datetime) -> bytes:
        """The file's bytes. Every id in it is unique in the bank day. xmlschema's error where it
        would not fit the schema (a broken assumption)."""
        day = orders[0].bank_day
        root = Xml.Element("Document", xmlns=_SPACE)
        transfer = _in(root, "CstmrCdtTrfInitn")
        name = f"QOR-{day:%Y%m%d}-{number}"
        head = _in(transfer, "GrpHdr")
        sums = {
            "NbOfTxs": str(len(orders)),
            "CtrlSum": str(sum((order.amount for order in orders), Decimal(0))),
        }
        _put(head, MsgId=name, CreDtTm=at.strftime("%Y-%m-%dT%H:%M:%S"), **sums)
        _put(_in(head, "InitgPty"), Nm=self.payer.name[:_NAME_LENGTH])
        info = _in(transfer, "PmtInf")
        _put(info, PmtInfId=f"{name}-1", PmtMtd="TRF", **sums)
        self._debtor(info, day)
        for order in orders:
            self._transaction(info, order)
        Xml.indent(root)
        content: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
        schema().validate(io.BytesIO(content))
        return content

    def _debtor(self, info: Xml.Element, day: date) -> None:
        _put(_in(info, "ReqdExctnDt"), Dt=day.isoformat())
        debtor = _in(info, "Dbtr")
        _put(debtor, Nm=self.payer.name[:_NAME_LENGTH])
        self._identified(debtor, self.payer.bin, self.codes.payer_code, "payer_code")
        _put(_in(_in(info, "DbtrAcct"), "Id"), IBAN=self.payer.iban)
        _put(_in(_in(info, "DbtrAgt"), "FinInstnId"), BICFI=self.payer.bic)

    def _transaction(self, info: Xml.Element, order: Order) -> None:
        line = _in(info, "CdtTrfTxInf")
        _put(_in(line, "PmtId"), InstrId=str(order.pk), EndToEndId=f"QOR-{order.pk}")
        amount = _in(_in(line, "Amt"), "InstdAmt")
        amount.set("Ccy", "KZT")
        amount.text = f"{order.amount:.2f}"
        _put(_in(_in(line, "CdtrAgt"), "FinInstnId"), BICFI=order.bic)
        creditor = _in(line, "Cdtr")
        _put(creditor, Nm=order.provider.name_ru.strip()[:_NAME_LENGTH])
        bin_ = str(order.provider.bin)
        self._identified(creditor, bin_, self.codes.beneficiary_code(bin_), "beneficiary_code")
        _put(_in(_in(line, "CdtrAcct"), "Id"), IBAN=order.iban)
        _put(_in(line, "Purp"), Prtry=self.codes.purpose_code(order))
        remittance, purpose = _in(line, "RmtInf"), self.codes.purpose(order)
        for start in range(0, len(purpose), _PURPOSE_LENGTH):
            _put(remittance, Ustrd=purpose[start : start + _PURPOSE_LENGTH])

    def _identified(self, party: Xml.Element, bin_: str, code: str, scheme: str) -> None:
        """A party's BIN and its sector code, each with the name of its scheme."""
        organisation = _in(_in(party, "Id"), "OrgId")
        for value, of in ((bin_, "bin"), (code, scheme)):
            other = _in(organisation, "Othr")
            _put(other, Id=value)
            _put(_in(other, "SchmeNm"), Prtry=self.codes.scheme(of))


@dataclass(frozen=True, slots=True)
class OrdersCsv:
    """One line an order: number, bank day, BIN, name, IBAN, BIC, codes, contract, act's month,
    funding, amount, purpose."""

    codes: PaymentCodes
    kind: str = "csv"

    def problem(self, _: Order) -> Refusal | None:
        """Nothing: UTF-8 has a place for every letter."""
        return None

    def write(self, orders: Sequence[Order], number: int, at: datetime) -> bytes:
        """The file's bytes."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(
            (
                "order",
                "bank_day",
                "bin",
                "name",
                "iban",
                "bic",
                "kbe",
                "knp",
                "contract_no",
                "month",
                "funding",
                "purpose",
                "amount",
            )
        )
        writer.writerows([harmless(cell) for cell in self._row(order)] for order in orders)
        return out.getvalue().encode()

    def _row(self, order: Order) -> tuple[object, ...]:
        bin_ = str(order.provider.bin)
        month = order.act.closing.month if order.act is not None else ""
        return (
            order.pk,
            order.bank_day.isoformat(),
            bin_,
            order.provider.name_ru.strip(),
            order.iban,
            order.bic,
            self.codes.beneficiary_code(bin_),
            self.codes.purpose_code(order),
            order.contract_no,
            month,
            order.funding,
            self.codes.purpose(order),
            order.amount,
        )


def bank_format(kind: str, payer: Payer, codes: PaymentCodes, encoding: str) -> BankFormat:
    """A format of the bank's files by its name: one of KINDS. `encoding` is that of 1C's file.
    BadPaymentCodes."""
    codes.encoding_1c(encoding)
    formats: dict[str, BankFormat] = {
        "pain001": Pain001(payer, codes),
        "1c": Exchange1C(payer, codes, encoding),
        "csv": OrdersCsv(codes),
    }
    return formats[kind]


def file_name(kind: str, bank_day: date, sha256: str) -> str:
    """What a sent file is called: its kind, bank day and hash."""
    return f"{kind}-{bank_day}-{sha256}.{ENDINGS[kind]}"


@cache
def schema() -> xmlschema.XMLSchema:
    """The schema of pain.001 as the package sepaxml carries it."""
    return xmlschema.XMLSchema(str(files("sepaxml").joinpath("schemas", f"{SCHEMA}.xsd")))


def _in(parent: Xml.Element, tag: str) -> Xml.Element:
    return Xml.SubElement(parent, tag)


def _put(parent: Xml.Element, **texts: str) -> None:
    for tag, text in texts.items():
        _in(parent, tag).text = text
