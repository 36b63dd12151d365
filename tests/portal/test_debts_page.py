"""The page of debts: what is entered without a debt's number is no failure of the server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.workflow.people import World

from qor.workflow.accounts.models import User
from qor.workflow.acts.models import DebtTaken


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 409),
        ({"debt": ""}, 409),
        ({"debt": "2026-13"}, 404),
        ({"debt": "9" * 30}, 404),
        ({"debt": "1"}, 404),
    ],
)
def test_money_returned_for_no_debt_is_refused(
    world: World, signed_in: Callable[[User], Client], sent: dict[str, str], status: int
) -> None:
    """321/2020:53-1: a form that names no debt is shown again as refused, one that names a debt
    that is not there is not found; nothing is entered."""
    answer = signed_in(world.payer).post("/debts/", sent | {"amount": "1"})
    assert answer.status_code == status
    assert not DebtTaken.objects.exists()
