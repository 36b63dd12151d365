"""The administrator's pages of people: each action both ways, two administrators where two are
needed, and what these pages never show."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.test import Client
from tests.portal.lists import column_on_screen, rows_on_screen
from tests.portal.scene import add_administrator
from tests.workflow.people import World

from qor.interfaces.clock import now
from qor.interfaces.web.kernel.template_tags import COOKIE
from qor.workflow.accounts.models import AccountRequest, Organisation, User
from qor.workflow.audit.models import Entry

SignIn = Callable[[User], Client]
PAGES = (
    "/users/",
    "/users/invite/",
    "/users/requests/",
    "/organisations/",
    "/organisations/import/",
)


@pytest.fixture
def second(world: World) -> User:
    """Another administrator."""
    return add_administrator(world)


@pytest.fixture
def client(world: World, signed_in: SignIn) -> Client:
    """The administrator's browser; its pages in English."""
    browser = signed_in(world.administrator)
    browser.cookies[COOKIE] = "en"
    return browser


def lock(user: User, failures: int = 5, minutes_ago: int = 1) -> None:
    """Wrong passwords for a name."""
    attempt = AccessAttempt.objects.create(
        username=user.username, ip_address="192.0.2.1", failures_since_start=failures
    )
    then = now() - timedelta(minutes=minutes_ago)
    AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=then)


def press(client: Client, user: User, event: str, **fields: Any) -> Any:
    """Press a button of somebody's page."""
    return client.post(f"/users/{user.pk}/", {"event": event, **fields})


def refused_at(page: str, event: str) -> str:
    """What stands above the button of a section that was refused."""
    section = re.search(rf'<section aria-labelledby="{event}">(.*?)</section>', page, re.DOTALL)
    assert section is not None, event
    said = re.search(r'<div class="message error" role="alert">(.*?)</div>', section[1], re.DOTALL)
    assert said is not None, section[1]
    return html.unescape(said[1])


def password_on(page: str) -> str:
    """The password that a page shows; nothing where it shows none."""
    shown = re.search(r"<code>(.+?)</code>", page)
    return html.unescape(shown[1]) if shown else ""


def entry(verb: str, user: User) -> Entry:
    """The one entry of the journal of that verb about somebody."""
    return Entry.objects.get(verb=verb, subject=f"user:{user.username}")


def test_switching_off_and_on(world: World, client: Client) -> None:
    """An expert is switched off and on again; each is an entry; sessions end."""
    expert = world.experts["71"][0]
    for event, active in (("switch_off", False), ("switch_on", True)):
        epoch = User.objects.get(pk=expert.pk).session_epoch
        assert press(client, expert, event).status_code == 302
        expert.refresh_from_db()
        assert (expert.is_active, expert.session_epoch) == (active, epoch + 1)
        assert entry(event, expert).by == "admin"
        page = client.get(f"/users/{expert.pk}/").content.decode()
        assert (f'value="{event}"' in page) is False


def test_the_last_two_administrators_stay(world: World, second: User, client: Client) -> None:
    """Neither is switched off nor given another role while only two are left; a third frees
    them."""
    answer = press(client, second, "switch_off")
    assert answer.status_code == 409
    assert "At least 2 administrators" in refused_at(answer.content.decode(), "switch_off")
    role = {"role": "auditor", "organisation": world.office.organisation_id}
    answer = press(client, second, "change_role", **role)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "At least 2 administrators" in refused_at(page, "change_role")
    assert re.search(r'id="role_error"', page) and 'value="auditor" selected' in page
    second.refresh_from_db()
    assert second.is_active and second.role == "administrator"
    add_administrator(world, "admin3")
    assert press(client, second, "switch_off").status_code == 302
    assert not User.objects.get(pk=second.pk).is_active


