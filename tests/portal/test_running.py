"""Running the portal: addresses of databases, keys, ports, proxies, limits of tries."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.portal.test_registers import _file
from tests.workflow.people import World

from qor.engine.storage.lake import Lake
from qor.interfaces.web.server import start
from qor.interfaces.web.server.database_address import (
    BadDatabaseAddress,
    UnknownDatabaseScheme,
    database_settings,
)

SignIn = Callable[[Any], Client]
MONDAY = date(2026, 3, 2)


def test_a_database_address_is_decoded_and_keeps_its_options() -> None:
    """A password with signs of its own, TLS asked for, a socket's folder: what libpq
    understands."""
    url = (
        "postgresql://qor%40fund:p%2Fq%3A1@db.example:6432/f%20d?sslmode=require&connect_timeout=5"
    )
    database = database_settings(url, 30)
    assert (database["USER"], database["PASSWORD"], database["NAME"]) == (
        "qor@fund",
        "p/q:1",
        "f d",
    )
    assert (database["HOST"], database["PORT"], database["CONN_MAX_AGE"]) == (
        "db.example",
        "6432",
        30,
    )
    assert database["OPTIONS"] == {"sslmode": "require", "connect_timeout": "5"}
    assert database_settings("postgresql:///qor?host=/run/pg")["HOST"] == "/run/pg"
    assert database_settings("sqlite:///a%20b.sqlite3")["NAME"] == "a b.sqlite3"


@pytest.mark.parametrize("address", ["mysql://x/y", "oracle://u@h/n", "/just/a/path", ""])
def test_an_unknown_scheme_is_refused(address: str) -> None:
    """Never read as PostgreSQL."""
    with pytest.raises(UnknownDatabaseScheme):
        database_settings(address)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://h/n?sslmod=require",
        "postgresql://h:port/n",
        "postgresql://h",
        "sqlite:///f?mode=ro",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_its_password(address: str) -> None:
    """An option that does not exist is no option that may be dropped."""
    with pytest.raises(BadDatabaseAddress) as refused:
        database_settings(address.replace("//h", "//user:secret@h"))
    assert "secret" not in str(refused.value)


def _command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    others = {
        n: v
        for n, v in os.environ.items()
        if n not in {"QOR_SECRET_KEY", "QOR_DEMO_CLOCK", "QOR_DATABASE_URL"}
    }
    return subprocess.run(
        [sys.executable, "-m", "qor", *arguments, "--lang", "en"],
        env=others | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def empty_lake(tmp_path: Path) -> Path:
    """A lake without rows."""
    folder = tmp_path / "lake"
    with Lake(folder).writing():
        pass
    return folder


@pytest.mark.slow
def test_what_keeps_the_portal_from_starting_is_said(empty_lake: Path, tmp_path: Path) -> None:
    """No key, a short key, no server, a wrong scheme, a busy port, a clock from elsewhere: exit
    code 2 and a sentence."""
    database, key = f"sqlite:///{tmp_path / 'p.sqlite3'}", "k" * 50
    serve = ("serve", "--lake", str(empty_lake), "--database")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        (tmp_path / "clock").write_text("0", "utf-8")
        cases = [
            (_command(*serve, database), "QOR_SECRET_KEY is not set"),
            (_command(*serve, database, QOR_SECRET_KEY="short"), "too short"),
            (
                _command(*serve, "postgresql://u@127.0.0.1:1/x", QOR_SECRET_KEY=key),
                "does not answer",
            ),
            (_command(*serve, "mysql://x/y", QOR_SECRET_KEY=key), "unknown scheme mysql"),
            (_command(*serve, database, "--port", port, QOR_SECRET_KEY=key), f"Port {port}"),
            (
                _command(*serve, database, QOR_DEMO_CLOCK=str(tmp_path / "clock")),
                "QOR_DEMO_CLOCK works only",
            ),
            (
                _command(*serve, database, QOR_SECRET_KEY=key, QOR_EMAIL_HOST="mail.example"),
                "QOR_ADDRESS",
            ),
        ]
    for answer, sentence in cases:
        assert answer.returncode == 2 and sentence in answer.stderr, answer.stderr
        assert "Traceback" not in answer.stderr


def test_another_secret_key_than_the_factors_were_made_with(world: World, settings: Any) -> None:
    """SettlementInputs at the start, not when the first expert cannot sign in."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    start.check_factors()
    TOTP.activate(world.office, generate_totp_secret())
    start.check_factors()
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(start.SecretKeyChanged):
        start.check_factors()


