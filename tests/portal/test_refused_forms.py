"""What each feature's forms do with a wrong value: the page again, the error beside its field, all
that was typed still there; nothing is done."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.portal.scene import scene
from tests.workflow.people import PASSWORD, World, seal

from qor.engine.checks.edits import edits_of
from qor.engine.storage.lake import Lake
from qor.interfaces.clock import now
from qor.interfaces.web.kernel.template_tags import COOKIE
from qor.workflow.accounts.models import Absence, User
from qor.workflow.acts.models import Act, Advance, Debt, OtherSum, ProposedSum
from qor.workflow.disputes.actions import civil_day
from qor.workflow.disputes.models import Attachment, Case, DocumentRequest, Outage
from qor.workflow.treasury.models import Order

SignIn = Callable[[User], Client]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came back, and what stands at its fields."""

    status: int
    text: str

    def beside(self, element: str) -> str:
        """The error at a field; the field says that it is wrong and where that is said."""
        shown = re.search(rf'<[^>]* id="{element}"[^>]*>', self.text)
        assert shown is not None, element
        group = re.search(rf'aria-describedby="[^"]*{element}_error"', self.text)
        assert group is not None, element
        said = re.search(rf'id="{element}_error"[^>]*>(.*?)</p>', self.text, re.DOTALL)
        assert said is not None
        assert f'href="#{element}"' in self.text or 'role="alert"' in self.text
        return html.unescape(said[1])

    def value(self, element: str) -> str:
        """What a field holds."""
        tag = re.search(rf'<(?:input|textarea|select)[^>]* id="{element}"[^>]*>', self.text)
        assert tag is not None, element
        if tag[0].startswith("<input"):
            value = re.search(r' value="([^"]*)"', tag[0])
            return html.unescape(value[1]) if value else ""
        rest = self.text[tag.end() :]
        if tag[0].startswith("<textarea"):
            return html.unescape(rest[: rest.index("</textarea>")]).strip()
        chosen = re.search(r'value="([^"]*)" selected', rest[: rest.index("</select>")])
        return html.unescape(chosen[1]) if chosen else ""

    def summary(self) -> str:
        """The errors above the form."""
        said = re.search(r'<div class="message error" role="alert">(.*?)</div>', self.text, re.S)
        assert said is not None
        return html.unescape(re.sub("<[^>]*>", "", said[1]))


def sent(client: Client, address: str, **fields: Any) -> Page:
    """Send a form; the page in English."""
    client.cookies[COOKIE] = "en"
    answer: HttpResponse = client.post(address, fields)  # type: ignore[assignment]
    return Page(answer.status_code, answer.content.decode())


def test_another_sum(world: World, signed_in: SignIn) -> None:
    """Acts: an amount with two readings, no reason, no sign of payment or deduction."""
    scene(world)
    act, client = Act.objects.get(), signed_in(world.payer)
    right = {"pays": "no", "ground": "court", "amount": "12,400", "statement": "by the court"}
    page = sent(client, f"/acts/{act.pk}/other/", **right, found_on="2026-03-01")
    assert page.status == 409 and "no single reading" in page.beside("other-amount")
    assert page.value("other-amount") == "12,400" and "<details open>" in page.text
    assert page.value("other-statement") == "by the court"
    assert re.search(r'value="no"[^>]* checked', page.text)
    assert (page.value("other-ground"), page.value("other-found_on")) == ("court", "2026-03-01")
    page = sent(client, f"/acts/{act.pk}/other/", ground="court", amount="5", statement="x")
    assert "Fill this in" in page.beside("other-pays")
    page = sent(client, f"/acts/{act.pk}/other/", **(right | {"amount": "-5"}))
    assert "-5" in page.beside("other-amount") and page.status == 409
    late = right | {"ground": "unscheduled", "amount": "5"}
    assert sent(client, f"/acts/{act.pk}/other/", **late).beside("other-found_on")
    assert not OtherSum.objects.exists() and ProposedSum.objects.count() == 1


