"""Deny by default: every address, every role, own and foreign; and what the pages must never show."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from tests.workflow.people import World, at

from qor.interfaces.portal.urls import urlpatterns
from qor.workflow.accounts.models import User
from qor.workflow.audit.models import Entry
from qor.workflow.disputes.actions import act

SignIn = Callable[[User], Client]
_OPEN = {"sign_in", "sign_out", "language", "api_registers"}
_DISPUTING = {"provider", "expert", "head_office"}
# Which role finds what at an address about its own case: everything else is 404. Methods that an address does not take are 405.
ALLOWED = {
    "home": {"provider", "expert", "head_office", "administrator", "auditor"},
    "cases": _DISPUTING | {"auditor"},
    "cases_export": _DISPUTING | {"auditor"},
    "cases_together": _DISPUTING,
    "case": _DISPUTING | {"auditor"},
    "case_act": _DISPUTING,
    "case_say": {"provider", "expert"},
    "case_person": {"expert", "head_office"},
    "case_reassign": {"head_office"},
    "attachment": set(),
    "registers": {"provider"},
    "register_try": {"provider"},
    "register_hand_in": {"provider"},
    "register_sign": {"provider"},
    "register_statuses": {"provider"},
    "notices": _DISPUTING,
    "checks": {"head_office"},
    "absences": {"head_office"},
    "tokens": {"administrator"},
    "overdue": {"head_office", "auditor"},
    "outages": {"head_office"},
    "journal": {"head_office", "auditor"},
    "users": {"administrator"},
    "demo_clock": set(),
}
_POST = {
    "cases_together",
    "case_act",
    "case_say",
    "case_person",
    "case_reassign",
    "demo_clock",
    "register_try",
    "register_hand_in",
    "register_sign",
}
_OF_A_CASE = {"case", "case_act", "case_say", "case_person", "case_reassign"}


def _users(world: World, reviewer: User) -> dict[str, User]:
    return {
        "provider": world.providers["71"], "expert": reviewer, "head_office": world.office, "administrator": world.administrator, "auditor": world.auditor,
    }  # fmt: skip


def _ask(client: Client, name: str, pk: int) -> int:
    kwargs = {"of": "2026-02"} if name == "register_statuses" else {}
    address = reverse(name, kwargs={"pk": pk} if name in _OF_A_CASE or name == "attachment" else kwargs)
    answer = (
        client.post(address, {"words": "x", "why": "x", "to": User.objects.filter(role="expert").first().pk})
        if name in _POST
        else client.get(address)
    )
    return answer.status_code


def test_every_address_is_in_the_table() -> None:
    """A new page must say who may open it."""
    assert {pattern.name for pattern in urlpatterns} == set(ALLOWED) | _OPEN
    assert get_resolver().url_patterns


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_who_opens_what(name: str, world: World, signed_in: SignIn) -> None:
    """Each role, on a case that is its own to see; the others find nothing there."""
    case = act(
        world.case(on=date(2026, 3, 2)).pk, "object", by=world.providers["71"], at=at(date(2026, 3, 2)), words="x"
    )
    assert case.assigned_to is not None
    for role, user in _users(world, case.assigned_to).items():
        status = _ask(signed_in(user), name, case.pk)
        assert (status != 404) == (role in ALLOWED[name]), (name, role, status)
        assert status < 500


@pytest.mark.parametrize("name", sorted(_OF_A_CASE))
def test_a_foreign_case_is_not_there(name: str, world: World, signed_in: SignIn) -> None:
    """Another provider, an expert who never had it: as if it did not exist."""
    case = world.case()
    for user in (world.providers["75"], world.experts["71"][0], world.administrator):
        assert _ask(signed_in(user), name, case.pk) == 404


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_nobody_without_signing_in(name: str, world: World) -> None:
    """Asked to sign in, or nothing there."""
    case = world.case()
    assert _ask(Client(), name, case.pk) in {302, 404, 405}


def test_the_provider_sees_no_reviewer_and_no_algorithm(world: World, signed_in: SignIn) -> None:
    """Clauses 15 and 33: code and facts, not names or SQL."""
    case = act(world.case().pk, "object", by=world.providers["71"], at=at(date(2026, 3, 2)), words="mine")
    reviewer = case.assigned_to
    assert reviewer is not None
    act(case.pk, "confirm", by=reviewer, at=at(date(2026, 3, 2)), words="their reason")
    page = signed_in(world.providers["71"]).get(f"/cases/{case.pk}/").content.decode()
    assert "their reason" in page
    assert reviewer.username not in page
    assert "SELECT" not in page


def test_opening_a_persons_services_is_recorded(world: World, signed_in: SignIn) -> None:
    """Who, when, why; without a why nothing opens."""
    case = act(world.case().pk, "object", by=world.providers["71"], at=at(date(2026, 3, 2)), words="x")
    assert case.assigned_to is not None
    client = signed_in(case.assigned_to)
    assert client.post(f"/cases/{case.pk}/person/", {"why": ""}).status_code == 409
    assert not Entry.objects.filter(verb="open_person").exists()
    assert client.post(f"/cases/{case.pk}/person/", {"why": "to see the other stay"}).status_code == 200
    entry = Entry.objects.get(verb="open_person")
    assert (entry.by, entry.facts["why"]) == (case.assigned_to.username, "to see the other stay")


def test_five_wrong_passwords_lock(world: World) -> None:
    """The sixth is not even looked at; another user's door stays open."""
    user = world.office
    user.set_password("correct-horse-battery")
    user.save()
    client = Client()
    answers = [client.post("/sign-in/", {"username": "office", "password": "wrong"}).status_code for _ in range(5)]
    assert answers[-1] == 429
    assert client.post("/sign-in/", {"username": "office", "password": "correct-horse-battery"}).status_code == 429


def test_the_right_headers(world: World, signed_in: SignIn) -> None:
    """No inline scripts, no frames, no sniffing; forms need their token."""
    answer = signed_in(world.office).get("/cases/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.office, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post("/outages/", {"first": "2026-03-02", "last": "2026-03-02", "letter": "1"}).status_code == 403
