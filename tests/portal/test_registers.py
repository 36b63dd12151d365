"""A provider tries, hands in and signs its register, and follows each service to its payment."""

import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.engine.registers import GOOD, csv_text
from tests.workflow.people import World

from qor.engine.checks.edits import edits_of
from qor.engine.storage.lake import Lake
from qor.interfaces.messages import text
from qor.workflow.accounts.models import Token, User
from qor.workflow.audit.models import Entry

SignIn = Callable[[User], Client]


def _file(world: World, region: str = "71", **facts: str) -> SimpleUploadedFile:
    own = GOOD | {"provider_bin": world.providers[region].organisation.bin}
    rows = [
        own | {"service_id": "s1"},
        own | {"service_id": "s2", "amount": "twelve"},
        own | {"service_id": "s3"} | facts,
    ]
    return SimpleUploadedFile("february.csv", csv_text(rows).encode())


def test_trying_writes_nothing(world: World, lake: Lake, signed_in: SignIn) -> None:
    """Rejected rows and general findings; no commit, no entry; the second row's amount is told."""
    page = signed_in(world.providers["71"]).post(
        "/registers/try/", {"month": "2026-02", "file": _file(world)}
    )
    assert page.status_code == 200 and "2.0" in page.content.decode()
    lake.reload()
    assert not lake.parts("services") and not Entry.objects.exclude(verb="sign_in").exists()


def test_handing_in_signing_and_the_status_of_each_service(
    world: World, lake: Lake, signed_in: SignIn
) -> None:
    """Two of three rows accepted; signed rows are not replaced; a held service says so in the
    workbook."""
    client = signed_in(world.providers["71"])
    assert (
        client.post("/registers/hand-in/", {"month": "2026-02", "file": _file(world)}).status_code
        == 302
    )
    page = client.get("/registers/").content.decode()
    assert "february.csv" in page and "R1" in page
    assert (
        client.post("/registers/sign/", {"month": "2026-02", "register_no": "R1"}).status_code
        == 302
    )
    client.post("/registers/hand-in/", {"month": "2026-02", "file": _file(world, amount="999.00")})
    world.case(service_id="s1", on=date(2026, 3, 2))
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/registers/2026-02/statuses.xlsx").content)
    ).active
    assert book is not None
    status = {
        row[0]: (Decimal(str(row[1])), row[2])
        for row in book.iter_rows(min_row=2, values_only=True)
    }
    assert status["s1"][1] == "кейінге қалдырылды: дау ашық" and status["s3"] == (
        Decimal("1500"),
        "төленеді",
    )
    done = [
        verb
        for verb in Entry.objects.order_by("number").values_list("verb", flat=True)
        if verb != "lake_commits"
    ]
    assert done == ["sign_in", "hand_in", "sign", "hand_in", "download"]
    assert Entry.objects.filter(verb="lake_commits").last().facts["commit"] == len(
        Lake(lake.root).entries
    )


def test_an_open_dispute_holds_whatever_else_was_confirmed(
    world: World, lake: Lake, signed_in: SignIn
) -> None:
    """Two findings on one service, one confirmed, one open: held; a look of the Fund's own is not
    told."""
    client = signed_in(world.providers["71"])
    client.post("/registers/hand-in/", {"month": "2026-02", "file": _file(world)})
    for service, facts in (
        ("s1", {"check_slug": "b"}),
        ("s1", {"state": "confirmed_by_silence", "outcome": "confirmed", "due_on": None}),
        ("s3", {"route": "look", "state": "branch_look", "kind": "additional"}),
    ):
        world.case(service_id=service, **facts)
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/registers/2026-02/statuses.xlsx").content)
    ).active
    assert book is not None
    status = {row[0]: row[2:] for row in book.iter_rows(min_row=2, values_only=True)}
    assert status["s1"][0] == "кейінге қалдырылды: дау ашық" and status["s3"] == ("төленеді", "")


def test_nobody_hands_in_anothers_services(world: World, lake: Lake, signed_in: SignIn) -> None:
    """A file with one foreign row is refused whole."""
    other = world.providers["75"].organisation.bin
    client = signed_in(world.providers["71"])
    for file in (_file(world, "75"), _file(world, provider_bin=other, amount="nothing")):
        answer = client.post("/registers/hand-in/", {"month": "2026-02", "file": file})
        assert answer.status_code == 409
    lake.reload()
    assert not lake.parts("services")