def test_a_move_without_its_reasons(world: World, signed_in: SignIn) -> None:
    """Acts: who refuses a protocol says why; the clause stands beside the empty box."""
    scene(world)
    act, client = Act.objects.get(), signed_in(world.providers["71"])
    Act.objects.update(due_on=civil_day(now()))
    seal(act=[act.pk])
    page = sent(client, f"/acts/{act.pk}/move/", event="refuse", statement=" ")
    assert page.status == 409 and "reasons" in page.beside("statement")
    assert "§" in page.beside("statement") and Act.objects.get().state == "protocol_sent"
    page = sent(client, f"/acts/{act.pk}/move/", event="sing", statement="my words")
    assert page.status == 409 and page.value("statement") == "my words" and page.summary()


def test_refunds_and_returned_money(world: World, signed_in: SignIn) -> None:
    """Acts: each amount stands in its own row."""
    scene(world)
    advance, debt, client = Advance.objects.get(), Debt.objects.get(), signed_in(world.payer)
    page = sent(client, f"/advances/{advance.pk}/refund/", amount="ten")
    assert page.status == 409 and "ten" in page.summary()
    page = sent(client, "/debts/", debt=debt.pk, amount="7,001")
    assert page.status == 409 and "no single reading" in page.beside(f"debt-{debt.pk}-amount")
    assert page.value(f"debt-{debt.pk}-amount") == "7,001"
    page = sent(client, "/debts/", debt=debt.pk, amount="5.01")
    assert page.status == 409 and page.beside(f"debt-{debt.pk}-amount")
    assert sent(client, "/debts/", debt="", amount="5").status == 409
    assert not debt.taken.exists()


def test_the_sum_that_one_entered_oneself(world: World, signed_in: SignIn) -> None:
    """Acts: a button without fields says above what it refuses."""
    scene(world)
    other = ProposedSum.objects.get()
    own = ProposedSum.objects.create(
        pays=True,
        ground="court",
        amount=other.amount,
        statement="x",
        by=world.office,
        provider=other.provider,
        contract_no=other.contract_no,
        funding=other.funding,
        at=other.at,
    )
    seal()
    page = sent(signed_in(world.office), f"/sums/{own.pk}/", event="accept")
    assert page.status == 409 and "another person" in page.summary()
    assert not OtherSum.objects.exists()


def test_bank_days(world: World, signed_in: SignIn) -> None:
    """Treasury: a day that is past or none, for new orders and for one made anew."""
    scene(world)
    client, order = signed_in(world.payer), Order.objects.get()
    page = sent(client, "/cash/orders/", bank_day="2026-03-02")
    assert page.status == 409 and "02.03.2026" in page.beside("bank_day")
    assert page.value("bank_day") == "2026-03-02"
    page = sent(client, "/cash/orders/", bank_day="soon")
    assert "soon" in page.beside("bank_day") and page.value("bank_day") == "soon"
    Order.objects.update(state="returned")
    page = sent(client, f"/cash/orders/{order.pk}/", event="repeat", bank_day="")
    assert page.status == 409 and "Fill this in" in page.beside(f"order-{order.pk}-bank_day")
    page = sent(client, f"/cash/orders/{order.pk}/", event="repeat", bank_day="2026-03-02")
    assert page.value(f"order-{order.pk}-bank_day") == "2026-03-02"
    assert Order.objects.count() == 1


def test_a_decision_without_reasons_or_with_a_bad_file(world: World, signed_in: SignIn) -> None:
    """Disputes: the words stay when a file is refused; the clause stands where reasons lack."""
    case = world.case(on=civil_day(now()))
    client, address = signed_in(world.providers["71"]), f"/cases/{case.pk}/act/"
    page = sent(client, address, event="object", statement="")
    assert page.status == 409 and "321/2020" in page.beside("statement")
    bad = SimpleUploadedFile("card.pdf", b"<script>alert(1)</script>")
    page = sent(client, address, event="object", statement="the patient was here", files=bad)
    assert page.status == 409 and "card.pdf" in page.beside("files")
    assert page.value("statement") == "the patient was here"
    case.refresh_from_db()
    assert case.state == "detected" and not Attachment.objects.exists()
    assert sent(client, address, event="object", statement="here").status == 302


