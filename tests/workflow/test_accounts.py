"""Accounts live: two administrators for rights to pay, first passwords, lost factors, sessions, the
first organisations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import DatabaseError, transaction
from django.test import Client
from tests.workflow.people import World, at

from qor.workflow.accounts import actions
from qor.workflow.accounts.actions import Invitation
from qor.workflow.accounts.models import AccountRequest, Organisation, User
from qor.workflow.accounts.organisations import import_organisations, initialise
from qor.workflow.accounts.refusals import (
    AlreadyInitialised,
    BadOrganisation,
    LastAdministrators,
    NameTaken,
    NotAnAccount,
    NothingAsked,
    NotYourself,
    WrongOrganisation,
)
from qor.workflow.audit.models import Entry

NOW = at(date(2026, 3, 2))


@pytest.fixture
def second(world: World) -> User:
    """A second administrator."""
    return User.objects.create(
        username="admin2",
        role="administrator",
        organisation=world.office.organisation,
        password="!",
    )


@pytest.mark.parametrize("role", ["accountant", "administrator"])
def test_rights_to_pay_need_two_administrators(world: World, second: User, role: str) -> None:
    """One asks, the other approves; neither alone, nor the one concerned; until then nobody can
    sign in."""
    office = world.office.organisation
    done = actions.invite(Invitation("new", role, office), by=world.administrator, at=NOW)
    user = User.objects.get(username="new")
    assert not user.is_active and user.check_password(done.password)
    with pytest.raises(NotYourself):
        actions.decide(done.request, True, by=world.administrator, at=NOW)
    actions.decide(done.request, True, by=second, at=NOW)
    user.refresh_from_db()
    assert user.is_active
    with pytest.raises(NothingAsked):
        actions.decide(done.request, True, by=second, at=NOW)
    assert list(Entry.objects.order_by("number").values_list("verb", "by")) == [
        ("invite", "admin"),
        ("ask_for", "admin"),
        ("request_approved", "admin2"),
    ]


def test_the_database_keeps_the_two_apart(world: World, second: User) -> None:
    """Also where an action has a fault."""
    done = actions.invite(
        Invitation("new", "accountant", world.office.organisation), by=world.administrator, at=NOW
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        AccountRequest.objects.filter(pk=done.request).update(decided_by=world.administrator)


def test_a_role_with_guarded_rights_is_given_by_two(world: World, second: User) -> None:
    """An expert becomes an accountant only then; refused, nothing changes; other roles need one."""
    expert = world.experts["71"][0]
    office = world.office.organisation
    first = actions.change_role(
        expert.username, "accountant", office, by=world.administrator, at=NOW
    )
    actions.decide(first.request, False, by=second, at=NOW)
    expert.refresh_from_db()
    assert expert.role == "expert"
    again = actions.change_role(expert.username, "accountant", office, by=second, at=NOW)
    actions.decide(again.request, True, by=world.administrator, at=NOW)
    expert.refresh_from_db()
    assert (expert.role, expert.organisation) == ("accountant", office)
    actions.change_role(expert.username, "auditor", office, by=second, at=NOW)
    expert.refresh_from_db()
    assert expert.role == "auditor"


@pytest.mark.parametrize("action", [actions.new_password, actions.reset_second_factor])
def test_an_accountants_password_and_factor_are_not_one_administrators(
    world: World, second: User, action: Callable[..., actions.Done]
) -> None:
    """Whoever could do both alone could sign in as the accountant and pay."""
    TOTP.activate(world.payer, generate_totp_secret())
    before = world.payer.password
    asked = action("payer", by=world.administrator, at=NOW)
    world.payer.refresh_from_db()
    assert asked.request and not asked.password and world.payer.password == before
    assert Authenticator.objects.filter(user=world.payer).exists()
    done = actions.decide(asked.request, True, by=second, at=NOW)
    world.payer.refresh_from_db()
    if action is actions.new_password:
        assert world.payer.check_password(done.password) and world.payer.must_change_password
    else:
        assert not Authenticator.objects.filter(user=world.payer).exists()


def test_what_one_administrator_does(world: World, second: User) -> None:
    """An expert's password, factor, lock and account; never their own; two administrators always
    stay."""
    name = world.experts["71"][0].username
    password = actions.new_password(name, by=second, at=NOW).password
    assert User.objects.get(username=name).check_password(password)
    actions.switch_off(name, by=second, at=NOW)
    assert not User.objects.get(username=name).is_active
    assert actions.switch_on(name, by=second, at=NOW).request is None
    with pytest.raises(NotYourself):
        actions.switch_off("admin2", by=second, at=NOW)
    with pytest.raises(LastAdministrators):
        actions.switch_off("admin", by=second, at=NOW)
    with pytest.raises(LastAdministrators):
        actions.change_role("admin", "auditor", world.office.organisation, by=second, at=NOW)
    with pytest.raises(NameTaken):
        actions.invite(
            Invitation(name.upper(), "auditor", world.office.organisation), by=second, at=NOW
        )
    with pytest.raises(WrongOrganisation):
        actions.invite(Invitation("x", "expert", world.office.organisation), by=second, at=NOW)
    with pytest.raises(NotAnAccount):
        actions.switch_on(name, by=world.office, at=NOW)


@pytest.mark.parametrize(
    "action", ["end_sessions", "switch_off", "new_password", "reset_second_factor"]
)
def test_sessions_end_with_what_changes(
    world: World, second: User, action: str, settings: object
) -> None:
    """A browser that is signed in is not any more; others stay."""
    settings.QOR_SECOND_FACTOR = False  # type: ignore[attr-defined]
    backend = "django.contrib.auth.backends.ModelBackend"
    expert, other = world.experts["71"]
    clients = []
    for user in (expert, other):
        client = Client()
        client.force_login(user, backend=backend)
        clients.append(client)
    assert [client.get("/cases/").status_code for client in clients] == [200, 200]
    getattr(actions, action)(expert.username, by=second, at=NOW)
    assert [client.get("/cases/").status_code for client in clients] == [302, 200]


def test_a_first_password_is_changed_at_the_first_sign_in(
    world: World, second: User, settings: object
) -> None:
    """Nothing else opens before; weak, known or mistyped ones are refused; the session goes on."""
    settings.QOR_SECOND_FACTOR = False  # type: ignore[attr-defined]
    name = world.experts["71"][0].username
    password = actions.new_password(name, by=second, at=NOW).password
    client = Client()
    client.force_login(
        User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/cases/").headers["Location"] == "/security/password/"
    new = "a-long-enough-one"
    for old, first, again in (
        ("wrong", new, new),
        (password, "short", "short"),
        (password, new, "other"),
        (password, password, password),
        (password, "password1234", "password1234"),
    ):
        answer = client.post("/security/password/", {"old": old, "new": first, "again": again})
        assert answer.status_code == 409
    assert (
        client.post("/security/password/", {"old": password, "new": new, "again": new}).status_code
        == 302
    )
    assert client.get("/cases/").status_code == 200


def test_a_locked_name_is_unlocked(world: World, second: User) -> None:
    """Five wrong passwords lock a name at an address until an administrator unlocks it."""
    expert = world.experts["71"][0]
    expert.set_password("a-long-enough-one")
    expert.save()

    def sign_in(password: str) -> int:
        return (
            Client().post("/sign-in/", {"login": expert.username, "password": password}).status_code
        )

    for _ in range(5):
        sign_in("wrong")
    assert sign_in("a-long-enough-one") != 302
    actions.unlock(expert.username, by=second, at=NOW)
    assert sign_in("a-long-enough-one") == 302


HEADER = "kind,bin,region,name_kk,name_ru,name_en\n"
OFFICE = "head_office,,,Қор,Фонд,Fund\n"
BRANCHES = 'branch,,71,Астана филиалы,"Филиал, Астана",Astana\nbranch,,75,Алматы,Алматы,Almaty\n'
PROVIDER = "provider,990140000017,71,Емхана,Поликлиника,Clinic\n"


@pytest.mark.django_db
def test_the_first_organisations_and_administrators(tmp_path: Path) -> None:
    """From a file, once; two administrators with first passwords; a second time refused."""
    file = tmp_path / "organisations.csv"
    file.write_text(HEADER + OFFICE + BRANCHES + PROVIDER, "utf-8")
    passwords = initialise(file, ("first", "second"), by="root", at=NOW)
    assert Organisation.objects.count() == 4
    assert Organisation.objects.get(region="71", kind="branch").name_ru == "Филиал, Астана"
    for name, password in passwords.items():
        user = User.objects.get(username=name)
        assert (user.role, user.must_change_password) == (
            "administrator",
            True,
        ) and user.check_password(password)
    with pytest.raises(AlreadyInitialised):
        initialise(file, ("third", "fourth"), by="root", at=NOW)


@pytest.mark.django_db
def test_organisations_come_again_and_change(tmp_path: Path) -> None:
    """The same file changes nothing; a new name changes one."""
    file = tmp_path / "organisations.csv"
    file.write_text(HEADER + OFFICE + PROVIDER, "utf-8")
    assert import_organisations(file, by="root", at=NOW) == (2, 0)
    assert import_organisations(file, by="root", at=NOW) == (0, 0)
    file.write_text(HEADER + OFFICE + PROVIDER.replace("Clinic", "New clinic"), "utf-8")
    assert import_organisations(file, by="root", at=NOW) == (0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (HEADER + OFFICE + PROVIDER.replace("990140000017", "990140000018"), 3, "bin"),
        (HEADER + BRANCHES.replace("75", "99"), 3, "region"),
        (HEADER + OFFICE.replace("Fund", ""), 2, "name_en"),
        (HEADER + OFFICE.replace("head_office", "ministry"), 2, "kind"),
        (HEADER + OFFICE + BRANCHES.replace("branch,,", "branch,990140000017,"), 4, "bin"),
        (HEADER + OFFICE.replace(",,", ",,999", 1), 2, "region"),
        (HEADER + OFFICE.replace("Fund", "F" * 301), 2, "name_en"),
        (HEADER.replace("region,", ""), 1, "region"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named(
    tmp_path: Path, text: str, line: int, column: str
) -> None:
    """And nothing of the file is taken."""
    file = tmp_path / "organisations.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(BadOrganisation) as refused:
        import_organisations(file, by="root", at=NOW)
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (line, column)
    assert not Organisation.objects.exists()
