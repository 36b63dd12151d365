"""Whole disputes in a real browser, in Kazakh and in Russian; and what an accessibility checker
says of every page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.needs import need
from tests.workflow.people import PASSWORD, World, an_act, seal

from qor.interfaces.clock import now
from qor.interfaces.web.kernel.template_tags import COOKIE
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Act
from qor.workflow.disputes.actions import civil_day, tick
from qor.workflow.disputes.models import Case
from qor.workflow.ledger.postings import LedgerHead

# A browser leaves connections open when it goes; the live server of the tests says so.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_AXE = "axe-core/axe.min.js"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium."""
    need("chromium")
    if "postgresql" not in os.environ.get("QOR_DATABASE_URL", ""):
        pytest.skip("the browser's tests run on PostgreSQL (./qor test --all runs them there)")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path="/usr/bin/chromium", args=list(_ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def fund(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    """A small Fund whose people have passwords; what it leaves is emptied behind the guards, which
    refuse that."""
    from django.db import connection

    from qor.workflow.audit.models import Head

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")
    Head.objects.get_or_create(id=1)
    LedgerHead.objects.get_or_create(id=1)
    settings.QOR_ATTACHMENTS, settings.QOR_LAKE = tmp_path / "attachments", ""
    settings.QOR_SECOND_FACTOR = False
    world = World()
    one = User(username="x")
    one.set_password(PASSWORD)
    User.objects.update(password=one.password)
    yield world
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")


class Person:
    """Somebody at a browser, in a language."""

    def __init__(self, browser: Any, address: str, user: User, language: str) -> None:
        self.context = browser.new_context()
        self.context.add_cookies([{"name": COOKIE, "value": language, "url": address}])
        self.page, self.address, self.complaints = self.context.new_page(), address, []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.goto(f"{address}/sign-in/")
        self.page.fill("#id_login", user.username)
        self.page.fill("#id_password", PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def do(self, case: Case, event: str, statement: str, preventable: str = "") -> None:
        """Open the case, write, press the button of that name; nothing on the console."""
        self.page.goto(f"{self.address}/cases/{case.pk}/")
        self.page.fill("#statement", statement)
        if preventable:
            self.page.check(f"input[name=preventable][value={preventable}]")
        with self.page.expect_navigation():
            self.page.click(f"button[value={event}]")
        assert self.page.locator(".message.error").count() == 0, self.page.inner_text("main")
        assert self.complaints == []
        case.refresh_from_db()

    def leave(self) -> None:
        """Close the browser's window."""
        self.context.close()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_ordinary_dispute_to_head_office(
    language: str, browser: Any, fund: World, live_server: Any
) -> None:
    """Objection, confirmation, repeated objection, agreement, head office."""
    case, people = fund.case(on=civil_day(now())), []

    def turn(user: User | None, event: str) -> None:
        assert user is not None
        person = Person(browser, live_server.url, user, language)
        person.do(case, event, "негіздеме")
        people.append(person)

    turn(fund.providers["71"], "object")
    turn(case.assigned_to, "confirm")
    turn(fund.providers["71"], "object_again")
    turn(case.assigned_to, "reject")
    turn(fund.office, "reject")
    assert (case.state, case.outcome) == ("rejected_hq", "rejected")
    for person in people:
        person.leave()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_silent_one(language: str, browser: Any, fund: World, live_server: Any) -> None:
    """Nobody objects; the clock confirms; the provider sees the final word and can do nothing
    more."""
    case = fund.case(on=civil_day(now()) - timedelta(days=30))
    tick(now())
    person = Person(browser, live_server.url, fund.providers["71"], language)
    person.page.goto(f"{live_server.url}/cases/{case.pk}/")
    assert {"kk": "расталды", "ru": "подтверждён"}[language] in person.page.inner_text(".state")
    assert person.page.locator("section[aria-labelledby=decide]").count() == 0
    person.leave()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_lethal_one_and_an_11_0_one(
    language: str, browser: Any, fund: World, live_server: Any
) -> None:
    """The local branch decides, says whether it was preventable; the same employee hears the
    objection; 11.0 goes on elsewhere."""
    lethal, outside = (
        fund.case("lethal", on=civil_day(now())),
        fund.case("code_11", on=civil_day(now()), code="11.0"),
    )
    assert lethal.assigned_to is not None and outside.assigned_to is not None
    expert, second = (
        Person(browser, live_server.url, u, language)
        for u in (lethal.assigned_to, outside.assigned_to)
    )
    provider = Person(browser, live_server.url, fund.providers["71"], language)
    expert.do(lethal, "confirm", "негіздеме", "yes")
    provider.do(lethal, "object", "негіздеме")
    expert.do(lethal, "reject", "негіздеме", "no")
    second.do(outside, "confirm", "негіздеме")
    provider.do(outside, "object", "негіздеме")
    assert (lethal.state, lethal.preventable) == ("rejected_on_objection", False)
    assert (outside.route, outside.state) == ("objection", "first_review")
    for person in (expert, second, provider):
        person.leave()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_protocol_is_refused_corrected_and_signed(
    language: str, browser: Any, fund: World, live_server: Any
) -> None:
    """The provider refuses, head office enters a payment, the branch corrects, both sign; what is
    to be paid is on the page."""
    act = an_act(fund, claimed=Decimal("1000.00"))
    Act.objects.update(due_on=civil_day(now()))
    seal(act=[act.pk])
    provider, branch, payer = (
        Person(browser, live_server.url, u, language)
        for u in (fund.providers["71"], fund.accountants["71"], fund.payer)
    )

    def press(person: Person, event: str) -> None:
        person.page.goto(f"{live_server.url}/acts/{act.pk}/")
        person.page.fill("#statement", "негіздеме")
        with person.page.expect_navigation():
            person.page.click(f"button[value={event}]")
        assert person.complaints == [] and person.page.locator(".message.error").count() == 0

    press(provider, "refuse")
    payer.page.goto(f"{live_server.url}/acts/{act.pk}/")
    payer.page.click("summary")
    payer.page.check("input[name=pays][value=yes]")
    payer.page.fill("#other-amount", "250,00")
    payer.page.fill("#other-statement", "негіздеме")
    with payer.page.expect_navigation():
        payer.page.click(f"form[action='/acts/{act.pk}/other/'] button")
    press(branch, "correct")
    for person, event in ((provider, "agree"), (provider, "sign"), (branch, "countersign")):
        press(person, event)
    act.refresh_from_db()
    assert (act.state, act.version, act.to_pay) == ("signed", 2, Decimal("1250.00"))
    assert "1\u00a0250,00" in branch.page.inner_text("main")
    for person in (provider, branch, payer):
        person.leave()


def _axe() -> str:
    for folder in (
        os.environ.get("QOR_NODE_MODULES", ""),
        str(Path(__file__).parents[2] / ".venv" / "node_modules"),
    ):
        path = Path(folder) / _AXE
        if folder and path.exists():
            return path.read_text("utf-8")
    if "axe" in os.environ.get("QOR_REQUIRE", ""):
        pytest.fail("axe-core is required here and missing")
    pytest.skip("axe-core is not here: required in CI")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_accessibility_checker_finds_nothing(
    language: str, browser: Any, fund: World, live_server: Any
) -> None:
    """WCAG 2.2 AA as far as a machine can see, on every page."""
    axe, case = _axe(), fund.case(on=civil_day(now()))
    act = an_act(fund, claimed=Decimal("1000.00"))
    services = f"/acts/{act.pk}/services/?form=outpatient&funding=tmkkk&of=2026-02"
    visits = {
        fund.providers["71"]: [
            "/cases/",
            f"/cases/{case.pk}/",
            "/cases/999999/",
            "/acts/",
            f"/acts/{act.pk}/",
            services,
        ],
        fund.accountants["71"]: ["/acts/", f"/acts/{act.pk}/", "/contracts/", "/cash/"],
        fund.payer: ["/cash/"],
        fund.office: ["/cases/", "/overdue/", "/outages/", "/journal/", f"/cases/{case.pk}/"],
        fund.administrator: [
            "/users/",
            "/users/invite/",
            "/users/requests/",
            f"/users/{fund.office.pk}/",
            "/organisations/",
            f"/organisations/{fund.office.organisation_id}/",
            "/organisations/import/",
        ],
    }
    for user, addresses in visits.items():
        person = Person(browser, live_server.url, user, language)
        for address in addresses:
            person.page.goto(live_server.url + address)
            assert _violations(person, axe) == [], address
        person.leave()


def _violations(person: Person, axe: str) -> list[tuple[str, list[str]]]:
    person.page.evaluate(axe)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    seen = person.page.evaluate("tags => axe.run({runOnly: tags})", tags)["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in seen]


@pytest.mark.parametrize("language", ["kk", "en"])
def test_the_checker_finds_nothing_in_refused_forms(
    language: str, browser: Any, fund: World, live_server: Any
) -> None:
    """Each page with a form, sent empty past the browser's own checks: errors, their summary whose
    links lead to their fields, and a page that reads as before."""
    axe, case = _axe(), fund.case("lethal", on=civil_day(now()))
    act, own = an_act(fund, claimed=Decimal("1000.00")), fund.case(on=civil_day(now()))
    assert case.assigned_to is not None
    visits = [
        (fund.providers["71"], f"/cases/{own.pk}/", f"/cases/{own.pk}/act/"),
        (case.assigned_to, f"/cases/{case.pk}/", f"/cases/{case.pk}/act/"),
        (fund.payer, f"/acts/{act.pk}/", f"/acts/{act.pk}/other/"),
        (fund.office, "/outages/", ""),
        (fund.office, "/absences/", ""),
        (fund.administrator, "/users/invite/", ""),
        (fund.administrator, "/organisations/import/", ""),
        (fund.administrator, "/security/password/", ""),
    ]
    for user, address, action in visits:
        person = Person(browser, live_server.url, user, language)
        person.page.goto(live_server.url + address)
        form = f"form[action='{action}']" if action else "main form[method=post].narrow"
        person.page.eval_on_selector(form, "form => { form.noValidate = true }")
        with person.page.expect_navigation():
            person.page.eval_on_selector(f"{form} button", "button => button.click()")
        links = person.page.locator(".message.error a")
        assert links.count() > 0, address
        for href in [link.get_attribute("href") for link in links.all()]:
            assert person.page.locator(f"[id='{href[1:]}']").count() == 1, (address, href)
        assert person.page.locator("[aria-invalid=true]").count() > 0, address
        assert _violations(person, axe) == [], address
        person.leave()


def test_the_list_is_filtered_in_place(browser: Any, fund: World, live_server: Any) -> None:
    """A choice narrows the list without a new page, the address follows, and nothing is said on the
    console."""
    fund.case(on=civil_day(now()), code="5.1")
    fund.case(on=civil_day(now()), code="1.2")
    person = Person(browser, live_server.url, fund.providers["71"], "ru")
    with person.page.expect_response(lambda answer: "code=1.2" in answer.url):
        person.page.select_option("select[name=code]", "1.2")
    person.page.wait_for_function("document.querySelectorAll('tbody tr').length === 1")
    assert "code=1.2" in person.page.url
    assert person.complaints == []
    person.leave()
