"""Lists: sorted, filtered, cut into pages, saved and handed out from one description."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.portal.lists import body, column_on_screen, rows_of_csv, rows_of_workbook, rows_on_screen
from tests.workflow.people import World, at

from qor.interfaces.web.kernel.table import TABLES, Column, Kind, Table, UnknownInList, read
from qor.interfaces.web.kernel.tables.sources import Listing, source_of
from qor.law.nouns.refusals import BadValue
from qor.workflow.accounts.models import SavedView, User
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.models import Case

SignIn = Callable[[User], Client]
MONDAY = date(2026, 3, 2)


def a_table(*columns: Column, order: tuple[str, ...] = ("pk",), **facts: Any) -> Table:
    """A list for one test: its name is taken from no other."""
    name = f"test{len(TABLES)}"
    table = Table(name, "portal.users", columns, order=order, **facts)
    del TABLES[name]
    return table


def asked(table: Table, rows: Any, query: str) -> list[Any]:
    """The rows that an address leaves of a list, in their order."""
    return list(source_of(rows, read(table, QueryDict(query)), "en").all())


CASES = a_table(
    Column("number", "terms.number", Kind.ORDINAL, field="pk"),
    Column("service", "terms.service_id", field="service_id"),
    Column("amount", "terms.amount", Kind.MONEY, summed=True),
    Column("due", "terms.due", Kind.DAY, field="due_on"),
    Column("code", "terms.code", Kind.ENUMERATION),
)


@pytest.fixture
def cases(world: World) -> list[Case]:
    """Three cases that differ in each column."""
    return [
        world.case(
            service_id=f"Visit-{n}",
            amount=Decimal(n) * 100 + Decimal("0.01"),
            code=f"{n}.1",
            due_on=MONDAY + timedelta(days=n),
        )
        for n in (2, 1, 3)
    ]


@pytest.mark.parametrize("in_memory", [False, True])
@pytest.mark.parametrize("column", ["number", "service", "amount", "due", "code"])
def test_each_column_sorts_both_ways(column: str, in_memory: bool, cases: list[Case]) -> None:
    """Rising and falling, in the database and over rows that are reckoned already."""
    rows: Any = list(Case.objects.all()) if in_memory else Case.objects.all()
    by = (lambda case: case.pk) if column == "number" else (lambda case: case.code)
    rising = [case.pk for case in sorted(cases, key=by)]
    assert [case.pk for case in asked(CASES, rows, f"sort={column}")] == rising
    assert [case.pk for case in asked(CASES, rows, f"sort=-{column}")] == rising[::-1]


@pytest.mark.parametrize("in_memory", [False, True])
@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("service=visit-1", {"1.1"}),
        ("service=it-", {"1.1", "2.1", "3.1"}),
        ("service=%25", set()),
        ("amount_from=200,01", {"2.1", "3.1"}),
        ("amount_to=200.01", {"1.1", "2.1"}),
        ("amount_to=200", {"1.1"}),
        ("amount_from=100.02&amount_to=300", {"2.1"}),
        ("due_from=2026-03-04", {"2.1", "3.1"}),
        ("due_to=04.03.2026", {"1.1", "2.1"}),
        ("code=3.1", {"3.1"}),
        ("code=9.9", set()),
        ("code=2.1&amount_from=201", set()),
    ],
)
def test_each_kind_filters(query: str, left: set[str], in_memory: bool, cases: list[Case]) -> None:
    """Part of a text, ends of a range with both ends in it, one of some values; all together."""
    rows: Any = list(Case.objects.all()) if in_memory else Case.objects.all()
    assert {case.code for case in asked(CASES, rows, query)} == left
    source = source_of(rows, read(CASES, QueryDict(query)), "en")
    wanted = sum((case.amount for case in cases if case.code in left), Decimal(0))
    (amount,) = (column for column in CASES.columns if column.summed)
    assert source.sums([amount]) == {"amount": wanted} and source.count() == len(left)


def test_a_number_of_a_row_is_found_whole(cases: list[Case]) -> None:
    """Not by its first digits."""
    wanted = cases[1].pk
    assert [case.pk for case in asked(CASES, Case.objects.all(), f"number={wanted}")] == [wanted]


@pytest.mark.parametrize("in_memory", [False, True])
def test_moments_are_filtered_by_civil_days(in_memory: bool, world: World) -> None:
    """One minute before midnight in Kazakhstan is still that day, whatever the zone of the
    database."""
    table = a_table(
        Column("number", "portal.at", Kind.NUMBER),
        Column("at", "portal.at", Kind.MOMENT),
        key="number",
    )
    midnight = datetime.fromisoformat("2026-03-03T00:00:00+05:00")
    for number, moment in ((1, midnight - timedelta(minutes=1)), (2, midnight)):
        entry = Entry(number=number, at=moment, by="x", verb="x", subject="x")
        entry.save(force_insert=True)
    rows: Any = list(Entry.objects.order_by("number")) if in_memory else Entry.objects.all()

    def numbers(query: str) -> list[int]:
        return [entry.number for entry in asked(table, rows, query)]

    assert numbers("at_to=2026-03-02") == [1] and numbers("at_from=2026-03-03") == [2]
    assert numbers("at_from=2026-03-02&at_to=2026-03-03") == [1, 2]
    assert numbers("number_from=2") == [2] and numbers("number_to=1") == [1]
    assert numbers("sort=-at") == [2, 1]


@pytest.mark.parametrize(
    "query",
    [
        "sort=nosuch",
        "sort=-",
        "sort=--amount",
        "nosuch=1",
        "amount=1",
        "columns=nosuch",
        "columns=amount&columns=password",
        "page=0",
        "page=-1",
        "page=x",
        "page=99999999999999999999",
        "user__password=x",
    ],
)
def test_what_a_list_does_not_have_is_refused(query: str) -> None:
    """Names are those of the description; no path of the database comes from an address."""
    with pytest.raises(UnknownInList):
        read(CASES, QueryDict(query))


@pytest.mark.parametrize(
    "query",
    ["amount_from=x", "due_to=2026-02-30", "due_from=0001-01-01", "number=1e9", "amount_to=NaN"],
)
def test_what_cannot_be_read_is_refused_in_words(query: str) -> None:
    """As a value typed into any other form."""
    with pytest.raises(BadValue):
        read(CASES, QueryDict(query))


def test_what_cannot_be_described() -> None:
    """A masked column that is sorted or searched, a sum of texts, a name said twice."""
    for columns in (
        (Column("iin", "terms.person", Kind.IIN),),
        (Column("iin", "terms.person", Kind.IIN, sortable=False),),
        (Column("text", "terms.person", summed=True),),
        (Column("text", "terms.person"), Column("text", "terms.person")),
        (Column("sort", "terms.person"),),
        (Column("paid_from", "terms.person"),),
    ):
        with pytest.raises(ValueError, match=r"text|sort|iin|test|paid"):
            a_table(*columns)


def test_equal_values_are_settled_by_the_key(world: World) -> None:
    """Each row is on one page only, though all are equal in what they are sorted by."""
    numbers = [world.case(code="5.1").pk for _ in range(7)]
    rows = source_of(Case.objects.all(), read(CASES, QueryDict("sort=-code")), "en")
    pages = [case.pk for start in range(0, 7, 2) for case in rows.page(start, 2)]
    assert pages == numbers


def test_the_database_cuts(world: World, signed_in: SignIn) -> None:
    """A page of a long list is read with LIMIT, ORDER BY and a last column that is unique."""
    with CaptureQueriesContext(connection) as queries:
        signed_in(world.administrator).get("/users/?sort=-username&page=1")
    (listed,) = [q["sql"] for q in queries if "LIMIT 50" in q["sql"]]
    order = listed.partition("ORDER BY")[2]
    assert "username" in order and '"id" ASC' in order


def people(world: World, count: int) -> None:
    """More users of one provider."""
    home = world.providers["71"].organisation
    User.objects.bulk_create(
        User(username=f"u{n:04}", role="provider", organisation=home, password="!")
        for n in range(count)
    )


def test_nothing_is_cut_in_silence(world: World, signed_in: SignIn) -> None:
    """Six hundred users: the count is said, every one is on some page, none on two; a page beyond
    the last is the last."""
    people(world, 600)
    client, seen, page, pages = signed_in(world.administrator), [], 1, 13
    for page in range(1, pages + 1):
        text = client.get(f"/users/?page={page}").content.decode()
        assert f"{page} / {pages}" in text and f"<strong>{User.objects.count()}</strong>" in text
        seen += [row[0] for row in rows_on_screen(text, "users")[1:]]
    assert len(seen) == len(set(seen)) == User.objects.count() > 600
    assert column_on_screen(client, "/users/?page=999", "users", 0) == seen[600:]


def test_headings_sort_and_say_how(world: World, signed_in: SignIn) -> None:
    """A link in each heading, aria-sort, the other way at the second time; filters stay."""
    client = signed_in(world.administrator)
    rising = client.get("/users/?role=expert&sort=username").content.decode()
    assert rising.count('aria-sort="ascending"') == 1 and 'aria-sort="none"' in rising
    assert "?role=expert&amp;sort=-username" in rising
    falling = client.get("/users/?role=expert&sort=-username").content.decode()
    names = [row[0] for row in rows_on_screen(rising, "users")[1:]]
    assert names == sorted(names) and len(names) == 6
    assert [row[0] for row in rows_on_screen(falling, "users")[1:]] == names[::-1]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_screen_workbook_and_csv_are_one(language: str, world: World, signed_in: SignIn) -> None:
    """The same rows in the same order under the same headings, for the same filter, in the
    reader's language."""
    client = signed_in(world.administrator)
    client.cookies["qor_language"] = language
    asks = "role=expert&sort=-organisation&organisation=7"
    shown = rows_on_screen(client.get(f"/users/?{asks}").content.decode(), "users")
    shown = [["" if cell == "–" else cell for cell in row] for row in shown]
    assert len(shown) == 7
    assert rows_of_csv(client.get(f"/users/?{asks}&as=csv")) == shown
    book = rows_of_workbook(client.get(f"/users/?{asks}&as=xlsx"))
    assert [[cell or "" for cell in row] for row in book] == shown


