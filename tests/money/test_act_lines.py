"""The engine's lines of acts against a clerk with a pencil, on random months."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp
from tests.money.clerks_pencil import pencil
from tests.money.tiny_month import CLOSED_ON, MONTH, engine, make

from qor.engine.settlement.act_lines import make_act_lines
from qor.engine.spark.portable import unguarded
from qor.engine.storage.duck import Connection, connect


def seeds(quick: int, most: int) -> list[Any]:
    """So many quick seeds, the rest for the long tests."""
    return [
        *range(quick),
        *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(quick, most)),
    ]


WITH_A_SCALE = 5
SUMS = ("claimed", "returned", "held", "disallowed", "beyond", "sanction")


@pytest.mark.parametrize("seed", seeds(3, 24))
def test_lines_are_what_a_clerk_comes_to(tmp_path: Path, seed: int) -> None:
    """Line by line to the tiyn: two contracts a provider, services that the scale leaves alone
    beside others, lines without a sum.

    291/2020:3, 291/2020:4, 291/2020:13, 291/2020:14, 291/2020:16, 291/2020:23, 291/2020:27,
    291/2020:61, 291/2020:76, 291/2020:78.
    """
    tiny = make(tmp_path, seed)
    lines, _ = engine(tiny, tmp_path)
    by_engine = {
        (
            line["provider_bin"],
            line["contract_no"],
            line["care_form"],
            line["funding"],
            line["kind"],
        ): {n: line[n] for n in SUMS}
        for line in lines
    }
    expected = {
        key: {n: sums.get(n, Decimal(0)) for n in SUMS} for key, sums in pencil(tiny).items()
    }
    assert by_engine == expected


@pytest.mark.parametrize("seed", seeds(1, 8))
def test_each_service_closes(tmp_path: Path, seed: int) -> None:
    """291/2020:81 ¶2: for each service written one by one, and for each line: claimed = returned +
    held + disallowed + beyond + accepted."""
    lines, settled = engine(make(tmp_path, seed), tmp_path)
    for row in settled:
        assert (
            row["amount"]
            == row["returned"] + row["held"] + row["disallowed"] + row["beyond"] + row["accepted"]
        )
        assert (
            min(
                row[n] for n in ("returned", "held", "disallowed", "beyond", "accepted", "sanction")
            )
            >= 0
        )
    for line in lines:
        assert (
            line["claimed"] + line["released"] == sum(line[n] for n in SUMS[1:5]) + line["accepted"]
        )


class _Recorder:
    """A connection that keeps each statement it was given."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.statements = connection, list[str]()

    def execute(self, statement: str, *values: Any) -> Any:
        """As the connection does."""
        self.statements.append(statement)
        return self.connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


def test_no_limit_of_a_closing_is_unguarded(tmp_path: Path) -> None:
    """NULL falls out of least and greatest: each operand in the closing's statements ends in what
    is never NULL. 291/2020:27."""
    tiny = make(tmp_path, WITH_A_SCALE)
    assert tiny.bands
    with connect() as connection:
        recorder: Any = _Recorder(connection)
        make_act_lines(recorder, tiny.lake, MONTH, CLOSED_ON, tiny.told, tmp_path)
    trees = [sqlglot.parse_one(statement, read="duckdb") for statement in recorder.statements]
    assert [complaint for tree in trees for complaint in unguarded(tree)] == []
    assert sum(1 for tree in trees for _ in tree.find_all(exp.Least, exp.Greatest)) >= 8
