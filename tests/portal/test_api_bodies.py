"""The body of a hospital system's call: whatever its form, within its limits, answered in its
language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.portal.test_registers import _file
from tests.workflow.people import World, at

from qor.engine.storage.lake import Lake
from qor.workflow.accounts.models import Token

SignIn = Callable[[Any], Client]
MONDAY = date(2026, 3, 2)


@pytest.fixture
def key(world: World) -> str:
    """A hospital system's key."""
    import hashlib

    Token.objects.create(
        organisation=world.providers["71"].organisation,
        name="MIS",
        digest=hashlib.sha256(b"key").hexdigest(),
        made_at=at(MONDAY),
    )
    return "key"


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/csv", "", "application/json"]
)
def test_the_api_takes_a_body_whatever_its_content_type(
    world: World, lake: Lake, key: str, kind: str
) -> None:
    """The body is the file."""
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
    answer = Client().generic(
        "POST",
        "/api/registers/?month=2026-02&name=f.csv",
        _file(world).read(),
        kind,
        headers=headers,
    )
    assert answer.status_code == 200 and (answer.json()["received"], answer.json()["accepted"]) == (
        3,
        2,
    )


def test_the_api_takes_a_form_and_a_body_in_chunks(world: World, lake: Lake, key: str) -> None:
    """As curl -F sends it, and as a stream without a length."""
    headers = {"Authorization": f"Bearer {key}"}
    address = "/api/registers/?month=2026-02"
    form = Client().post(
        address, {"file": SimpleUploadedFile("f.csv", _file(world).read())}, headers=headers
    )
    assert form.status_code == 200 and form.json()["received"] > 0
    lake.reload()
    from django.core.handlers.wsgi import WSGIRequest

    from qor.interfaces.web.features.intake.api import hand_in

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/registers/",
        "QUERY_STRING": "month=2026-02&name=g.csv",
        "wsgi.input": BytesIO(_file(world).read()),
        "wsgi.input_terminated": True,
        "SERVER_NAME": "x",
        "SERVER_PORT": "80",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "HTTP_AUTHORIZATION": f"Bearer {key}",
    }
    assert hand_in(WSGIRequest(environ)).status_code == 200


def test_the_api_names_line_and_column_in_the_callers_language(
    world: World, lake: Lake, key: str
) -> None:
    """What a hospital system shows its coder; a file above the limit is refused with 413."""
    bad = _file(world, amount="nothing").read()
    for lang, words in {
        "ru": "значение не прочитано",
        "en": "cannot be read",
        "kk": "мән оқылмады",
    }.items():
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": f"{lang}-KZ,en;q=0.5"}
        answer = Client().post(
            "/api/registers/?month=2026-02&name=f.csv",
            bad,
            content_type="text/csv",
            headers=headers,
        )
        places = [
            (row["line"], row["column"], row["value"]) for row in answer.json()["rejected_rows"]
        ]
        assert places == [(3, "amount", "twelve"), (4, "amount", "nothing")]
        assert all(words in row["why"] for row in answer.json()["rejected_rows"])


def test_a_body_above_the_limit_is_refused(
    world: World, lake: Lake, key: str, settings: Any
) -> None:
    """Before it is read, and while a body without a length is."""
    settings.QOR_MOST_BYTES = 10
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
    answer = Client().post(
        "/api/registers/?month=2026-02&name=f.csv",
        _file(world).read(),
        content_type="text/csv",
        headers=headers,
    )
    assert answer.status_code == 413 and "larger than" in answer.json()["error"]


def test_a_file_is_bounded_in_rows_and_time(
    world: World, lake: Lake, signed_in: SignIn, settings: Any
) -> None:
    """Whoever sends more gets an answer that says what to do."""
    client = signed_in(world.providers["71"])
    settings.QOR_MOST_ROWS = 2
    for door in ("try", "hand-in"):
        answer = client.post(f"/registers/{door}/", {"month": "2026-02", "file": _file(world)})
        assert answer.status_code == 409
    lake.reload()
    assert not lake.parts("services")


def test_what_takes_too_long_is_stopped(settings: Any) -> None:
    """The engine is interrupted; another fault keeps its own name."""
    from qor.engine.storage.duck import connect
    from qor.interfaces.web.kernel.uploads import TookTooLong, time_limit

    settings.QOR_UPLOAD_SECONDS = 0.2
    with connect() as connection, pytest.raises(TookTooLong), time_limit(connection):
        connection.execute("SELECT count(*) FROM range(10000000000) a, range(100) b").fetchall()
