"""Payment orders for the bank and for accounting: ISO 20022 pain.001 (checked against its schema), CSV, and the exchange file of 1C."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from xml.etree import ElementTree as Xml

import xmlschema

from qor.workflow.payments.models import Order

SCHEMA = "pain.001.001.09"
_SPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
_NAME_LENGTH, _ID_LENGTH = 140, 35


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays: the Fund's name, BIN, account and bank."""

    name: str
    bin: str
    iban: str
    bic: str


def pain_001(orders: Sequence[Order], payer: Payer, made_at: datetime) -> bytes:
    """A customer credit transfer with one batch a bank day, in tenge; the same orders have the same number, so that a bank knows a file sent twice.

    xmlschema's error where it would not fit the schema (a broken assumption)."""
    root = Xml.Element("Document", xmlns=_SPACE)
    transfer = _in(root, "CstmrCdtTrfInitn")
    total = sum((order.amount for order in orders), Decimal(0))
    head = _in(transfer, "GrpHdr")
    _put(
        head,
        MsgId=f"QOR-{orders[0].bank_day:%Y%m%d}-{orders[0].pk}-{orders[-1].pk}",
        CreDtTm=made_at.strftime("%Y-%m-%dT%H:%M:%S"),
        NbOfTxs=str(len(orders)),
        CtrlSum=str(total),
    )
    _put(_in(head, "InitgPty"), Nm=payer.name[:_NAME_LENGTH])
    for day in sorted({order.bank_day for order in orders}):
        _batch(transfer, [order for order in orders if order.bank_day == day], day, payer)
    Xml.indent(root)
    told: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    schema().validate(io.BytesIO(told))
    return told


def schema() -> xmlschema.XMLSchema:
    """The schema of pain.001 as the package sepaxml carries it."""
    return xmlschema.XMLSchema(str(files("sepaxml").joinpath("schemas", f"{SCHEMA}.xsd")))


def orders_csv(orders: Sequence[Order]) -> str:
    """One line an order: number, bank day, BIN, IBAN, BIC, contract, act's month, amount."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("order", "bank_day", "bin", "iban", "bic", "contract_no", "month", "amount"))
    writer.writerows(
        (o.pk, o.bank_day.isoformat(), o.provider.bin, o.iban, o.bic, o.contract_no, _month(o), o.amount)
        for o in orders
    )
    return out.getvalue()


def orders_1c(orders: Sequence[Order], payer: Payer, made_at: datetime) -> bytes:
    """The exchange file of 1C (1CClientBankExchange) in Windows-1251, one section a payment order."""
    lines = [
        "1CClientBankExchange", "ВерсияФормата=1.02", "Кодировка=Windows", "Отправитель=Qor", f"ДатаСоздания={made_at:%d.%m.%Y}",
        f"ВремяСоздания={made_at:%H:%M:%S}", f"РасчСчет={payer.iban}",
    ]  # fmt: skip
    for order in orders:
        lines += [
            "СекцияДокумент=Платежное поручение", f"Номер={order.pk}", f"Дата={order.bank_day:%d.%m.%Y}", f"Сумма={order.amount:.2f}",
            f"ПлательщикСчет={payer.iban}", f"ПлательщикБИН_ИИН={payer.bin}", f"Плательщик={payer.name}", f"ПлательщикБИК={payer.bic}",
            f"ПолучательСчет={order.iban}", f"ПолучательБИН_ИИН={order.provider.bin}", f"Получатель={order.provider.name_ru}",
            f"ПолучательБИК={order.bic}", f"НазначениеПлатежа={_purpose(order)}", "КонецДокумента",
        ]  # fmt: skip
    return "\r\n".join([*lines, "КонецФайла", ""]).encode("cp1251", "replace")


def _batch(transfer: Xml.Element, orders: list[Order], day: date, payer: Payer) -> None:
    info = _in(transfer, "PmtInf")
    total = sum((order.amount for order in orders), Decimal(0))
    _put(info, PmtInfId=f"QOR-{day:%Y%m%d}", PmtMtd="TRF", NbOfTxs=str(len(orders)), CtrlSum=str(total))
    _put(_in(info, "ReqdExctnDt"), Dt=day.isoformat())
    _put(_in(info, "Dbtr"), Nm=payer.name[:_NAME_LENGTH])
    _put(_in(_in(info, "DbtrAcct"), "Id"), IBAN=payer.iban)
    _put(_in(_in(info, "DbtrAgt"), "FinInstnId"), BICFI=payer.bic)
    for order in orders:
        _transaction(info, order)


def _transaction(info: Xml.Element, order: Order) -> None:
    line = _in(info, "CdtTrfTxInf")
    _put(_in(line, "PmtId"), InstrId=str(order.pk), EndToEndId=f"QOR-{order.pk}"[:_ID_LENGTH])
    amount = _in(_in(line, "Amt"), "InstdAmt")
    amount.set("Ccy", "KZT")
    amount.text = f"{order.amount:.2f}"
    _put(_in(_in(line, "CdtrAgt"), "FinInstnId"), BICFI=order.bic)
    creditor = _in(line, "Cdtr")
    _put(creditor, Nm=order.provider.name_ru[:_NAME_LENGTH])
    _put(_in(_in(_in(creditor, "Id"), "OrgId"), "Othr"), Id=str(order.provider.bin))
    _put(_in(_in(line, "CdtrAcct"), "Id"), IBAN=order.iban)
    _put(_in(line, "RmtInf"), Ustrd=_purpose(order)[:_NAME_LENGTH])


def _purpose(order: Order) -> str:
    what = f"акт за {_month(order)}" if order.act_id else "аванс"
    return f"Договор {order.contract_no}, {what}"


def _month(order: Order) -> str:
    return order.act.closing.month if order.act is not None else ""


def _in(parent: Xml.Element, tag: str) -> Xml.Element:
    return Xml.SubElement(parent, tag)


def _put(parent: Xml.Element, **told: str) -> None:
    for tag, text in told.items():
        _in(parent, tag).text = text
