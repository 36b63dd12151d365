"""Random worlds of two contracts a provider, two fundings, two regions and three months, against a
clerk who shares no function with the product."""

from pathlib import Path

import pytest
from tests.money.worlds.draw import make_plan
from tests.money.worlds.play import Play
from tests.workflow.people import World

QUICK, ALL = range(2), range(2, 40)


@pytest.mark.parametrize("seed", QUICK)
def test_a_world_to_the_tiyn(tmp_path: Path, world: World, seed: int) -> None:
    """Each act, funding, order, debt and service is what the clerk comes to. Sources: 291/2020:19,
    291/2020:21, 291/2020:23, 321/2020:53, 321/2020:53-2."""
    assert Play(make_plan(seed), tmp_path, world).run() == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
def test_more_worlds_to_the_tiyn(tmp_path: Path, world: World, seed: int) -> None:
    """The same for more seeds; a thousand: bench/money_worlds.py."""
    assert Play(make_plan(seed), tmp_path, world).run() == []