def test_chosen_columns(world: World, signed_in: SignIn) -> None:
    """In the order of the address, on the screen and in files."""
    client, asks = signed_in(world.administrator), "columns=role&columns=username&role=auditor"
    shown = rows_on_screen(client.get(f"/users/?{asks}").content.decode(), "users")
    assert [len(row) for row in shown] == [2, 2] and shown[1][1] == "auditor"
    assert rows_of_csv(client.get(f"/users/?{asks}&as=csv")) == shown


def test_money_days_and_masks_in_files(world: World) -> None:
    """Money is its exact decimal, a day a day; an IIN is masked; a formula is a text."""
    column = Column("amount", "terms.amount", Kind.MONEY)
    assert column.filed(Decimal("90071992547409.93"), "en") == Decimal("90071992547409.93")
    iin = Column("iin", "terms.person", Kind.IIN, sortable=False, filterable=False)
    assert iin.filed("800101300123", "en") == iin.written("800101300123", "en") == "80••••••••23"
    moment = Column("at", "portal.at", Kind.MOMENT)
    assert moment.filed(at(MONDAY, 23), "en") == datetime(2026, 3, 2, 23)


def test_a_formula_is_harmless(world: World, signed_in: SignIn) -> None:
    """In CSV led by an apostrophe; in a workbook a text."""
    User.objects.filter(pk=world.auditor.pk).update(last_name='=HYPERLINK("x")')
    client, asks = signed_in(world.administrator), "/users/?role=auditor&as="
    assert rows_of_csv(client.get(f"{asks}csv"))[1][2] == '\'=HYPERLINK("x")'
    sheet = openpyxl.load_workbook(io.BytesIO(body(client.get(f"{asks}xlsx")))).active
    assert sheet is not None
    cell = sheet.cell(2, 3)
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