def test_preventable_is_asked_in_lethal_cases(world: World, signed_in: SignIn) -> None:
    """Disputes: neither answer is the default; the reasons stay."""
    case = world.case("lethal", on=civil_day(now()))
    assert case.assigned_to is not None
    client, address = signed_in(case.assigned_to), f"/cases/{case.pk}/act/"
    page = sent(client, address, event="confirm", statement="because")
    assert page.status == 409 and "Fill this in" in page.beside("preventable")
    assert page.value("statement") == "because"
    assert sent(client, address, event="confirm", statement="x", preventable="no").status == 302


def test_remarks_persons_and_reassignment(world: World, signed_in: SignIn) -> None:
    """Disputes: each form of the page answers for itself; the others stay empty."""
    case = world.case("lethal", on=civil_day(now()))
    assert case.assigned_to is not None
    client, office = signed_in(case.assigned_to), signed_in(world.office)
    page = sent(client, f"/cases/{case.pk}/remark/", event="call_expert", statement="")
    assert page.beside("remark-statement") and page.status == 409
    assert 'id="statement_error"' not in page.text
    page = sent(client, f"/cases/{case.pk}/person/", why=" ")
    assert page.beside("person-why") and page.status == 409
    to = next(expert for expert in world.experts["71"] if expert != case.assigned_to)
    page = sent(office, f"/cases/{case.pk}/reassign/", to=to.pk, statement="")
    assert page.status == 409 and "Fill this in" in page.beside("give-statement")
    assert page.value("give-to") == str(to.pk)


def test_a_sum_that_no_code_gives(world: World, signed_in: SignIn) -> None:
    """Disputes: head office says it in tenge; what is no amount stays in the field."""
    facts = {"outcome": "confirmed", "proposed_deduction": None}
    case, client = world.case(on=date(2026, 3, 2), **facts), signed_in(world.office)
    page = sent(client, f"/cases/{case.pk}/stake/", amount="1.000", statement="by the norm")
    assert page.status == 409 and "no single reading" in page.beside("stake-amount")
    assert (page.value("stake-amount"), page.value("stake-statement")) == ("1.000", "by the norm")


def test_many_cases_at_once(world: World, signed_in: SignIn) -> None:
    """Disputes: where nothing was done, the words and the ticks stay."""
    case = world.case(on=civil_day(now()))
    client = signed_in(world.providers["71"])
    page = sent(client, "/cases/together/", case=case.pk, event="object", statement="")
    assert page.status == 409 and "Fill this in" in page.beside("together-statement")
    assert f'aria-label="№ {case.pk}" checked' in page.text
    Case.objects.update(due_on=civil_day(now()) - timedelta(days=9))
    page = sent(client, "/cases/together/", case=case.pk, event="object", statement="same words")
    assert page.status == 409 and f"№ {case.pk}" in page.summary()
    assert page.value("together-statement") == "same words"


def test_requests_and_outages(world: World, signed_in: SignIn) -> None:
    """Disputes: an answer without words; days and hours the wrong way round."""
    scene(world)
    asked, office = DocumentRequest.objects.get(), signed_in(world.office)
    page = sent(signed_in(world.providers["71"]), f"/requests/{asked.pk}/", statement="")
    assert page.status == 409 and page.beside("statement")
    days = {"first": "2026-03-05", "last": "2026-03-04", "letter": "17-3"}
    page = sent(office, "/outages/", **days)
    assert page.status == 409 and "2026-03-04" in page.beside("last")
    assert [page.value(name) for name in days] == list(days.values())
    page = sent(office, "/outages/", **(days | {"last": "2026-03-05", "letter": " "}))
    assert page.beside("letter") and "last_day" not in page.text
    hours = {"first_time": "half past", "last_time": "13:00"}
    page = sent(office, "/outages/", **days, **hours)
    assert "half past" in page.beside("first_time") and page.value("last_time") == "13:00"
    assert not Outage.objects.exists()


def test_a_register(world: World, lake: Lake, signed_in: SignIn) -> None:
    """Intake: no month, no file, a file that is no table; each beside its field."""
    client = signed_in(world.providers["71"])
    for door in ("try", "hand-in"):
        page = sent(client, f"/registers/{door}/", month="February")
        assert page.status == 409 and "February" in page.beside("month")
        assert "Fill this in" in page.beside("file") and page.value("month") == "February"
        bad = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
        page = sent(client, f"/registers/{door}/", month="2026-02", file=bad)
        assert page.status == 409 and page.beside("file") and page.value("month") == "2026-02"
    page = sent(client, "/registers/sign/", month="2026-02", register_no="R9")
    assert page.status == 409 and "R9" in page.summary() and "register_no" not in page.summary()
    lake.reload()
    assert not lake.parts("services")


