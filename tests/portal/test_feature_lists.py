"""The lists of the features: each sorts by each heading, is handed out as it is shown, and shows
nobody what is another's."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.portal.fuzzing import _DAYS as DAYS
from tests.portal.fuzzing import _NUMBERS as NUMBERS
from tests.portal.fuzzing import _TEXTS as TEXTS
from tests.portal.lists import body, column_on_screen, rows_of_csv, rows_of_workbook, rows_on_screen
from tests.portal.scene import scene
from tests.workflow.people import World, an_act, at

from qor.interfaces.web.kernel.table import TABLES, Kind, Table
from qor.interfaces.web.kernel.tables.address import parameters
from qor.interfaces.web.server.site import SITE
from qor.workflow.accounts.models import Organisation, SavedView, User
from qor.workflow.acts.models import Act, Debt
from qor.workflow.disputes.models import Notice

SignIn = Callable[[User], Client]
MONDAY = date(2026, 3, 2)
# Each list: the address of its page, and who looks at it.
PAGES = {
    "account_requests": ("/users/requests/", "administrator"),
    "absences": ("/absences/", "office"),
    "act_services": (
        "/acts/{act}/services/?form=outpatient&funding=tmkkk&of=2026-02&kind=",
        "office",
    ),
    "acts": ("/acts/", "office"),
    "advances": ("/advances/", "payer"),
    "bank_files": ("/cash/", "payer"),
    "cases": ("/cases/", "office"),
    "contracts": ("/contracts/", "office"),
    "debts": ("/debts/", "payer"),
    "edits": ("/checks/", "office"),
    "journal": ("/journal/?verb=object", "auditor"),  # each download is an entry, too
    "late_acts": ("/cash/", "payer"),
    "notices": ("/notices/", "office"),
    "orders": ("/cash/", "payer"),
    "organisations": ("/organisations/", "administrator"),
    "outages": ("/outages/", "office"),
    "people": ("/organisations/{organisation}/", "administrator"),
    "reached": ("/overdue/", "office"),
    "registers": ("/registers/", "provider"),
    "rejected": ("/registers/", "provider"),
    "requests": ("/requests/", "provider"),
    "stopped": ("/cash/", "payer"),
    "sums": ("/sums/", "payer"),
    "tokens": ("/tokens/", "administrator"),
    "users": ("/users/", "administrator"),
    "without_expert": ("/overdue/", "office"),
}


def reader(world: World, name: str) -> User:
    """Who looks at a list."""
    if name == "provider":
        return world.providers["71"]
    user: User = getattr(world, name)
    return user


def address_of(name: str) -> str:
    """The page of a list, of the act and the organisation that the scene made first."""
    act, organisation = Act.objects.order_by("pk"), Organisation.objects.order_by("pk")
    return PAGES[name][0].format(act=act[0].pk, organisation=organisation[0].pk)


def joined(address: str, asks: str) -> str:
    """The address of a page with something more asked of it."""
    return f"{address}{'&' if '?' in address else '?'}{asks}"


def test_each_list_is_tried_here() -> None:
    """A list that is added to a feature is added above."""
    assert len(SITE) > 40 and set(TABLES) == set(PAGES)


def _asks(table: Table) -> list[str]:
    """Each order and each filter of a list, with values that fit its kind."""
    values = {Kind.MONEY: "1", Kind.NUMBER: "1", Kind.DAY: "2026-03-02", Kind.MOMENT: "2026-03-02"}
    asks = []
    for column in table.columns:
        name = table.prefix + column.name
        if column.kind is Kind.ACTION:
            continue
        if column.sortable:
            asks += [f"{table.prefix}sort={column.name}", f"{table.prefix}sort=-{column.name}"]
        if column.filterable and column.kind in values:
            asks += [f"{name}_{end}={values[column.kind]}" for end in ("from", "to")]
        elif column.filterable:
            asks.append(f"{name}={column.choices[0] if column.choices else 1}")
    for narrowing in table.narrowings:
        asks += [f"{table.prefix}{narrowing.name}={value}" for value, _ in narrowing.choices]
    return asks


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_order_and_filter_answers(name: str, world: World, signed_in: SignIn) -> None:
    """Both ways by each heading, by each filter; what the list does not have is refused in
    words."""
    scene(world)
    address, who = address_of(name), PAGES[name][1]
    client, table = signed_in(reader(world, who)), TABLES[name]
    for asks in _asks(table):
        assert client.get(joined(address, asks)).status_code == 200, asks
    for asks in ("sort=nosuch", "columns=nosuch", "page=0"):
        assert client.get(joined(address, table.prefix + asks)).status_code == 404, asks


@pytest.mark.parametrize("values", [1, pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_strange_values_never_fail(name: str, values: int, world: World, signed_in: SignIn) -> None:
    """Each parameter of each list with what nobody meant, so many values of it, drawn by a seed: a
    page, or a refusal in words."""
    scene(world)
    address, who = address_of(name), PAGES[name][1]
    client, table, rng = signed_in(reader(world, who)), TABLES[name], random.Random(28)
    for parameter in sorted(parameters(table)):
        for value in rng.sample([*NUMBERS, *DAYS, *TEXTS], values):
            asks = urlencode({table.prefix + parameter: value}, errors="replace")
            status = client.get(joined(address, asks)).status_code
            assert status in {200, 400, 404, 409}, (parameter, value)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_list_is_handed_out_as_it_is_shown(name: str, world: World, signed_in: SignIn) -> None:
    """All columns on the screen are those of both files, row by row: texts and sentences the
    same."""
    scene(world)
    address, who = address_of(name), PAGES[name][1]
    client, table = signed_in(reader(world, who)), TABLES[name]
    chosen = "&".join(f"{table.prefix}columns={column.name}" for column in table.in_files)
    shown = rows_on_screen(client.get(joined(address, chosen)).content.decode(), name)
    as_csv = rows_of_csv(client.get(joined(address, f"{table.prefix}as=csv")))
    book = rows_of_workbook(client.get(joined(address, f"{table.prefix}as=xlsx")))
    assert len(as_csv) == len(book) == max(len(shown), 1)
    if not shown:
        return
    assert as_csv[0] == shown[0] == book[0]
    for place, column in enumerate(table.in_files):
        if column.kind in {Kind.TEXT, Kind.ENUMERATION, Kind.ORDINAL} and not column.cell:
            for row, line, cells in zip(shown[1:], as_csv[1:], book[1:], strict=True):
                text = "" if row[place] == "–" else row[place]
                assert line[place].removeprefix("'") == text
                assert str("" if cells[place] is None else cells[place]) == text


def test_files_hold_exact_money_and_days(world: World, signed_in: SignIn) -> None:
    """Tenge to the tiyn, days as days."""
    world.case(on=MONDAY, proposed_deduction=Decimal("1234567.89"), due_on=date(2026, 4, 1))
    client = signed_in(world.office)
    heads, row = rows_of_csv(client.get("/cases/?columns=proposed_deduction&columns=due&as=csv"))
    assert row == ["1234567.89", "2026-04-01"] and len(heads) == 2
    _, cells = rows_of_workbook(
        client.get("/cases/?columns=proposed_deduction&columns=due&as=xlsx")
    )
    assert cells[0] == 1234567.89 and cells[1].date() == date(2026, 4, 1)


# What a provider of region 75 may never see of what belongs to region 71.
_HOME, _SECRET = "71", "secret"


def _of_another(world: World) -> None:
    """A case, an act and a debt of one provider, and a notice to its user, all named alike."""
    provider = world.providers[_HOME]
    case = world.case(on=MONDAY, region=_HOME, service_id=_SECRET, code="9.9")
    act = an_act(world, region=_HOME, contract=_SECRET, claimed=Decimal("777.00"))
    Debt.objects.create(
        provider=act.provider,
        contract_no=_SECRET,
        funding="tmkkk",
        amount=Decimal(777),
        way="return",
        found_on=MONDAY,
        due_on=date(2026, 9, 2),
    )
    stands = f"{case.route}.{case.state}"
    Notice.objects.create(user=provider, case=case, state=stands, at=at(MONDAY), month="2026-02")


@pytest.mark.parametrize(
    ("name", "asks"),
    [
        ("cases", "code=9.9"),
        ("cases", "service_id=secret&columns=service_id"),
        ("cases", "closed=1&sort=-due&columns=service_id"),
        ("acts", "contract_no=secret"),
        ("acts", "to_pay_from=777&sort=to_pay"),
        ("debts", "contract_no=secret"),
        ("debts", "left_from=1&sort=-left"),
        ("notices", "month=2026-02"),
        ("notices", "unread=1"),
    ],
)
def test_nobody_sees_anothers_rows(name: str, asks: str, world: World, signed_in: SignIn) -> None:
    """Not by filter or order, not in a file, not through a view that somebody saved; nor is it
    counted or offered as a choice."""
    _of_another(world)
    own, other = signed_in(world.providers[_HOME]), signed_in(world.providers["75"])
    assert len(column_on_screen(own, f"/{name}/?{asks}", name, 0)) == 1
    view = SavedView.objects.create(user=world.providers["75"], list=name, name="mine", query=asks)
    for address in (f"/{name}/?{asks}", f"/{name}/?view={view.pk}"):
        page = other.get(address)
        text = page.content.decode()
        assert page.status_code == 200 and rows_on_screen(text, name) == []
        assert "<strong>0</strong>" in text
        assert "777" not in re.sub('from=777|value="777"', "", text)  # what was asked, said again
        if name == "acts":  # the months that the Fund closed are nobody's own
            text = re.sub('<select name="month">.*?</select>', "", text, flags=re.S)
        assert not re.search(r"<option[^>]*>(9\.9|2026-02)<", text)
    for kind in ("csv", "xlsx"):
        answer = other.get(f"/{name}/?{asks}&as={kind}")
        rows = rows_of_csv(answer) if kind == "csv" else rows_of_workbook(answer)
        assert len(rows) == 1


def test_the_sums_of_a_list_are_those_of_its_filter(world: World, signed_in: SignIn) -> None:
    """What the screen says above is what its rows come to, on all pages together."""
    for n in range(60):
        world.case(on=MONDAY, code="5.1" if n % 2 else "1.2", proposed_deduction=Decimal(n))
    client = signed_in(world.office)
    page = client.get("/cases/?code=5.1&page=1").content.decode()
    assert "900,00\u00a0₸" in page and "<strong>30</strong>" in page
    assert len(rows_of_csv(client.get("/cases/?code=5.1&as=csv"))) == 31


def test_the_second_page_goes_on(world: World, signed_in: SignIn) -> None:
    """Sixty cases: fifty and ten, none twice, in the order that was asked for; the file has all."""
    numbers = {str(world.case(on=MONDAY).pk) for _ in range(60)}
    client = signed_in(world.auditor)
    pages = [column_on_screen(client, f"/cases/?sort=-number&page={n}", "cases", 0) for n in (1, 2)]
    assert [len(page) for page in pages] == [50, 10]
    assert set(pages[0]) | set(pages[1]) == numbers
    assert pages[0] + pages[1] == sorted(numbers, key=int, reverse=True)
    assert len(body(client.get("/cases/export.xlsx?sort=-number"))) > 1000
