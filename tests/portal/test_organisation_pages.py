"""The administrator's pages of organisations: their people, and organisations from a file."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.portal.lists import column_on_screen, rows_of_csv, rows_on_screen
from tests.workflow.people import World

from qor.interfaces.web.kernel.template_tags import COOKIE
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.audit.models import Entry

SignIn = Callable[[User], Client]
HEADER = "kind,bin,region,name_kk,name_ru,name_en\n"
CLINIC = "provider,990140000017,71,Емхана,Клиника,Clinic\n"


@pytest.fixture
def client(world: World, signed_in: SignIn) -> Client:
    """The administrator's browser; its pages in English."""
    browser = signed_in(world.administrator)
    browser.cookies[COOKIE] = "en"
    return browser


def organisations_file(text: str, name: str = "organisations.csv") -> dict[str, SimpleUploadedFile]:
    """What the form of organisations sends."""
    return {"file": SimpleUploadedFile(name, text.encode("utf-8"))}


def test_organisations_with_their_people(world: World, client: Client) -> None:
    """How many belong to each and how many may sign in; by name, kind and BIN; one organisation's
    page shows its own people alone, and a file of them is an entry."""
    expert, branch = world.experts["71"][0], world.experts["71"][0].organisation
    assert branch is not None
    client.post(f"/users/{expert.pk}/", {"event": "switch_off"})
    chosen = "/organisations/?kind=branch&name=en 71"
    (row,) = rows_on_screen(client.get(chosen).content.decode(), "organisations")[1:]
    assert row[0] == "–" and row[1] == "en 71" and row[-2:] == ["3", "2"]
    provider = world.providers["75"].organisation
    assert provider is not None
    names = column_on_screen(client, f"/organisations/?bin={provider.bin}", "organisations", 1)
    assert names == ["en 75"]
    names = column_on_screen(client, f"/organisations/{branch.pk}/", "people", 0)
    assert set(names) == {"expert71a", "expert71b", "accountant71"}
    assert client.get("/organisations/999999/").status_code == 404
    rows = rows_of_csv(client.get("/organisations/?kind=branch&as=csv"))
    assert len(rows) == 4 and Entry.objects.filter(verb="download", by="admin").exists()


def test_organisations_from_a_file(world: World, client: Client) -> None:
    """A new clinic is taken and entered; the same file again changes nothing."""
    before = Organisation.objects.count()
    for said in ("New organisations: 1; changed: 0.", "New organisations: 0; changed: 0."):
        answer = client.post(
            "/organisations/import/", organisations_file(HEADER + CLINIC), follow=True
        )
        assert said in answer.content.decode()
    assert Organisation.objects.count() == before + 1
    first = Entry.objects.filter(verb="import_organisations").order_by("pk")[0]
    assert (first.by, first.facts["file"]) == ("admin", "organisations.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + CLINIC + CLINIC.replace("990140000017", "990140000018"), "line 3, column bin"),
        (HEADER + CLINIC.replace(",71,", ",99,"), "line 2, column region"),
        (HEADER + CLINIC.replace("Clinic", "C" * 301), "line 2, column name_en"),
        (HEADER.replace("region,", ""), "line 1, column region"),
        ('kind,"bin\n', "line"),
        ("x" * ((4 << 20) + 1), "larger than 4 MiB"),
        ("", "empty"),
    ],
)
def test_a_file_that_is_not_taken(text: str, said: str, world: World, client: Client) -> None:
    """The line and the column stand beside the field, and nothing of the file is taken."""
    before = Organisation.objects.count()
    answer = client.post("/organisations/import/", organisations_file(text, "../../a.csv"))
    page = html.unescape(answer.content.decode())
    beside = re.search(r'id="file_error">(.*?)</p>', page, re.DOTALL)
    assert answer.status_code == 409 and beside is not None and said in beside[1]
    assert ".." not in beside[1] and Organisation.objects.count() == before
    assert not Entry.objects.filter(verb="import_organisations").exists()


def test_each_line_that_is_wrong_is_named(world: World, client: Client) -> None:
    """All of them up to twenty; of more, how many more; one that is right is not taken either."""
    before = Organisation.objects.count()
    wrong = CLINIC.replace(",71,", ",99,")
    for lines, last, more in ((20, 22, ""), (23, 22, "3 more errors.")):
        text = HEADER + CLINIC + wrong * lines
        answer = client.post("/organisations/import/", organisations_file(text))
        page = html.unescape(answer.content.decode())
        beside = re.search(r'id="file_error">(.*?)</p>', page, re.DOTALL)
        assert answer.status_code == 409 and beside is not None
        named = re.findall(r"line (\d+), column region", beside[1])
        assert named == [str(line) for line in range(3, last + 1)]
        assert beside[1].strip().endswith(more or "taken.")
    assert Organisation.objects.count() == before