def test_an_edit_of_a_check(world: World, lake: Lake, signed_in: SignIn) -> None:
    """Checks: a value, a day and a clause that cannot be read; the rest stays."""
    edit = {
        "parameter": "readmission:readmission_days",
        "value": "twenty",
        "valid_from": "2026-05-41",
        "because": "decision of the board",
        "cites": "somewhere",
        "put": "1",
    }
    page = sent(signed_in(world.office), "/checks/", **edit)
    assert page.status == 409
    assert "twenty" in page.beside("value") and "2026-05-41" in page.beside("valid_from")
    assert "somewhere" in page.beside("cites") and "Not done" in page.summary()
    for name in ("parameter", "value", "valid_from", "because", "cites"):
        assert page.value(name) == edit[name]
    lake.reload()
    assert edits_of(lake) == []


def test_ones_own_password(world: World, signed_in: SignIn) -> None:
    """Accounts: the wrong one of three fields is named; no password comes back."""
    user = world.office
    user.set_password(PASSWORD)
    user.save()
    new = {"new": "a-long-enough-one", "again": "a-long-enough-one"}
    for typed, field in (
        ({"old": "wrong", **new}, "old"),
        ({"old": PASSWORD, **new, "again": "another"}, "again"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "new"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "new"),
    ):
        page = sent(signed_in(user), "/security/password/", **typed)
        assert page.status == 409 and page.beside(field)
        assert not {page.value(name) for name in ("old", "new", "again")} - {""}
    assert sent(signed_in(user), "/security/password/", old=PASSWORD, **new).status == 302


def test_signing_in(world: World) -> None:
    """Accounts: the name stays, the error stands at the password."""
    page = sent(Client(), "/sign-in/", login="office", password="wrong")
    assert page.status == 200 and "wrong" in page.beside("id_password")
    assert (page.value("id_login"), page.value("id_password")) == ("office", "")


def test_people(world: World, signed_in: SignIn) -> None:
    """Accounts: a name that is taken, an organisation that does not fit, days away."""
    client, office = signed_in(world.administrator), signed_in(world.office)
    new = {"username": "office", "first_name": "A", "role": "auditor", "email": "a@b.kz"}
    page = sent(client, "/users/invite/", **new, organisation=world.office.organisation_id)
    assert page.status == 409 and page.beside("username")
    assert [page.value(name) for name in new] == list(new.values())
    page = sent(client, "/users/invite/", **(new | {"username": "new one", "email": "nobody"}))
    assert page.beside("username") and page.beside("email") and page.beside("organisation")
    own, other = world.experts["71"]
    days = {"user": str(own.pk), "first": "2026-03-05", "last": "2026-03-04"}
    page = sent(office, "/absences/", **days, substitute=other.pk)
    assert page.status == 409 and page.beside("last")
    assert [page.value(name) for name in days] == list(days.values())
    page = sent(office, "/absences/", **days, substitute=world.experts["75"][0].pk)
    assert page.beside("substitute") and not Absence.objects.exists()
    right = days | {"last": "2026-03-06"}
    assert sent(office, "/absences/", **right, substitute=other.pk).status == 302


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_errors_are_in_the_language_of_the_page(
    language: str, world: World, signed_in: SignIn
) -> None:
    """No word of the library: a field that lacks, a choice that is none, a text too long."""
    client = signed_in(world.administrator)
    client.cookies[COOKIE] = language
    text = client.post(
        "/users/invite/", {"username": "x" * 151, "role": "janitor"}
    ).content.decode()
    said = {
        "kk": ("Толтырыңыз.", "Тізімнен таңдаңыз.", "150 таңбадан"),
        "ru": ("Заполните.", "Выберите из списка.", "не больше 150"),
        "en": ("Fill this in.", "Choose from the list.", "at most 150"),
    }[language]
    assert all(sentence in text for sentence in said)
