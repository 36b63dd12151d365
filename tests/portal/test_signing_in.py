"""Signing in: locks, the second factor, the headers of every answer, and the keys without which
nothing starts."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse
from tests.workflow.people import PASSWORD, World

from qor.workflow.accounts.models import User

SignIn = Callable[[User], Client]
# One's own security, for everybody who is signed in; and names of the library's pages that are not
# here.
OWN = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "own_password",
}
NOWHERE = {
    "account_signup",
    "account_reset_password",
    "account_email",
    "account_logout",
    "account_inactive",
    "mfa_download_recovery_codes",
}


def test_five_wrong_passwords_lock(world: World) -> None:
    """The sixth is not even looked at; another user's door stays open."""
    user = world.office
    user.set_password("correct-horse-battery")
    user.save()
    client = Client()
    answers = [
        client.post("/sign-in/", {"login": "office", "password": "wrong"}).status_code
        for _ in range(5)
    ]
    assert answers[-1] == 429
    assert (
        client.post(
            "/sign-in/", {"login": "office", "password": "correct-horse-battery"}
        ).status_code
        == 429
    )


def test_the_right_headers(world: World, signed_in: SignIn) -> None:
    """No inline scripts, no frames, no sniffing; forms need their token."""
    answer = signed_in(world.office).get("/cases/")
    policy = answer.headers["Content-Security-Policy"]
    assert (
        "script-src 'self'" in policy
        and "unsafe" not in policy
        and "frame-ancestors 'none'" in policy
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.office, backend="django.contrib.auth.backends.ModelBackend")
    assert (
        strict.post(
            "/outages/", {"first": "2026-03-02", "last": "2026-03-02", "letter": "1"}
        ).status_code
        == 403
    )


@pytest.mark.parametrize("name", sorted(NOWHERE))
def test_pages_that_are_not_here(name: str, world: World, signed_in: SignIn) -> None:
    """Nobody signs up or resets anything by themselves."""
    assert signed_in(world.office).get(reverse(name)).status_code == 404
    assert (
        Client()
        .post(reverse(name), {"username": "me", "password1": "correct-horse-battery"})
        .status_code
        == 404
    )


@pytest.mark.parametrize("name", sorted(OWN))
def test_ones_own_security_needs_signing_in(name: str, world: World) -> None:
    """Asked to sign in first."""
    assert Client().get(reverse(name)).status_code == 302


def test_the_fund_signs_in_with_a_second_factor(world: World, settings: Any) -> None:
    """Led to set it up and nowhere else; then password and code; the secret does not stand in the
    database in clear."""
    settings.QOR_SECOND_FACTOR = True
    world.office.set_password(PASSWORD)
    world.office.save()
    client = Client()
    client.post("/sign-in/", {"login": "office", "password": PASSWORD})
    assert client.get("/cases/").headers["Location"] == "/security/totp/"
    assert client.get("/security/totp/").headers["Location"].startswith("/security/again/")
    page = client.post(
        "/security/again/?next=/security/totp/", {"password": PASSWORD}, follow=True
    ).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert secret is not None
    assert client.post("/security/totp/", {"code": _code(secret[1])}).status_code == 302
    assert client.get("/cases/").status_code == 200
    assert secret[1] not in str(Authenticator.objects.get(type="totp").data)
    again = Client()
    assert (
        again.post("/sign-in/", {"login": "office", "password": PASSWORD})
        .headers["Location"]
        .startswith("/sign-in/second/")
    )
    assert again.get("/cases/").status_code == 302
    assert again.post("/sign-in/second/", {"code": "000000"}).status_code == 200
    assert again.get("/cases/").status_code == 302


def test_who_signs_or_pays_needs_a_second_factor(
    world: World, signed_in: SignIn, settings: Any
) -> None:
    """A provider signs registers and acts, an expert decides, an accountant pays: all are led to
    set one up."""
    settings.QOR_SECOND_FACTOR = True
    for user in (world.providers["71"], world.experts["71"][0], world.payer):
        answer = signed_in(user).get("/cases/" if user.role != "accountant" else "/acts/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/security/totp/")


def _code(secret: str) -> str:
    return str(
        format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    ).zfill(6)


def test_the_portal_does_not_start_without_a_key() -> None:
    """Keys made up at every start would lose every session and second factor."""
    without = {
        name: value
        for name, value in os.environ.items()
        if name not in {"QOR_SECRET_KEY", "QOR_DEMO_CLOCK"}
    }
    load = [sys.executable, "-c", "import qor.interfaces.web.server.wsgi"]
    refused = subprocess.run(load, env=without, capture_output=True, text=True)
    assert refused.returncode == 1 and "secret_key_missing" in refused.stderr
