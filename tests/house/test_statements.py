"""How many statements of SQL each room still holds in Python: never more than today."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.house.statements import statements

SOURCE = Path(__file__).parents[2] / "src" / "qor"
# Each room's ceiling: lower it when statements move to files. A room that is not named has none.
CEILINGS = {
    "engine/imports": 9,
    "engine/intake": 48,
    "engine/settlement": 31,
    "engine/simulate": 16,
    "engine/spark": 5,
    "engine/storage": 13,
    "interfaces/cli": 13,
    "workflow/accounts": 1,
    "workflow/acts": 17,
    "workflow/append_only.py": 4,
    "workflow/audit": 4,
    "workflow/backup": 7,
    "workflow/bulk.py": 1,
    "workflow/database_roles.py": 3,
    "workflow/disputes": 4,
    "workflow/guards.py": 6,
    "workflow/ledger": 3,
    "workflow/proof": 25,
    "workflow/treasury": 2,
}
ELSEWHERE = 168  # beside settlement and interfaces; the goal is 100
_ROOMS = sorted(
    f"{floor.name}/{room.name}"
    for floor in SOURCE.iterdir()
    if floor.is_dir()
    for room in floor.iterdir()
    if (room.is_dir() and room.name != "__pycache__") or room.suffix == ".py"
)


@pytest.mark.parametrize("room", _ROOMS)
def test_a_room_keeps_below_its_ceiling(room: str) -> None:
    """What is asked of tables is asked in files, declared as steps; what is left grows no more."""
    assert len(statements(SOURCE / room)) <= CEILINGS.get(room, 0)


def test_the_ceilings_are_of_rooms_and_within_that_of_all() -> None:
    """No ceiling stands for a room that is not there."""
    assert set(CEILINGS) <= set(_ROOMS)
    apart = ("engine/settlement", "interfaces/")
    elsewhere = [n for room, n in CEILINGS.items() if not room.startswith(apart)]
    assert sum(elsewhere) <= ELSEWHERE
