"""The page of debts: what is entered without a debt's number is no failure of the server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.workflow.people import World

from qor.workflow.accounts.models import User


@pytest.mark.parametrize(
    "told", [{}, {"debt": ""}, {"debt": "2026-13"}, {"debt": "9" * 30}, {"debt": "1"}]
)
def test_money_returned_for_no_debt_is_not_found(
    world: World, signed_in: Callable[[User], Client], told: dict[str, str]
) -> None:
    """321/2020:53-1: a form that names no debt, or none that is there, is answered as not found."""
    answer = signed_in(world.payer).post("/debts/", told | {"amount": "1"})
    assert answer.status_code == 404