def test_a_bad_file_is_refused_by_a_sentence(world: World, lake: Lake, signed_in: SignIn) -> None:
    """What is wrong, in the language of the page; an unknown register cannot be signed."""
    client = signed_in(world.providers["71"])
    for bad in (b"", b"\x89PNG\r\n\x1a\n", b"a,b\n1,2\n"):
        assert (
            client.post(
                "/registers/try/", {"month": "2026-02", "file": SimpleUploadedFile("x.csv", bad)}
            ).status_code
            == 409
        )
    assert (
        client.post("/registers/sign/", {"month": "2026-02", "register_no": "R9"}).status_code
        == 409
    )


def test_a_hospital_system_hands_in_by_its_key(world: World, lake: Lake, signed_in: SignIn) -> None:
    """The key is shown once; it serves its own provider only; revoked, it serves nobody."""
    administrator = signed_in(world.administrator)
    new = {"organisation": world.providers["71"].organisation_id, "name": "MIS"}
    key = re.search(r"<code>(.+?)</code>", administrator.post("/tokens/", new).content.decode())
    assert key is not None

    def send(content: bytes, token: str = key[1]) -> int:
        address = "/api/registers/?month=2026-02&name=february.csv"
        headers = {"Authorization": f"Bearer {token}"}
        return (
            Client()
            .post(address, content, content_type="application/octet-stream", headers=headers)
            .status_code
        )

    assert send(_file(world).read()) == 200
    assert send(_file(world, "75").read()) == 409
    assert send(_file(world).read(), "guess") == 401
    of_the_system = Token.objects.get()
    assert key[1] not in of_the_system.digest
    administrator.post("/tokens/", {"revoke": of_the_system.pk})
    assert send(_file(world).read()) == 401


def test_head_office_edits_a_check_by_the_page(world: World, lake: Lake, signed_in: SignIn) -> None:
    """Put in force from a date, in the lake's log and in the journal; without a reason refused."""
    client = signed_in(world.office)
    edit = {
        "parameter": "readmission:readmission_days",
        "value": "20",
        "valid_from": "2026-05-01",
        "because": "decision",
        "cites": "321/2020:13",
    }
    assert client.post("/checks/", edit | {"because": "", "put": "1"}).status_code == 409
    assert client.post("/checks/", edit | {"put": "1"}).status_code == 302
    lake.reload()
    assert [each.figures for each in edits_of(lake)] == [(("readmission_days", Decimal(20)),)]
    assert Entry.objects.exclude(verb__in=["sign_in", "lake_commits"]).get().verb == "edit_check"


def test_what_would_change_answers_for_the_month_asked(
    world: World, lake: Lake, signed_in: SignIn
) -> None:
    """An edit that begins years later is shown as if it held all month, and says so; a month that
    is not there is refused."""
    provider = signed_in(world.providers["71"])
    assert (
        provider.post("/registers/hand-in/", {"month": "2026-02", "file": _file(world)}).status_code
        == 302
    )
    edit = {
        "parameter": "amount-mismatch:amount_tolerance",
        "value": "5.00",
        "because": "decision",
        "cites": "321/2020:13",
        "month": "2026-02",
    }
    client = signed_in(world.office)
    later = client.post("/checks/", edit | {"valid_from": "2031-01-01"})
    as_if = {text("portal.as_if_all_month", language) for language in ("kk", "ru", "en")}
    assert later.status_code == 200 and any(
        sentence in later.content.decode() for sentence in as_if
    )
    now = client.post("/checks/", edit | {"valid_from": "2026-02-01"})
    assert now.status_code == 200 and not any(
        sentence in now.content.decode() for sentence in as_if
    )
    for missing in ("2031-01", "", "soon"):
        assert (
            client.post(
                "/checks/", edit | {"valid_from": "2026-02-01", "month": missing}
            ).status_code
            == 409
        ), missing


BROKEN = Path(__file__).parents[1] / "engine" / "inputs"


@pytest.mark.parametrize(
    "file",
    [
        "11-broken/deflate-damaged.xlsx",
        "11-broken/password.xlsx",
        "11-broken/page-damaged.parquet",
        "06-unclosed-quote.csv",
    ],
)
def test_damaged_files_are_refused_at_every_door(
    world: World, lake: Lake, signed_in: SignIn, file: str
) -> None:
    """Trying and handing in answer 409 with a sentence, in the page's language, without a path of
    the server."""
    client, content = signed_in(world.providers["71"]), (BROKEN / file).read_bytes()
    for door in ("try", "hand-in"):
        given = SimpleUploadedFile(Path(file).name, content)
        answer = client.post(f"/registers/{door}/", {"month": "2026-02", "file": given})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert Path(file).name in page and "/tmp" not in page  # noqa: S108
    lake.reload()
    assert not lake.parts("services")