def test_downloads_are_entered_and_guarded(world: World, signed_in: SignIn) -> None:
    """Each file is an entry with what was asked; who may not open the page gets no file; another
    kind of file is refused in words."""
    client = signed_in(world.administrator)
    client.get("/users/?role=expert&as=csv")
    entry = Entry.objects.get(verb="download")
    assert (entry.by, entry.subject) == ("admin", "/users/")
    assert entry.facts == {"file": "qor-users.csv", "asked": "role=expert&as=csv"}
    assert signed_in(world.providers["71"]).get("/users/?as=csv").status_code == 404
    assert client.get("/users/?as=exe").status_code == 404
    assert Entry.objects.filter(verb="download").count() == 1


@pytest.mark.parametrize("query", ["sort=password", "password=x", "columns=password", "page=0"])
def test_an_unknown_address_is_a_page_in_words(query: str, world: World, signed_in: SignIn) -> None:
    """404 with a sentence, never a failure."""
    answer = signed_in(world.administrator).get(f"/users/?{query}")
    assert answer.status_code == 404 and "бағаны" in answer.content.decode()


def save(client: Client, query: str, name: str = "mine", **facts: str) -> Any:
    """Save a view of the users."""
    sent = {"event": "save", "list": "users", "query": query, "name": name, "back": "/users/"}
    return client.post("/views/", sent | facts)