def test_another_role(world: World, client: Client) -> None:
    """An expert becomes an auditor of head office at once; a role of another kind of organisation
    is refused beside the organisation, and what was chosen stays."""
    expert = world.experts["71"][0]
    branch, office = expert.organisation, world.office.organisation
    assert branch is not None and office is not None
    answer = press(client, expert, "change_role", role="auditor", organisation=branch.pk)
    page = answer.content.decode()
    assert answer.status_code == 409 and 'id="organisation_error"' in page
    assert "auditor" in refused_at(page, "change_role") and 'value="auditor" selected' in page
    assert not Entry.objects.filter(verb="change_role").exists()
    right = {"role": "auditor", "organisation": office.pk}
    assert press(client, expert, "change_role", **right).status_code == 302
    expert.refresh_from_db()
    assert (expert.role, expert.organisation_id) == ("auditor", office.pk)
    assert entry("change_role", expert).facts["role"] == "auditor"


@pytest.mark.parametrize(
    ("event", "kind"),
    [("new_password", "password"), ("reset_second_factor", "factor"), ("change_role", "role")],
)
def test_what_two_administrators_decide(
    event: str, kind: str, world: World, second: User, client: Client
) -> None:
    """For who pays nothing happens before another administrator agrees; the page says which
    request waits."""
    Authenticator.objects.create(user=world.payer, type="totp", data={})
    branch = world.accountants["71"].organisation_id
    fields = {"role": "accountant", "organisation": branch} if event == "change_role" else {}
    before = User.objects.get(pk=world.payer.pk)
    answer = press(client, world.payer, event, **fields)
    request = AccountRequest.objects.get(user=world.payer, outcome="")
    assert (answer.status_code, str(request.kind), request.asked_by) == (
        302,
        kind,
        world.administrator,
    )
    page = client.get(f"/users/{world.payer.pk}/").content.decode()
    assert f"Request № {request.pk} waits" in page and f"№ {request.pk}</a>: " in page
    after = User.objects.get(pk=world.payer.pk)
    assert (after.password, after.organisation_id) == (before.password, before.organisation_id)
    assert Authenticator.objects.filter(user=world.payer).exists()
    assert entry("ask_for", world.payer).facts["kind"] == kind


def test_a_new_password_is_shown_once(world: World, client: Client) -> None:
    """In the answer to the button, which nothing keeps; never again, and not in the journal."""
    expert = world.experts["71"][0]
    answer = press(client, expert, "new_password")
    password = password_on(answer.content.decode())
    expert.refresh_from_db()
    assert password and expert.check_password(password) and expert.must_change_password
    assert answer.headers["Cache-Control"] == "no-store"
    assert password_on(client.get(f"/users/{expert.pk}/").content.decode()) == ""
    assert password not in client.get("/users/").content.decode()
    assert password not in str(entry("new_password", expert).facts)


def test_a_lost_second_factor(world: World, client: Client) -> None:
    """The page says whether there is one; the button forgets it."""
    expert = world.experts["71"][0]
    Authenticator.objects.create(user=expert, type="totp", data={})
    assert "The second factor is on." in client.get(f"/users/{expert.pk}/").content.decode()
    assert press(client, expert, "reset_second_factor").status_code == 302
    assert not Authenticator.objects.filter(user=expert).exists()
    assert "The second factor is off." in client.get(f"/users/{expert.pk}/").content.decode()
    assert entry("reset_second_factor", expert).by == "admin"


def test_sessions_end(world: World, client: Client, signed_in: SignIn) -> None:
    """The browser in which somebody was signed in is asked to sign in again."""
    expert = world.experts["71"][0]
    theirs = signed_in(expert)
    assert theirs.get("/cases/").status_code == 200
    assert press(client, expert, "end_sessions").status_code == 302
    assert theirs.get("/cases/").status_code == 302
    assert entry("end_sessions", expert).by == "admin"


