"""The money on the command line: acts, the ledger's proof, execution as a file, advances, table 6;
refusals in words."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from tests.engine.registers import csv_text, load
from tests.money.bank import account, sign
from tests.workflow.people import World, an_act, at, seal

from qor.engine.storage.lake import Lake
from qor.interfaces.cli.main import main
from qor.interfaces.clock import today
from qor.interfaces.web.features.treasury.paying import next_bank_day
from qor.workflow.acts.models import Advance, OtherSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.treasury.models import Order

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def lake(tmp_path: Path, world: World) -> Lake:
    """Contract K-71 of the provider in region 71: a thousand a month, the second year."""
    lake = Lake(tmp_path / "lake")
    bin_ = world.providers["71"].organisation.bin
    load(lake, tmp_path, "p.csv", csv_text([{"bin": bin_, "region": "71"}]), "providers", None)
    line = {
        "contract_no": "K-71",
        "bin": bin_,
        "care_form": "outpatient",
        "funding": "tmkkk",
        "service_code": "*",
        "amount": "1000.00",
    }
    lines = [
        line | {"line": n, "month": f"2026-{n:02d}", "valid_from": "2026-01-01"}
        for n in range(1, 13)
    ]
    lines.append(line | {"line": 99, "month": "2025-12", "valid_from": "2025-01-01"})
    load(lake, tmp_path, "c.csv", csv_text(lines), "contracts", None)
    return lake


def said(capsys: Capture, *arguments: str) -> dict[str, object]:
    """What a command prints as JSON."""
    assert main([*arguments, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_the_ledger_is_proved(world: World, capsys: Capture) -> None:
    """Whole: every invariant with a zero. Exit code 1 where one is broken."""
    act = an_act(world, claimed=Decimal("1000.00"))
    answer = said(capsys, "ledger", "verify")
    assert answer["whole"] is True and not any(dict(answer["invariants"]).values())  # type: ignore[call-overload]
    Order.objects.create(
        act=act,
        provider=act.provider,
        contract_no=act.contract_no,
        amount=act.to_pay,
        bank_day=date(2026, 3, 25),
        iban="K",
        bic="D",
    )
    assert main(["ledger", "verify", "--json"]) == 1
    (order,) = Order.objects.all()
    capsys.readouterr()
    for language, sentence in (
        ("kk", f"№ {order.pk} төлем тапсырмасы жасалғаннан"),
        ("ru", f"платёжное поручение № {order.pk} изменено"),
        ("en", f"payment order № {order.pk} was changed"),
    ):
        assert main(["ledger", "verify", "--lang", language]) == 1
        assert sentence in " ".join(capsys.readouterr().out.split())


def test_acts_of_a_month(world: World, capsys: Capture) -> None:
    """The sums as text of exact decimals."""
    an_act(world, claimed=Decimal("1000.00"), held=Decimal("100.00"))
    assert main(["money", "acts", "2026-02", "--json"]) == 0
    (act,) = json.loads(capsys.readouterr().out)
    assert (act["claimed"], act["held"], act["to_pay"]) == ("1000", "100", "900")


def test_execution_as_a_workbook(lake: Lake, world: World, tmp_path: Path) -> None:
    """Planned two thousand to February, nine hundred accepted; runs out at that pace or not; as
    rows of a file."""
    an_act(world, claimed=Decimal("900.00"))
    assert (
        main(
            [
                "money",
                "execution",
                "2026-02",
                "--lake",
                str(lake.root),
                "--out",
                str(tmp_path / "e.xlsx"),
            ]
        )
        == 0
    )
    sheet = openpyxl.load_workbook(tmp_path / "e.xlsx").active
    assert sheet is not None
    (row,) = sheet.iter_rows(min_row=2, values_only=True)
    assert row[0] == "K-71" and [Decimal(str(cell)) for cell in row[4:7]] == [
        Decimal(12000),
        Decimal(2000),
        Decimal(900),
    ]


def test_an_advance_is_granted_and_refused(lake: Lake, world: World, capsys: Capture) -> None:
    """Thirty per cent of twelve thousand; a tiyn more is refused with what is left; an unknown
    provider by name."""
    asked = ["money", "advance", str(world.providers["71"].organisation.bin), "K-71"]
    rest = ["--month", "2026-02", "--by", "payer", "--lake", str(lake.root)]
    answer = said(capsys, *asked, "3600.00", *rest)
    assert (answer["amount"], Advance.objects.get().first_month) == ("3600.00", "2026-02")
    assert main([*asked, "0.01", *rest, "--lang", "ru"]) == 2
    assert "слишком велик" in capsys.readouterr().err
    assert main(["money", "advance", "990149999999", "K-71", "1", *rest]) == 2


def test_reconciliation_only_when_it_is_due(lake: Lake, world: World, capsys: Capture) -> None:
    """291/2020:28: nothing was done: the act of March states no decrease, that of June all six
    thousand; after February: refused."""
    for month, planned, lessen in (("2026-03", "3000.00", "0"), ("2026-06", "6000.00", "6000.00")):
        assert main(["money", "reconcile", month, "--lake", str(lake.root), "--json"]) == 0
        (line,) = json.loads(capsys.readouterr().out)
        assert (line["planned"], line["accepted"], line["lessen"]) == (planned, "0", lessen)
    assert main(["money", "reconcile", "2026-02", "--lake", str(lake.root)]) == 2


def test_table_6_in_words(capsys: Capture) -> None:
    """The report's disagreements and row 14, in Kazakh."""
    assert main(["money", "table6", "--lang", "kk"]) == 0
    out = capsys.readouterr().out
    assert "14-жол" in out and "18418.69" in out and out.count("үйлеспейді") == 4


