"""What people do on the pages, in three languages, without JavaScript."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django_q.models import Schedule
from tests.portal.lists import body
from tests.workflow.people import World, an_act, at
from tests.workflow.test_attachments import a_pdf

from qor.interfaces.clock import now
from qor.interfaces.web.kernel.template_tags import COOKIE
from qor.interfaces.web.server.jobs import every_minute, schedule_all
from qor.workflow.accounts.models import User
from qor.workflow.disputes.actions import add_remark, apply_event, civil_day
from qor.workflow.disputes.models import Attachment, Case

SignIn = Callable[[User], Client]
TEMPLATES = Path(__file__).parents[2] / "src" / "qor" / "interfaces" / "portal" / "templates"
MONDAY = date(2026, 3, 2)
PDF = a_pdf()


def test_a_provider_objects_with_a_file(world: World, signed_in: SignIn) -> None:
    """The form, the consequence written out, the file kept under a random name and given back
    whole."""
    case = world.case(on=civil_day(now()))
    client = signed_in(world.providers["71"])
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "37\u00a0200,00\u00a0₸" in page
    sent = {
        "event": "object",
        "statement": "the patient was here",
        "files": SimpleUploadedFile("card.pdf", PDF),
    }
    assert client.post(f"/cases/{case.pk}/act/", sent).status_code == 302
    case.refresh_from_db()
    attached = Attachment.objects.get()
    assert (case.state, attached.name, attached.kind) == (
        "first_review",
        "card.pdf",
        "application/pdf",
    )
    assert "card" not in attached.stored_as
    answer = client.get(f"/files/{attached.pk}/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert signed_in(world.providers["75"]).get(f"/files/{attached.pk}/").status_code == 404


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"MZ\x90", b""])
def test_a_file_of_another_kind_is_refused_before_anything_is_done(
    content: bytes, world: World, signed_in: SignIn
) -> None:
    """By its content, whatever its name says; the objection is not filed half."""
    case = world.case(on=civil_day(now()))
    sent = {"event": "object", "statement": "x", "files": SimpleUploadedFile("card.pdf", content)}
    answer = signed_in(world.providers["71"]).post(f"/cases/{case.pk}/act/", sent)
    assert answer.status_code in {200, 409} or not content
    case.refresh_from_db()
    assert case.state == "detected" or not content
    assert not Attachment.objects.exists()


def test_many_at_once_each_with_its_record(world: World, signed_in: SignIn) -> None:
    """Two of one's own, one foreign, one too late: two done, one told, the foreign one
    untouched."""
    today = civil_day(now())
    own = [world.case(on=today), world.case(on=today)]
    late, foreign = world.case(on=today - timedelta(days=60)), world.case(region="75", on=today)
    chosen = {
        "case": [c.pk for c in (*own, late, foreign)],
        "event": "object",
        "statement": "same reason",
    }
    page = (
        signed_in(world.providers["71"])
        .post("/cases/together/", chosen, follow=True)
        .content.decode()
    )
    assert {c.state for c in Case.objects.filter(pk__in=[c.pk for c in own])} == {"first_review"}
    assert {c.state for c in Case.objects.filter(pk__in=[late.pk, foreign.pk])} == {"detected"}
    assert f"№ {late.pk}" in page
    assert all(c.steps.count() == 1 for c in own)


def test_the_list_filters_and_saves(world: World, signed_in: SignIn) -> None:
    """Filters in the address; totals of what they leave; the same set as a workbook."""
    today = civil_day(now())
    for code in ("5.1", "5.1", "1.2"):
        world.case(on=today, code=code)
    client = signed_in(world.providers["71"])
    page = client.get("/cases/?code=5.1").content.decode()
    assert "74\u00a0400,00\u00a0₸" in page
    book = openpyxl.load_workbook(io.BytesIO(body(client.get("/cases/export.xlsx?code=5.1"))))
    assert book.active is not None and book.active.max_row == 3


def test_ten_thousand_open_cases_are_paged(
    world: World, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    """Fifty a page, in a bounded number of questions to the database."""
    first = world.case(on=civil_day(now()))
    copies = []
    for n in range(10_000):
        copy = Case.objects.get(pk=first.pk) if n == 0 else copies[0]
        fields = {
            f.attname: getattr(copy, f.attname)
            for f in Case._meta.concrete_fields
            if f.attname != "id"
        }
        copies.append(Case(**(fields | {"service_id": f"c{n}"})))
    Case.objects.bulk_create(copies, batch_size=500)
    client = signed_in(world.providers["71"])
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        page = client.get("/cases/?page=7").content.decode()
    assert page.count("<tr>") == 51


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_in_every_language(language: str, world: World, signed_in: SignIn) -> None:
    """Its language said in the page, nothing untranslated, no date as others write it."""
    case = apply_event(
        world.case(on=date(2026, 3, 2)).pk,
        "object",
        by=world.providers["71"],
        at=at(date(2026, 3, 2)),
        statement="x",
    )
    act = an_act(world, claimed=Decimal("1000.00"))
    services = f"/acts/{act.pk}/services/?form=outpatient&funding=tmkkk&of=2026-02"
    visits = {
        world.office: ["/cases/", f"/cases/{case.pk}/", "/overdue/", "/outages/", "/journal/"],
        world.accountants["71"]: ["/acts/", f"/acts/{act.pk}/", services, "/contracts/", "/cash/"],
        world.providers["71"]: ["/acts/", f"/acts/{act.pk}/"],
        world.administrator: ["/users/"],
        case.assigned_to: [f"/cases/{case.pk}/"],
    }
    for user, addresses in visits.items():
        assert user is not None
        client = signed_in(user)
        client.cookies[COOKIE] = language
        for address in addresses:
            page = client.get(address).content.decode()
            assert f'<html lang="{language}">' in page
            assert not re.search(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\bportal\.[a-z_]+\b", page)


def test_the_language_is_chosen_on_the_page(world: World, signed_in: SignIn) -> None:
    """Kazakh at first; Russian after the button; never away to another site."""
    client = signed_in(world.office)
    assert "Істер" in client.get("/cases/").content.decode()
    assert (
        client.post("/language/", {"language": "ru", "back": "https://elsewhere.example/"}).headers[
            "Location"
        ]
        == "/"
    )
    assert "Дела" in client.get("/cases/").content.decode()


def test_no_words_stand_in_the_templates() -> None:
    """Every string of the pages comes from the catalogue; only marks and the names of languages and
    of formats stand in them."""
    for path in TEMPLATES.rglob("*.html"):
        if path.name in {"locked.html", "404.html", "500.html"}:
            continue
        text = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
        left = set(re.findall(r"[^\W\d_]{2,}", text)) - {
            "Qor",
            "Қазақша",
            "Русский",
            "English",
            "nbsp",
            "PDF",
            "XLSX",
            "CSV",
            "pain",
        }
        assert left == set(), path.name


def test_an_outage_by_the_page(world: World, signed_in: SignIn) -> None:
    """Head office declares it by letter; days the wrong way round are refused."""
    client = signed_in(world.office)
    case = world.case(on=date(2026, 3, 2))
    assert (
        client.post(
            "/outages/", {"first": "2026-03-04", "last": "2026-03-04", "letter": "17-2"}
        ).status_code
        == 302
    )
    assert (
        client.post(
            "/outages/", {"first": "2026-03-05", "last": "2026-03-04", "letter": "17-3"}
        ).status_code
        == 409
    )
    hours = {
        "first": "2026-03-04",
        "first_time": "14:00",
        "last": "2026-03-04",
        "last_time": "16:30",
        "letter": "17-4",
    }
    assert client.post("/outages/", hours).status_code == 302
    assert client.post("/outages/", hours | {"last_time": "13:00"}).status_code == 409
    assert client.post("/outages/", hours | {"last_time": "half past"}).status_code == 409
    page = client.get("/outages/").content.decode()
    assert "14:00" in page and "16:30" in page
    case.refresh_from_db()
    assert case.extended_days == 1


def test_the_administrator_adds_a_user(world: World, signed_in: SignIn) -> None:
    """Without an organisation nobody is added; the first password is shown once and changed at the
    first sign-in."""
    client = signed_in(world.administrator)
    new = {"username": "new", "role": "auditor", "organisation": ""}
    client.post("/users/invite/", new)
    assert not User.objects.filter(username="new").exists()
    page = client.post(
        "/users/invite/", new | {"organisation": world.office.organisation_id}
    ).content.decode()
    password = re.search(r"<code>(.+?)</code>", page)
    user = User.objects.get(username="new")
    assert password is not None and user.check_password(password[1])
    assert (user.role, user.is_active, user.must_change_password) == ("auditor", True, True)


def test_the_jobs_of_a_minute(world: World) -> None:
    """The clock and the e-mails by one job, scheduled once; twice in a minute is once."""
    world.case(on=date(2026, 3, 2))
    schedule_all()
    schedule_all()
    assert Schedule.objects.count() == 2  # the minute, and the working day (321/2020:21)
    assert every_minute()["confirmed"] == 1
    assert set(again := every_minute()) == {
        *(
            "confirmed",
            "overdue",
            "given",
            "acts_overdue",
            "acts_unpaid",
            "notices_late",
            "returns_late",
        ),
        *("requests_overdue", "sent", "unsent"),
    }
    assert not any(again.values())


def test_wrong_addresses_and_fields_do_not_break_a_page(world: World, signed_in: SignIn) -> None:
    """Huge numbers, NULs, foreign languages of months, outages of a thousand years: refused by a
    page, never a failure."""
    case, huge = world.case(), 10**30
    client, office, provider = Client(), signed_in(world.office), signed_in(world.providers["71"])
    administrator = signed_in(world.administrator)
    assert provider.get(f"/cases/{huge}/").status_code == 404
    assert provider.get("/cases/?text=%00").status_code == 400
    assert (
        provider.post(
            f"/cases/{case.pk}/act/", {"event": "object", "statement": "\x00"}
        ).status_code
        == 400
    )
    assert (
        provider.post("/cases/together/", {"event": "object", "case": [str(huge), "x"]}).status_code
        == 302
    )
    assert provider.get("/registers/0000-99/statuses.xlsx").status_code == 409
    assert provider.get(f"/files/{huge}/").status_code == 404
    assert office.post(f"/cases/{case.pk}/reassign/", {"to": huge}).status_code == 404
    assert (
        office.post(
            "/outages/", {"first": "1000-01-01", "last": "2026-01-01", "letter": "1"}
        ).status_code
        == 409
    )
    for number in (str(huge), "x", "-1"):
        assert administrator.post("/tokens/", {"organisation": number}).status_code == 404
    assert administrator.post("/tokens/", {"revoke": "x", "organisation": "0"}).status_code == 404
    assert (
        client.post("/language/", {"language": "ru", "back": "javascript:alert(1)"}).headers[
            "Location"
        ]
        == "/"
    )


def test_what_the_fund_says_to_itself_is_not_the_providers(world: World, signed_in: SignIn) -> None:
    """Cases that the Fund looks at by itself; a call for an expert; a second reviewer's agreement
    before head office has decided."""
    look = world.case("look", kind="additional")
    provider, user = signed_in(world.providers["71"]), world.providers["71"]
    assert provider.get(f"/cases/{look.pk}/").status_code == 404
    case = apply_event(world.case().pk, "object", by=user, at=at(MONDAY), statement="our words")
    add_remark(
        case.pk, "call_expert", by=case.assigned_to, at=at(MONDAY), statement="a cardiologist"
    )
    apply_event(case.pk, "confirm", by=case.assigned_to, at=at(MONDAY), statement="first reasons")
    case = apply_event(case.pk, "object_again", by=user, at=at(MONDAY), statement="again")
    apply_event(case.pk, "reject", by=case.assigned_to, at=at(MONDAY), statement="they are right")
    page = provider.get(f"/cases/{case.pk}/").content.decode()
    assert "first reasons" in page and "our words" in page
    assert "cardiologist" not in page and "they are right" not in page
    assert "they are right" in signed_in(world.office).get(f"/cases/{case.pk}/").content.decode()


@pytest.mark.django_db
def test_every_migration_is_written() -> None:
    """The models say nothing that no migration does."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
