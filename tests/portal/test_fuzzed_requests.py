"""Requests that nobody meant end in an answer, never in a failure of the server."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.portal.fuzzing import requests
from tests.portal.test_access import _paid_act
from tests.workflow.people import World, at

from qor.engine.storage.lake import Lake
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Act
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.models import Case
from qor.workflow.treasury.models import Order

SignIn = Callable[[User], Client]


def _play(world: World, signed_in: SignIn, seed: int, count: int) -> tuple[Counter[int], list[str]]:
    """Statuses by how often, and the requests that failed."""
    apply_event(
        world.case(on=date(2026, 3, 2)).pk,
        "object",
        by=world.providers["71"],
        at=at(date(2026, 3, 2)),
        statement="x",
    )
    world.case(region="75")
    _paid_act(world)
    numbers = [
        *Case.objects.values_list("pk", flat=True),
        Act.objects.get().pk,
        Order.objects.get().pk,
    ]
    users = [
        *world.providers.values(),
        *world.experts["71"],
        *world.experts["75"],
        *world.accountants.values(),
        world.office,
        world.payer,
        world.auditor,
        world.administrator,
    ]
    clients = [signed_in(user) for user in users] + [Client()]
    statuses: Counter[int] = Counter()
    failed = []
    for request in requests(seed, count, numbers):
        status = request.send(clients)
        statuses[status] += 1
        if status >= 500:
            failed.append(
                f"{request.method} {request.path[:120]} {str(request.fields)[:300]} {request.kind}"
            )
    return statuses, failed


@pytest.mark.slow
def test_fuzzed_requests_never_break_the_server(
    world: World, lake: Lake, signed_in: SignIn, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A thousand drawn by a seed; QOR_FUZZ_COUNT and QOR_FUZZ_SEED draw others
    (bench/fuzz_requests.py)."""
    settings.QOR_TRIES_A_MINUTE = 1_000_000
    count, seed = (
        int(os.environ.get("QOR_FUZZ_COUNT", "1000")),
        int(os.environ.get("QOR_FUZZ_SEED", "1")),
    )
    statuses, failed = _play(world, signed_in, seed, count)
    print(  # noqa: T201 - the figure that is quoted
        f"seed {seed}: {sum(statuses.values())} requests, {len(failed)} answers 5xx, "
        f"{dict(sorted(statuses.items()))}"
    )
    assert sum(statuses.values()) == count
    assert not failed, "\n".join(failed[:20])


def test_a_few_fuzzed_requests(world: World, lake: Lake, signed_in: SignIn, settings: Any) -> None:
    """A hundred and fifty of them in the quick tests."""
    settings.QOR_TRIES_A_MINUTE = 1_000_000
    _, failed = _play(world, signed_in, 7, 150)
    assert not failed, "\n".join(failed[:20])
