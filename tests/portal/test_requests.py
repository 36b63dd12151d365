"""Documents asked for on the pages (321/2020:5, 321/2020:42): asked, told, answered with a file, in
three languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.workflow.people import World
from tests.workflow.test_attachments import a_pdf

from qor.interfaces.web.kernel.template_tags import COOKIE
from qor.workflow.accounts.models import User
from qor.workflow.disputes.models import Attachment, DocumentRequest

SignIn = Callable[[User], Client]


@pytest.mark.parametrize("route", ["lethal", "look"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_documents_by_the_pages(route: str, language: str, world: World, signed_in: SignIn) -> None:
    """321/2020:5, 321/2020:42: the expert asks in the case, the provider answers on the request's
    page, also where it does not see the case."""
    case = world.case(route, on=date(2026, 3, 2))
    expert, provider = signed_in(case.assigned_to), signed_in(world.providers["71"])
    for client in (expert, provider):
        client.cookies[COOKIE] = language
    asked = {"event": "request_documents", "statement": "the card, please"}
    assert expert.post(f"/cases/{case.pk}/remark/", asked).status_code == 302
    request = DocumentRequest.objects.get()
    for address in ("/requests/", "/notices/"):
        assert f"/requests/{request.pk}/" in provider.get(address).content.decode()
    page = provider.get(f"/requests/{request.pk}/").content.decode()
    assert "the card, please" in page and f"{request.due_on:%d.%m.%Y}" in page
    sent = {"statement": "here it is", "files": SimpleUploadedFile("card.pdf", a_pdf())}
    assert provider.post(f"/requests/{request.pk}/", sent).status_code == 302
    assert provider.post(f"/requests/{request.pk}/", sent).status_code == 409
    request.refresh_from_db()
    assert Attachment.objects.get().step == request.answer
    assert "here it is" in expert.get(f"/cases/{case.pk}/").content.decode()
    assert f"/cases/{case.pk}/" in expert.get("/notices/").content.decode()
    assert (provider.get(f"/cases/{case.pk}/").status_code == 404) == (route == "look")


def test_a_substitute_and_a_fallen_finding_stand_among_the_notices(
    world: World, signed_in: SignIn
) -> None:
    """321/2020:45 ¶1: head office reads who reviews; the page of the case refuses another while the
    first is at work."""
    case = world.case("lethal", on=date(2026, 3, 2))
    expert = signed_in(case.assigned_to)
    other = next(e for e in world.experts["71"] if e != case.assigned_to)
    office, provider = signed_in(world.office), signed_in(world.providers["71"])
    expert.post(
        f"/cases/{case.pk}/act/", {"event": "confirm", "statement": "x", "preventable": "no"}
    )
    provider.post(f"/cases/{case.pk}/act/", {"event": "object", "statement": "x"})
    sent = {"to": other.pk, "statement": "x"}
    assert office.post(f"/cases/{case.pk}/reassign/", sent).status_code == 409
    User.objects.filter(pk=case.assigned_to_id).update(is_active=False)
    assert office.post(f"/cases/{case.pk}/reassign/", sent).status_code == 302
    assert f"№ {case.pk}" in office.get("/notices/").content.decode()


def test_a_case_says_where_sources_differ_on_a_holiday(world: World, signed_in: SignIn) -> None:
    """Law 267-II: the term of a case of 12 March crosses 15-16 March 2026, that of 2 March does
    not."""
    provider = signed_in(world.providers["71"])
    provider.cookies[COOKIE] = "en"
    crossed, plain = world.case(on=date(2026, 3, 12)), world.case(on=date(2026, 3, 2))
    assert "Sources differ" in provider.get(f"/cases/{crossed.pk}/").content.decode()
    assert "Sources differ" not in provider.get(f"/cases/{plain.pk}/").content.decode()
