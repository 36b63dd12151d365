"""What a check saw and expected, as a case's page shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.workflow.people import World

from qor.interfaces.web.kernel.template_tags import COOKIE
from qor.workflow.accounts.models import User


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("kk", "темір жолдағы жылжымалы кешен"),
        ("ru", "передвижной комплекс на железной дороге"),
        ("en", "mobile complex on the railway"),
    ],
)
def test_a_form_of_care_has_its_title(
    language: str, title: str, world: World, signed_in: Callable[[User], Client]
) -> None:
    """A form of care by its title, a day as written here; never the word of the tables."""
    case = world.case(evidence={"seen": "railway_mobile", "expected": "2026-03-16"})
    client = signed_in(world.office)
    client.cookies[COOKIE] = language
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert title in page and "16.03.2026" in page and "railway_mobile" not in page
