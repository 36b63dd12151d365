"""Bank files: pain.001 fits its schema, ids are unique in the day, 1C's file loses no letter and no
value begins a field, codes come from data."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.money.bank import DAY, FORMS, FRIDAY, PAYER, lake_of, send, sign
from tests.workflow.people import World, an_act, at

from qor.interfaces.documents.bank_files import bank_format, schema
from qor.interfaces.documents.exchange_1c import transliterated
from qor.interfaces.documents.payer import BadPayer, Payer
from qor.interfaces.documents.payment_codes import BadPaymentCodes, payment_codes
from qor.law.nouns.identifiers import has_check_digits
from qor.law.nouns.refusals import Refusal
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.orders import make_orders, repeat_order, return_order
from qor.workflow.treasury.sending import send_orders

KAZAKH = "«Әділет» Қызылорда ғылым Өңір Ұлытау Үміт Һәм І-ші қоғамы"
CODES = {"KOD": "11", "KBE": "16"}


def orders_of(world: World, tmp_path: Path, name: str = KAZAKH) -> list[Order]:
    """Two orders; the first payee is called so."""
    world.providers["71"].organisation.name_ru = name
    world.providers["71"].organisation.save()
    for region, sum_ in (("71", "1234567.89"), ("75", "500.00")):
        sign(an_act(world, region, claimed=Decimal(sum_)), world)
    return make_orders(lake_of(tmp_path, world), DAY, by="x", at=at(FRIDAY))


def fields(content: bytes, encoding: str) -> list[tuple[str, str]]:
    """The fields of 1C's file as a plain reader sees them: one line a field."""
    lines = content.decode(encoding).split("\r\n")
    assert lines[0] == "1CClientBankExchange" and lines[-2:] == ["КонецФайла", ""]
    return [(name, value) for name, _, value in (line.partition("=") for line in lines[1:-2])]


def test_pain_001(world: World, tmp_path: Path) -> None:
    """It fits its schema, sums to what it holds, names the payee whole, carries sector and purpose
    codes; the same orders, the same bytes."""
    orders = orders_of(world, tmp_path)
    content = FORMS["pain001"].write(orders, 1, at(FRIDAY))
    schema().validate(content.decode())
    root = ElementTree.fromstring(content)  # noqa: S314 - our own file
    space = {"p": root.tag[1:].partition("}")[0]}
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", "", space) == "1235067.89"
    assert [each.text for each in root.findall(".//p:Cdtr/p:Nm", space)] == [KAZAKH, "ru 75"]
    others = root.findall(".//p:Othr", space)
    codes = {o.findtext(".//p:Prtry", "", space): o.findtext("p:Id", "", space) for o in others}
    assert {name: codes[name] for name in CODES} == CODES
    assert {each.text for each in root.findall(".//p:Purp/p:Prtry", space)} == {"859"}
    assert content == FORMS["pain001"].write(orders, 1, at(FRIDAY))
    assert has_check_digits(orders[0].iban) and not has_check_digits(orders[0].iban[:-1] + "9")


def test_every_id_is_unique_in_the_day(world: World, tmp_path: Path) -> None:
    """Over all files of a bank day: a returned order that is repeated the same day goes out under
    other numbers."""
    lake = lake_of(tmp_path, world)
    orders_of(world, tmp_path)
    first = send()
    return_order(first.orders[0].pk, by="x", at=at(FRIDAY))
    repeat_order(lake, first.orders[0].pk, DAY, by="x", at=at(FRIDAY))
    second = send()
    ids: list[str] = []
    for sent in (first, second):
        text = bytes(sent.file.content).decode()
        ids += re.findall(r"<(?:MsgId|PmtInfId|InstrId|EndToEndId)>([^<]+)<", text)
    assert (
        len(ids) == 2 * 2 + 3 * 2
        and len(set(ids)) == len(ids)
        and all(len(each) <= 35 for each in ids)
    )


@pytest.mark.parametrize(("encoding", "codec"), [("utf-8", "utf-8"), ("kz-1048", "kz1048")])
def test_1c_loses_no_letter(world: World, tmp_path: Path, encoding: str, codec: str) -> None:
    """Kazakh letters of payee and payer come back as they were; each order is a section with sum,
    codes and purpose."""
    orders = orders_of(world, tmp_path)
    content = bank_format("1c", PAYER, payment_codes(), encoding).write(orders, 1, at(FRIDAY))
    read = fields(content, codec)
    assert [value for name, value in read if name == "Получатель"] == [KAZAKH, "ru 75"]
    assert {value for name, value in read if name == "Плательщик"} == {"Қор"}
    assert [value for name, value in read if name == "Сумма"] == ["1234567.89", "500.00"]
    names = {"ПлательщикКБЕ": "11", "ПолучательКБЕ": "16", "КодНазначенияПлатежа": "859"}
    assert {(name, value) for name, value in read if name in names} == set(names.items())
    assert "?" not in content.decode(codec)