def test_a_command_that_cannot_write_says_so_at_once(tmp_path: Path) -> None:
    """The launcher names the folder; it does not wait for ever for a lock that it can never
    take."""
    root = Path(__file__).resolve().parents[2]
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "qor").write_bytes((root / "qor").read_bytes())
    (checkout / "requirements.txt").write_text("", "utf-8")
    (checkout / "bin").mkdir()
    for name, text in {"mkdir": "exit 1", "rmdir": "exit 1"}.items():
        (checkout / "bin" / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        (checkout / "bin" / name).chmod(0o755)
    path = f"{checkout / 'bin'}:{os.environ['PATH']}"
    answer = subprocess.run(
        ["sh", str(checkout / "qor"), "--help"],
        env={"PATH": path, "QOR_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert answer.returncode == 2 and f"The folder {checkout} cannot be written to" in answer.stderr


def test_only_a_trusted_proxy_says_who_the_client_is(
    world: World, signed_in: SignIn, settings: Any
) -> None:
    """Locks count the true address; a client that writes the header itself gains nothing."""
    seen: list[tuple[str, bool]] = []
    from qor.interfaces.web.kernel.gate import client_address, true_client

    def respond(request: Any) -> Any:
        seen.append((client_address(request), request.is_secure()))

    from django.test import RequestFactory

    settings.QOR_PROXIES = ["10.0.0.0/8"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    forwarded = {
        "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.9, 10.0.0.7",
        "HTTP_X_FORWARDED_PROTO": "https",
    }
    for sender in ("10.1.2.3", "198.51.100.4"):
        true_client(respond)(RequestFactory().get("/", REMOTE_ADDR=sender, **forwarded))
    assert seen == [("203.0.113.9", True), ("198.51.100.4", False)]


def test_pages_with_people_are_not_kept_and_idle_sessions_end(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`no-store` on everything behind the sign-in; after half an hour without a click the user
    signs in again."""
    from qor.interfaces.web.kernel import gate

    client = signed_in(world.office)
    clock = [1_000_000]
    monkeypatch.setattr(gate, "machine_seconds", lambda: clock[0])
    answer = client.get("/cases/")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    clock[0] += 29 * 60
    assert client.get("/cases/").status_code == 200
    clock[0] += 31 * 60
    assert client.get("/cases/").status_code == 302
    assert client.get("/cases/").status_code == 302


def test_tries_a_minute_are_limited(
    world: World, lake: Lake, signed_in: SignIn, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next minute begins anew."""
    from qor.interfaces.web.kernel import gate

    clock = [1_000_000]
    monkeypatch.setattr(gate, "machine_seconds", lambda: clock[0])
    settings.QOR_TRIES_A_MINUTE = 2
    client = signed_in(world.providers["71"])
    answers = [
        client.post("/registers/try/", {"month": "2026-02", "file": _file(world)}).status_code
        for _ in range(3)
    ]
    assert answers == [200, 200, 409]
    clock[0] += 60
    assert (
        client.post("/registers/try/", {"month": "2026-02", "file": _file(world)}).status_code
        == 200
    )


def test_guesses_are_limited_by_name_from_whatever_address(world: World, settings: Any) -> None:
    """Ten wrong passwords for one name in five minutes, each from another address: the next is not
    looked at."""
    expert = world.experts["71"][0]
    expert.set_password("a-long-enough-one")
    expert.save()

    def sign_in(password: str, n: int) -> int:
        facts = {"login": expert.username, "password": password}
        return Client(REMOTE_ADDR=f"198.51.100.{n}").post("/sign-in/", facts).status_code

    for n in range(10):
        assert sign_in("wrong", n) == 200
    assert sign_in("a-long-enough-one", 99) != 302


@pytest.mark.django_db
def test_the_portal_runs_as_a_role_that_owns_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL it is refused as the owner, unless a trial says so; SQLite knows no roles."""
    monkeypatch.delenv("QOR_ONE_ROLE", raising=False)
    if connection.vendor == "postgresql":
        with pytest.raises(start.RoleOwnsTables):
            start.check_role()
        monkeypatch.setenv("QOR_ONE_ROLE", "1")
    start.check_role()