def test_unlocking(world: World, client: Client) -> None:
    """The button stands where five wrong passwords of the last hour locked the name; fewer, or
    older ones, lock nothing."""
    locked, fewer, older = (*world.experts["71"], world.office)
    lock(locked)
    lock(fewer, failures=4)
    lock(older, minutes_ago=61)
    for user, is_locked in ((locked, True), (fewer, False), (older, False)):
        page = client.get(f"/users/{user.pk}/").content.decode()
        assert ('value="unlock"' in page) == is_locked, user.username
        assert bool(re.search(r"<dd>\s*locked\s*</dd>", page)) == is_locked
    assert press(client, locked, "unlock").status_code == 302
    assert not AccessAttempt.objects.filter(username=locked.username).exists()
    assert entry("unlock", locked).by == "admin"


@pytest.mark.parametrize(
    "event", ["switch_off", "switch_on", "new_password", "reset_second_factor", "change_role"]
)
def test_nobody_decides_about_themselves(event: str, world: World, client: Client) -> None:
    """The buttons are not offered, and pressed all the same they are refused."""
    page = client.get(f"/users/{world.administrator.pk}/").content.decode()
    assert "This is your own account" in page and f'value="{event}"' not in page
    fields = {"role": "auditor", "organisation": world.office.organisation_id}
    answer = press(client, world.administrator, event, **fields)
    assert answer.status_code == 409
    assert "your own account" in refused_at(answer.content.decode(), event)
    assert not Entry.objects.filter(subject="user:admin", by="admin", verb=event).exists()


def test_an_invitation_that_waits(world: World, second: User, client: Client) -> None:
    """Who pays gets a first password, shown once, and an account that waits; an auditor's waits for
    nobody."""
    new = {"organisation": world.office.organisation_id, "first_name": "A"}
    answer = client.post("/users/invite/", new | {"username": "pays", "role": "accountant"})
    page, user = answer.content.decode(), User.objects.get(username="pays")
    request = AccountRequest.objects.get(user=user)
    assert not user.is_active and user.check_password(password_on(page))
    assert f"Request № {request.pk} waits" in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert password_on(client.get("/users/invite/").content.decode()) == ""
    assert entry("invite", user).by == "admin"
    answer = client.post("/users/invite/", new | {"username": "x", "role": "auditor"})
    assert b"waits" not in answer.content and User.objects.get(username="x").is_active


def test_another_administrator_agrees(
    world: World, second: User, client: Client, signed_in: SignIn
) -> None:
    """Who asked sees the request without buttons, and is refused; the other one agrees, and it is
    done; twice is refused."""
    branch = world.accountants["71"].organisation_id
    press(client, world.experts["71"][0], "change_role", role="accountant", organisation=branch)
    request = AccountRequest.objects.get()
    decision = {"number": request.pk, "event": "approve"}
    page = client.get("/users/requests/").content.decode()
    assert "another administrator decides" in page and 'value="approve"' not in page
    answer = client.post("/users/requests/", decision)
    assert answer.status_code == 409 and "your own request" in answer.content.decode()
    other = signed_in(second)
    other.cookies[COOKIE] = "en"
    assert 'value="approve"' in other.get("/users/requests/").content.decode()
    assert other.post("/users/requests/", decision).status_code == 302
    expert = User.objects.get(pk=world.experts["71"][0].pk)
    assert expert.role == "accountant"
    assert entry("request_approved", expert).by == "admin2"
    answer = other.post("/users/requests/", decision)
    assert answer.status_code == 409 and "no open request" in answer.content.decode()
    asked = column_on_screen(other, "/users/requests/?outcome=approved", "account_requests", 0)
    assert asked == [str(request.pk)]
    assert column_on_screen(other, "/users/requests/", "account_requests", 0) == []


def test_a_declined_request_changes_nothing(
    world: World, second: User, client: Client, signed_in: SignIn
) -> None:
    """The account stays as it was; the journal says who declined. A button that is none, and a
    number that is none."""
    press(client, world.payer, "reset_second_factor")
    Authenticator.objects.create(user=world.payer, type="totp", data={})
    other = signed_in(second)
    other.cookies[COOKIE] = "en"
    decision = {"number": AccountRequest.objects.get().pk, "event": "decline"}
    assert other.post("/users/requests/", decision | {"event": "perhaps"}).status_code == 404
    assert other.post("/users/requests/", decision | {"number": "x"}).status_code == 409
    assert other.post("/users/requests/", decision).status_code == 302
    assert Authenticator.objects.filter(user=world.payer).exists()
    assert entry("request_refused", world.payer).by == "admin2"


