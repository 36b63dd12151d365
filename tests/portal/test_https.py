"""Behind HTTPS: what browsers are told, whose forms are taken, whose word about the protocol
counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_PROXY, _STRANGER = "10.1.2.3", "203.0.113.9"
_ASK = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
if sys.argv[2] == "new":
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
asked = json.loads(sys.argv[1])
client = Client(enforce_csrf_checks=True, **asked["client"])
page = client.get("/sign-in/")
token = page.cookies["csrftoken"]
sent = client.post(
    "/sign-in/",
    {"csrfmiddlewaretoken": token.value, "login": "nobody", "password": "none"},
    HTTP_ORIGIN=asked["origin"],
    HTTP_REFERER=asked["origin"] + "/sign-in/",
)
print(json.dumps({
    "hsts": page.headers.get("Strict-Transport-Security", ""),
    "secure": bool(token["secure"]),
    "post": sent.status_code,
}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one database serves all cases."""
    return tmp_path_factory.mktemp("https")


def _answer(folder: Path, client: dict[str, str], origin: str, **settings: str) -> dict[str, Any]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qor.interfaces.web.server.settings",
        "QOR_DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "QOR_SECRET_KEY": "k" * 50,
        "QOR_HOSTS": "qor.example",
        "QOR_ORIGINS": "https://qor.example",
        "QOR_PROXIES": "10.1.2.0/24",
        **settings,
    }
    asked = json.dumps({"client": client | {"SERVER_NAME": "qor.example"}, "origin": origin})
    state = "there" if (folder / "portal.sqlite3").exists() else "new"
    done = subprocess.run(
        [sys.executable, "-c", _ASK, asked, state],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize(
    ("address", "https", "origin", "expected"),
    [
        (_PROXY, "1", "https://qor.example", ("max-age=63072000", True, 200)),
        (_PROXY, "1", "https://elsewhere.example", ("max-age=63072000", True, 403)),
        (_STRANGER, "1", "https://elsewhere.example", ("", True, 403)),
        (_PROXY, "0", "https://qor.example", ("", False, 200)),
    ],
)
def test_a_proxy_that_is_trusted_brings_https(
    folder: Path, address: str, https: str, origin: str, expected: tuple[str, bool, int]
) -> None:
    """Browsers are told to stay with HTTPS and keep cookies to it, where a trusted proxy says that
    the page came so; a form of another address is refused."""
    client = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_PROTO": "https"}
    answer = _answer(folder, client, origin, QOR_HTTPS=https)
    assert (answer["hsts"], answer["secure"], answer["post"]) == expected
