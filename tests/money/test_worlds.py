"""Random worlds of two contracts a provider, two fundings, two regions and some months of a year,
against a clerk who shares no function with the product."""

from pathlib import Path

import pytest
from tests.money.worlds.draw import make_plan
from tests.money.worlds.play import Play
from tests.workflow.people import World

A_WHOLE_YEAR = 526  # all twelve months are closed, with every form of care
QUICK, ALL = range(2), (*range(2, 39), A_WHOLE_YEAR)


@pytest.mark.parametrize("seed", QUICK)
def test_a_world_to_the_tiyn(tmp_path: Path, world: World, seed: int) -> None:
    """Each act, line, funding, order, debt, service and act of reconciliation is what the clerk
    comes to. Sources: 291/2020:19, 291/2020:21, 291/2020:23, 291/2020:24, 291/2020:27, 291/2020:28,
    291/2020:47-1, 291/2020:61, 291/2020:78, 321/2020:53, 321/2020:53-2."""
    assert Play(make_plan(seed), tmp_path, world).run() == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
def test_more_worlds_to_the_tiyn(tmp_path: Path, world: World, seed: int) -> None:
    """The same for more seeds; a thousand: bench/money_worlds.py."""
    assert Play(make_plan(seed), tmp_path, world).run() == []