def test_1c_transliterated_can_be_read_back(world: World, tmp_path: Path) -> None:
    """In Windows-1251 each Kazakh letter is another letter and an apostrophe."""
    orders = orders_of(world, tmp_path)
    content = bank_format("1c", PAYER, payment_codes(), "transliterated").write(
        orders, 1, at(FRIDAY)
    )
    read = [value for name, value in fields(content, "cp1251") if name == "Получатель"]
    assert read[0].startswith("«А'ділет» К'ызылорда") and back(read[0]) == KAZAKH


LETTERS = dict(zip("АаГгКкНнОоУуЮюХх", "ӘәҒғҚқҢңӨөҰұҮүҺһ", strict=True))


def back(text: str) -> str:
    """A bank's clerk reads it back: pairs of apostrophes are one, an odd one marks the letter
    before."""
    out = ""
    for part in re.findall(r"[^']'*|'+", text):
        marks = part.count("'")
        letter = part[:1].replace("'", "")
        out += (LETTERS[letter] if letter and marks % 2 else letter) + "'" * (marks // 2)
    return out


@given(st.text(alphabet="АаГКқҚҮүҰәӨ'« a", max_size=30))
def test_no_two_names_are_written_alike(text: str) -> None:
    """Whatever the name, with apostrophes of its own too, it is read back letter by letter."""
    written = transliterated(text, payment_codes().transliteration)
    written.encode("cp1251")
    assert back(written) == text


def test_a_letter_without_a_place_stops_its_order(world: World, tmp_path: Path) -> None:
    """It is named with the letter; the other order goes out; in UTF-8 both do."""
    orders_of(world, tmp_path, "Больница 医")
    sent = send_orders(
        DAY, bank_format("1c", PAYER, payment_codes(), "kz-1048"), by="x", at=at(FRIDAY)
    )
    (stopped,) = sent.stopped
    assert (stopped.refusal.key, stopped.refusal.facts["letter"]) == ("letters_lost", "医")
    assert len(sent.orders) == 1 and len(send("1c").orders) == 1


UNSEEN = ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "\x1a"]


@pytest.mark.parametrize("sign", UNSEEN)
def test_no_value_begins_a_field(world: World, tmp_path: Path, sign: str) -> None:
    """A name, a contract, a payer with any end of a line never reaches a file: the number of lines
    is that of the fields."""
    orders_of(world, tmp_path)
    form = FORMS["1c"]
    lines = len(form.write(list(Order.objects.all()), 1, at(FRIDAY)).decode().splitlines())
    assert lines == 7 + 2 * 17 + 1
    world.providers["71"].organisation.name_ru = f"А{sign}Сумма=999999.00"
    if sign != "\x00":
        world.providers["71"].organisation.save()
        assert [stopped.refusal.key for stopped in send("1c").stopped] == ["bad_payee_name"]
    with pytest.raises(BadPayer):
        Payer(f"Қор{sign}Сумма=1", PAYER.bin, PAYER.iban, PAYER.bic)


def test_the_codes_are_data_not_held(tmp_path: Path) -> None:
    """They are marked as recalled; a fund's own file stands in their place; one that lacks
    something is refused by name."""
    assert payment_codes().status == "recalled"
    source = files("qor.interfaces.documents").joinpath("bank_codes.yaml")
    own = tmp_path / "codes.yaml"
    own.write_text(
        source.read_text("utf-8").replace('payer_code: "11"', 'payer_code: "15"'), "utf-8"
    )
    assert payment_codes(str(own)).payer_code == "15"
    (tmp_path / "bad.yaml").write_text("status: recalled\n", "utf-8")
    for bad in ("bad.yaml", "absent.yaml"):
        with pytest.raises(BadPaymentCodes):
            payment_codes(str(tmp_path / bad))
    with pytest.raises(BadPaymentCodes):
        bank_format("1c", PAYER, payment_codes(), "koi8-r")


def test_the_list_has_a_line_an_order(world: World, tmp_path: Path) -> None:
    """CSV: every column of an order, codes and purpose too."""
    orders = orders_of(world, tmp_path)
    lines = FORMS["csv"].write(orders, 1, at(FRIDAY)).decode().split("\r\n")
    assert len(lines) == 4 and lines[1].endswith(",1234567.89") and KAZAKH.split()[1] in lines[1]


def test_the_list_holds_no_formula(world: World, tmp_path: Path) -> None:
    """A name that a spreadsheet would take for one is led by an apostrophe."""
    orders = orders_of(world, tmp_path, "=HYPERLINK(1)")
    assert ",'=HYPERLINK(1)," in FORMS["csv"].write(orders, 1, at(FRIDAY)).decode()


class Twice:
    """A format that would write other bytes each time."""

    kind = "csv"
    written = 0

    def problem(self, _: Order, /) -> Refusal | None:
        """Nothing."""
        return None

    def write(self, orders: Sequence[Order], number: int, at: datetime) -> bytes:
        """Count."""
        self.written += 1
        return f"{number} {len(orders)} {at}".encode()


def test_a_file_is_written_once(world: World, tmp_path: Path) -> None:
    """Its bytes are kept: nothing is made anew when it is fetched again."""
    orders_of(world, tmp_path)
    form = Twice()
    sent = send_orders(DAY, form, by="x", at=at(FRIDAY))
    assert (form.written, len(sent.orders)) == (1, 2)
