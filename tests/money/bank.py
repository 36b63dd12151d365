"""What tests of payment orders share: a lake with accounts, signed acts, the Fund's own formats."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.engine.registers import csv_text, load
from tests.workflow.people import World, at

from qor.engine.storage.lake import Lake
from qor.interfaces.documents.bank_files import KINDS, bank_format
from qor.interfaces.documents.payer import Payer
from qor.interfaces.documents.payment_codes import payment_codes
from qor.law.nouns.identifiers import check_iban
from qor.workflow.acts.actions import move
from qor.workflow.acts.models import Act
from qor.workflow.treasury.sending import Sent, send_orders

FRIDAY, DAY, NEXT = date(2026, 3, 20), date(2026, 3, 26), date(2026, 3, 27)
PAYER = Payer("Қор", "990140000017", check_iban("KZ", "9990000000000000"), "DEMOKZKA")
FORMS = {kind: bank_format(kind, PAYER, payment_codes(), "utf-8") for kind in KINDS}


def account(bin_: str, number: int = 1) -> dict[str, str]:
    """A row of bank_accounts."""
    return {
        "bin": bin_,
        "iban": check_iban("KZ", f"{9990000000000000 + number}"),
        "bic": "DEMOKZKA",
        "valid_from": "2024-01-01",
        "valid_to": "",
    }


def lake_of(
    tmp_path: Path, world: World, regions: tuple[str, ...] = ("71", "75"), **changed: Any
) -> Lake:
    """A lake with the bank accounts of the providers of some regions; `changed` overwrites columns
    of the first."""
    lake = Lake(tmp_path / "lake")
    bins = [str(world.providers[region].organisation.bin) for region in regions]
    rows = [account(bin_, n) for n, bin_ in enumerate(bins, 1)]
    rows[0] |= changed
    load(
        lake,
        tmp_path,
        "p.csv",
        csv_text([{"bin": b, "region": r} for b, r in zip(bins, regions, strict=True)]),
        "providers",
        None,
    )
    load(lake, tmp_path, "b.csv", csv_text(rows), "bank_accounts", None)
    return lake


def sign(act: Act, world: World, on: date = FRIDAY) -> None:
    """Agreed and signed by both sides."""
    region = act.provider.region
    for event, user in (
        ("agree", world.providers),
        ("sign", world.providers),
        ("countersign", world.accountants),
    ):
        move(act.pk, event, by=user[region], at=at(on))


def send(kind: str = "pain001", day: date = DAY, on: date = FRIDAY) -> Sent:
    """The made orders of a bank day go to the bank."""
    return send_orders(day, FORMS[kind], by="payer", at=at(on))