def test_a_view_is_saved_and_opens(world: World, signed_in: SignIn) -> None:
    """Filter, order and columns under a name; the page may begin with it, and the whole list is one
    link away."""
    client = signed_in(world.administrator)
    assert save(client, "role=expert&sort=-username&columns=username").status_code == 302
    view = SavedView.objects.get()
    names = column_on_screen(client, f"/users/?view={view.pk}", "users", 0)
    assert names == sorted(names, reverse=True) and len(names) == 6
    assert len(column_on_screen(client, "/users/", "users", 0)) == User.objects.count()
    client.post("/views/", {"event": "first", "view": view.pk, "back": "/users/"})
    assert column_on_screen(client, "/users/", "users", 0) == names
    assert len(column_on_screen(client, "/users/?view=0", "users", 0)) == User.objects.count()
    client.post("/views/", {"event": "not_first", "view": view.pk, "back": "/users/"})
    assert len(column_on_screen(client, "/users/", "users", 0)) == User.objects.count()
    client.post("/views/", {"event": "drop", "view": view.pk, "back": "/users/"})
    assert not SavedView.objects.exists()


def test_one_view_of_a_name_and_one_first(world: World, signed_in: SignIn) -> None:
    """The same name is written over; a second first view takes the place of the first."""
    client = signed_in(world.administrator)
    save(client, "role=expert", first="1")
    save(client, "role=auditor")
    save(client, "role=provider", name="other", first="1")
    assert {(v.name, v.query, v.is_first) for v in SavedView.objects.all()} == {
        ("mine", "role=auditor", False),
        ("other", "role=provider", True),
    }


def test_a_view_is_its_owners_alone(world: World, signed_in: SignIn) -> None:
    """Another administrator neither opens, prefers nor forgets it, and does not see its name."""
    save(signed_in(world.administrator), "role=expert", name="secret", first="1")
    view = SavedView.objects.get()
    other = User(username="second", role="administrator", organisation=world.office.organisation)
    other.set_unusable_password()
    other.save()
    client = signed_in(other)
    assert client.get(f"/users/?view={view.pk}").status_code == 404
    assert "secret" not in client.get("/users/").content.decode()
    for event in ("first", "not_first", "drop"):
        answer = client.post("/views/", {"event": event, "view": view.pk, "back": "/users/"})
        assert answer.status_code == 404
    assert SavedView.objects.get().is_first


def test_what_cannot_be_saved(world: World, signed_in: SignIn) -> None:
    """A list that is not there, a column it does not have, no name, a long one, too many."""
    client = signed_in(world.administrator)
    assert save(client, "", list="nosuch").status_code == 404
    assert save(client, "password=x").status_code == 404
    assert save(client, "role=expert", name=" ").status_code == 409
    assert save(client, "role=expert", name="x" * 61).status_code == 409
    assert client.post("/views/", {"event": "eat"}).status_code == 404
    for n in range(20):
        save(client, "role=expert", name=str(n))
    assert save(client, "role=expert", name="one more").status_code == 409
    assert save(client, "role=auditor", name="7").status_code == 302
    assert SavedView.objects.count() == 20
    back = save(client, "role=auditor", name="7", back="https://elsewhere.example/")
    assert back.headers["Location"] == "/"


def test_a_first_view_that_no_longer_fits_stops_no_page(world: World, signed_in: SignIn) -> None:
    """A column that has gone since: the page opens whole; named in the address it is refused in
    words."""
    view = SavedView.objects.create(
        user=world.administrator, list="users", name="old", query="gone=1", is_first=True
    )
    client = signed_in(world.administrator)
    assert len(column_on_screen(client, "/users/", "users", 0)) == User.objects.count()
    assert client.get(f"/users/?view={view.pk}").status_code == 404


def test_two_lists_of_a_page_do_not_mix(cases: list[Case]) -> None:
    """Each reads the names of its own prefix."""
    late = a_table(Column("code", "terms.code", Kind.ENUMERATION), prefix="late.")
    query = QueryDict("late.code=1.1&code=2.1&late.sort=-code")
    assert [c.code for c in source_of(Case.objects.all(), read(late, query), "en").all()] == ["1.1"]
    assert [c.code for c in source_of(Case.objects.all(), read(CASES, query), "en").all()] == [
        "2.1"
    ]
    with pytest.raises(UnknownInList):
        read(late, QueryDict("late.nosuch=1"))
    assert read(late, query).own() == "code=1.1&sort=-code"
    assert read(late, query).address(page="2") == (
        "?late.code=1.1&code=2.1&late.sort=-code&late.page=2"
    )


def test_a_listing_keeps_what_its_page_needs() -> None:
    """A parameter of the page stays in every address of the list."""
    table = a_table(Column("code", "terms.code"), keeps=("of",))
    assert read(table, QueryDict("of=2026-02&code=5")).address(sort="code") == (
        "?of=2026-02&code=5&sort=code"
    )
    assert Listing(table, []).table is table
