"""The site from its page lines: addresses, rights, methods and menu; a page that is added."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from tests.house.site_map import PAGE, site_map
from tests.workflow.people import World

from qor.interfaces.messages import catalogue
from qor.interfaces.web import features
from qor.interfaces.web.kernel.page import ANYBODY, POST, SIGNED_IN, Page, menu_of
from qor.interfaces.web.server import site
from qor.law.pages import LANGUAGES
from qor.workflow.accounts.models import User

Role = User.Role


def test_each_page_is_said_once() -> None:
    """No two pages of one name or one address, no two at one place of the menu."""
    for said in ("name", "address"):
        values = [getattr(page, said) for page in site.SITE]
        assert len(values) == len(set(values)), said
    places = [page.menu for page in site.SITE if page.menu is not None]
    assert len(places) == len(set(places)) and len(places) >= 17


@pytest.mark.parametrize("page", site.SITE, ids=lambda page: page.name)
def test_each_page_names_who_may_open_it(page: Page) -> None:
    """Known roles or one of the two words for all; what stands in the menu has a title in each
    language."""
    assert page.roles and page.roles <= ANYBODY
    assert (page.roles == ANYBODY) == ("anybody" in page.roles)
    if page.menu is not None:
        assert page.roles < SIGNED_IN
        assert set(catalogue()[f"portal.{page.name}"]) >= set(LANGUAGES)


@pytest.mark.parametrize("role", Role.values)
def test_the_menu_is_what_the_role_may_open(role: str) -> None:
    """In the order of their places; nothing that another role's page is."""
    pages = menu_of(site.SITE, role)
    assert [page.menu for page in pages] == sorted(page.menu or 0 for page in pages)
    assert {page.name for page in pages} == {
        page.name for page in site.SITE if page.menu is not None and role in page.roles
    }


def test_a_menu_leads_to_pages_that_answer(world: World) -> None:
    """Each person's menu, followed: 200 everywhere; no other page's address is shown."""
    for user in (world.providers["71"], world.experts["71"][0], world.payer, world.administrator):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        entries = client.get("/notices/" if user.role != "administrator" else "/users/").context[
            "menu"
        ]
        hrefs = [entry.href for entry in entries]
        assert hrefs == [reverse(page.name) for page in menu_of(site.SITE, user.role)]
        assert {client.get(href).status_code for href in hrefs} == {200}


FEATURE = '''"""Pages of a trial."""

from django.http import HttpRequest, HttpResponse

from qor.interfaces.web.kernel.page import Page
from qor.workflow.accounts.models import User


def hello(request: HttpRequest) -> HttpResponse:
    """One word."""
    return HttpResponse("hello")


PAGES = (Page("hello", "hello/", hello, frozenset({User.Role.EXPERT}), menu=5),)
'''


def test_a_page_is_one_folder_and_one_line(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder beside the others with its PAGES: address, rights, method and menu are there, and
    nothing else was touched."""
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A trial."""\n')
    (folder / "pages.py").write_text(FEATURE)
    monkeypatch.setattr(features, "__path__", [*features.__path__, str(tmp_path)])
    pages = site.pages_of_features()
    (page,) = (page for page in pages if page.name == "hello")
    assert menu_of(pages, Role.EXPERT)[0] is page and page not in menu_of(pages, Role.PROVIDER)
    match = page.pattern().resolve("hello/")
    assert match is not None
    for user, method, status in (
        (world.experts["71"][0], "get", 200),
        (world.experts["71"][0], "post", 405),
        (world.providers["71"], "get", 404),
    ):
        request = getattr(RequestFactory(), method)("/hello/")
        request.user = user
        assert _status(match.func, request) == status
    monkeypatch.delitem(sys.modules, f"{features.__name__}.trial.pages")


def _status(view: object, request: object) -> int:
    from django.http import Http404

    try:
        answer: HttpResponse = view(request)  # type: ignore[operator]
    except Http404:
        return 404
    return int(answer.status_code)


def test_what_only_posts_refuses_to_be_read(world: World) -> None:
    """Each address that changes something takes nothing but POST."""
    numbers = {"pk": 1, "of": "2026-02", "sha256": "0", "paper": "act", "kind": "pdf"}
    for page in site.SITE:
        if page.takes == POST:
            wanted = {name: value for name, value in numbers.items() if f":{name}>" in page.address}
            address = reverse(page.name, kwargs=wanted)
            assert resolve(address).url_name == page.name
            assert Client().get(address).status_code == 405


def test_the_site_map_is_up_to_date() -> None:
    """What stands in the docs is what the lines say."""
    assert PAGE.read_text("utf-8") == site_map()
