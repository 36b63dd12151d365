"""Signing in, failing to, being locked out, second factors, passwords, downloads and exports are
entries of the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.test import Client
from tests.workflow.people import PASSWORD, World, an_act, at

from qor.workflow.accounts.models import User
from qor.workflow.audit.journal import record_apart
from qor.workflow.audit.models import Entry
from qor.workflow.audit.proof import prove
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.files import Received
from qor.workflow.disputes.models import Attachment

MONDAY = date(2026, 3, 2)
SignIn = Callable[[User], Client]


def entries(*verbs: str) -> list[tuple[str, str, str]]:
    """Verb, author and subject of the entries of these verbs."""
    return list(
        Entry.objects.filter(verb__in=verbs).order_by("number").values_list("verb", "by", "subject")
    )


def test_signing_in_and_failing_to(world: World) -> None:
    """With the name, by nobody where nobody was let in; the fifth failure locks, which is an entry
    too; a password is in none."""
    world.administrator.set_password(PASSWORD)
    world.administrator.save()
    client = Client()
    assert client.post("/sign-in/", {"login": "admin", "password": PASSWORD}).status_code == 302
    client.post("/sign-out/")
    assert entries("sign_in", "sign_out") == [
        ("sign_in", "admin", "user:admin"),
        ("sign_out", "admin", "user:admin"),
    ]
    assert Entry.objects.get(verb="sign_in").facts["address"] == "127.0.0.1"
    for _ in range(6):
        Client().post("/sign-in/", {"login": "office", "password": "wrong"})
    assert entries("sign_in_failed")[0] == ("sign_in_failed", "nobody", "user:office")
    assert ("locked_out", "nobody", "user:office") in entries("locked_out")
    assert "wrong" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_whatever_is_handed_out_is_entered(world: World, signed_in: SignIn) -> None:
    """A list as a workbook, an act as a paper, a file beside a step; pages are not, nor what was
    refused."""
    provider = world.providers["71"]
    case = world.case()
    apply_event(
        case.pk,
        "object",
        by=provider,
        at=at(MONDAY),
        statement="x",
        files=[Received("a.pdf", "application/pdf", b"%PDF-1.7 x")],
    )
    paper, client = an_act(world), signed_in(provider)
    client.get("/cases/")
    assert entries("download") == []
    places = [
        f"/acts/{paper.pk}/protocol.xlsx",
        "/cases/export.xlsx?kind=general",
        f"/files/{Attachment.objects.get().pk}/",
    ]
    for place in places:
        answer = client.get(place)
        assert answer.status_code == 200, place
        if answer.streaming:  # read to its end, which closes the file
            assert b"".join(answer.streaming_content)
    assert [by for _, by, _ in entries("download")] == [provider.username] * 3
    assert signed_in(world.providers["75"]).get(places[2]).status_code == 404
    assert len(entries("download")) == 3
    assert Entry.objects.filter(verb="download")[1].facts["asked"] == "kind=general"


def test_a_wrong_key_of_a_system_is_entered(world: World) -> None:
    """Who tries keys is seen."""
    assert (
        Client()
        .post(
            "/api/registers/?month=2026-02",
            b"x",
            content_type="text/csv",
            headers={"authorization": "Bearer no"},
        )
        .status_code
        == 401
    )
    assert entries("token_refused") == [("token_refused", "nobody", "api")]


def test_a_password_that_an_intruder_set_stays_found(world: World, signed_in: SignIn) -> None:
    """Signing in with it seals nothing."""
    record_apart(by="x", at=at(MONDAY), verb="begin", subject="fund")
    assert prove().problems == []
    User._base_manager.filter(pk=world.administrator.pk).update(password="argon2$forged")
    signed_in(world.administrator)
    assert [(p.kind, p.what) for p in prove().problems] == [
        ("row_changed", f"user:{world.administrator.pk}")
    ]