def test_an_agreed_password_is_shown_to_who_agreed(
    world: World, second: User, client: Client, signed_in: SignIn
) -> None:
    """Once; who asked never sees it, and the subject does not decide about themselves."""
    press(client, second, "new_password")
    decision = {"number": AccountRequest.objects.get().pk, "event": "approve"}
    assert signed_in(second).post("/users/requests/", decision).status_code == 409
    third = signed_in(add_administrator(world, "admin3"))
    answer = third.post("/users/requests/", decision)
    password = password_on(answer.content.decode())
    second.refresh_from_db()
    assert password and second.check_password(password)
    assert answer.headers["Cache-Control"] == "no-store"
    assert password_on(third.get("/users/requests/").content.decode()) == ""


def test_search_and_filters_of_people(world: World, second: User, client: Client) -> None:
    """By name, role, organisation and state; each row leads to its person."""
    first, other = world.experts["71"]
    User.objects.filter(pk=first.pk).update(last_name="Sadykova")
    lock(other)
    press(client, world.experts["75"][0], "switch_off")
    press(client, world.payer, "new_password")

    def names(asks: str) -> set[str]:
        return set(column_on_screen(client, f"/users/?{asks}", "users", 0))

    assert names("last_name=Sadyk") == {first.username}
    assert names("username=expert71") == {first.username, other.username}
    assert names("role=administrator") == {"admin", "admin2"}
    assert "office" in names("organisation=Fund") and first.username not in names(
        "organisation=Fund"
    )
    assert names("state=locked") == {other.username}
    assert names("state=off") == {world.experts["75"][0].username}
    assert names("state=waiting") == {"payer"}
    assert names("state=active") == set(User.objects.values_list("username", flat=True)) - {
        other.username,
        world.experts["75"][0].username,
        "payer",
    }
    page = client.get("/users/?username=expert71").content.decode()
    assert f'<a href="/users/{first.pk}/">{first.username}</a>' in page
    assert len(rows_on_screen(page, "users")) == 3


def test_these_pages_are_for_administrators(world: World, signed_in: SignIn) -> None:
    """Nobody else finds anything there, by reading or by sending; a page of nobody is not there,
    nor is a button that it does not have."""
    victim = world.experts["71"][0]
    for user in (world.providers["71"], victim, world.office, world.auditor, world.payer):
        browser = signed_in(user)
        for address in (
            *PAGES,
            f"/users/{victim.pk}/",
            f"/organisations/{victim.organisation_id}/",
        ):
            assert browser.get(address).status_code == 404, address
            sent = {"event": "switch_off", "username": "me", "role": "auditor"}
            assert browser.post(address, sent).status_code in {404, 405}
    admin = signed_in(world.administrator)
    assert admin.get("/users/999999/").status_code == 404
    assert press(admin, victim, "promote").status_code == 404
    assert press(admin, victim, "").status_code == 404
    victim.refresh_from_db()
    assert victim.is_active and not Entry.objects.filter(verb__in=["switch_off", "invite"]).exists()


def test_no_iin_is_shown(world: World, client: Client) -> None:
    """What looks like an IIN or a BIN on these pages is the BIN of an organisation."""
    expert = world.experts["71"][0]
    own = (f"/users/{expert.pk}/", f"/organisations/{expert.organisation_id}/")
    known = set(Organisation.objects.exclude(bin=None).values_list("bin", flat=True))
    seen: set[str] = set()
    for address in (*PAGES, *own):
        text = client.get(address).content.decode()
        seen |= set(re.findall(r"(?<![0-9a-zA-Z])[0-9]{12}(?![0-9a-zA-Z])", text))
    assert seen == known