def refused_as(capsys: Capture, *arguments: str) -> str:
    """The key of the refusal: exit code 2, one JSON object with the reason in words."""
    assert main([*arguments, "--json", "--lang", "en"]) == 2
    return str(json.loads(capsys.readouterr().out)["key"])


def test_an_order_that_does_not_exist(world: World, capsys: Capture) -> None:
    """One unknown number among known ones: nothing is paid, the unknown one is named."""
    act = an_act(world, claimed=Decimal("1000.00"))
    facts = {
        "provider": act.provider,
        "contract_no": act.contract_no,
        "amount": act.to_pay,
        "bank_day": "2026-03-25",
    }
    order = Order.objects.create(act=act, iban="K", bic="D", funding="tmkkk", **facts)
    seal(order=[order.pk])
    assert refused_as(capsys, "money", "paid", "999999") == "no_such_order"
    assert main(["money", "paid", str(order.pk), "999999", "--lang", "en"]) == 2
    assert "999999" in (said := capsys.readouterr().err) and f" {order.pk}" not in said
    order.refresh_from_db()
    assert order.state == "made"


def test_acts_of_a_month_that_was_not_closed(world: World, lake: Lake, capsys: Capture) -> None:
    """No acts and no contracts: said, not shown as an empty table."""
    assert refused_as(capsys, "money", "acts", "2031-01") == "no_act_yet"
    for of in ("2031-01", "2020-01"):
        assert (
            refused_as(capsys, "money", "execution", of, "--lake", str(lake.root))
            == "no_contracts_in_month"
        )


def paid_through(lake: Lake, world: World, tmp_path: Path) -> date:
    """An account and a signed act for the provider of region 71; the next bank day."""
    bin_ = str(world.providers["71"].organisation.bin)
    load(lake, tmp_path, "b.csv", csv_text([account(bin_)]), "bank_accounts", None)
    for region in ("71", "75"):
        sign(an_act(world, region, claimed=Decimal("1000.00")), world)
    return next_bank_day(today())


def test_orders_go_to_the_bank(lake: Lake, world: World, tmp_path: Path, capsys: Capture) -> None:
    """Made and sent in one file named by its hash; the payee without an account is named; written
    again it is the same bytes; then paid."""
    day, out = paid_through(lake, world, tmp_path).isoformat(), tmp_path / "out"
    orders = ["money", "orders", "--bank-day", day, "--lake", str(lake.root)]
    answer = said(capsys, *orders)
    assert (answer["orders"], answer["files"]) == (1, []) and [
        each["why"] for each in answer["stopped"]
    ] == ["no_bank_account"]  # type: ignore[attr-defined]
    send = ["money", "send", "--bank-day", day, "--kind", "1c", "--out", str(out)]
    (name,) = list(said(capsys, *send)["files"])  # type: ignore[call-overload]
    content = (out / name).read_bytes()
    assert name == f"1c-{day}-{hashlib.sha256(content).hexdigest()}.txt"
    (out / name).unlink()
    assert said(capsys, *send)["files"] == [name] and (out / name).read_bytes() == content
    number = str(Order.objects.get().pk)
    assert said(capsys, "money", "paid", number) == {"paid": 1}
    assert main(["money", "paid", "4711"]) == 2
    assert said(capsys, "money", "sent-back", number)["state"] == "returned"


def test_late_acts_are_listed(lake: Lake, world: World, tmp_path: Path, capsys: Capture) -> None:
    """Signed in March, not paid: by number, day and sum."""
    paid_through(lake, world, tmp_path)
    assert main(["money", "late", "--json"]) == 0
    late = json.loads(capsys.readouterr().out)
    assert [(row["contract_no"], row["to_pay"]) for row in late] == [
        ("K-71", "1000"),
        ("K-75", "1000"),
    ]


def test_a_refund_and_a_second_person(lake: Lake, world: World, capsys: Capture) -> None:
    """Refused in words where nothing was paid; a sum above the limit waits for somebody else than
    who entered it."""
    answer = said(
        capsys,
        "money",
        "advance",
        str(world.providers["71"].organisation.bin),
        "K-71",
        "100.00",
        "--month",
        "2026-02",
        "--by",
        "payer",
        "--lake",
        str(lake.root),
    )
    assert (
        main(["money", "refund", str(answer["advance"]), "1.00", "--by", "payer", "--lang", "kk"])
        == 2
    )
    assert "төленген" in capsys.readouterr().err
    act = an_act(world, claimed=Decimal("1000.00"))
    large = Other(
        act.provider,
        "K-71",
        True,
        OtherSum.Ground.COURT,
        Decimal("10000000.01"),
        "by the court",
        "tmkkk",
    )
    waits = enter_other(large, by=world.office, at=at(today()))
    assert main(["money", "confirm", str(waits.pk), "--by", "office"]) == 2
    assert said(capsys, "money", "confirm", str(waits.pk), "--by", "payer")["accepted"] is True


def test_who_acts_is_an_account(lake: Lake, world: World, tmp_path: Path, capsys: Capture) -> None:
    """A name that nobody signs in with, another role's, or one switched off: refused, nothing
    made."""
    day = paid_through(lake, world, tmp_path).isoformat()
    orders = ["money", "orders", "--bank-day", day, "--lake", str(lake.root)]
    for name in ("nobody", "expert71a", "provider71"):
        assert main([*orders, "--by", name]) == 2
    type(world.payer).objects.filter(pk=world.accountants["75"].pk).update(is_active=False)
    assert main([*orders, "--by", world.accountants["75"].username]) == 2
    assert not Order.objects.exists()
    assert said(capsys, *orders, "--by", "payer")["orders"] == 1
