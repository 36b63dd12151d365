"""The engine's lines of acts against a clerk with a pencil, on random months."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.money.tiny_month import engine, make, pencil

SUMS = ("claimed", "returned", "held", "disallowed", "beyond", "sanction")


@pytest.mark.parametrize("seed", range(24))
def test_lines_are_what_a_clerk_comes_to(tmp_path: Path, seed: int) -> None:
    """Line by line to the tiyn: two contracts a provider, services that the scale leaves alone beside others, lines without a sum.

    291/2020:3, 291/2020:4, 291/2020:13, 291/2020:14, 291/2020:16, 291/2020:23, 291/2020:27, 291/2020:61, 291/2020:76, 291/2020:78.
    """
    tiny = make(tmp_path, seed)
    lines, _ = engine(tiny, tmp_path)
    found = {
        (line["provider_bin"], line["contract_no"], line["care_form"], line["funding"], line["kind"]): {
            n: line[n] for n in SUMS
        }
        for line in lines
    }
    expected = {key: {n: sums.get(n, Decimal(0)) for n in SUMS} for key, sums in pencil(tiny).items()}
    assert found == expected


@pytest.mark.parametrize("seed", range(8))
def test_each_service_closes(tmp_path: Path, seed: int) -> None:
    """291/2020:81 ¶2: for each service written one by one, and for each line: claimed = returned + held + disallowed + beyond + accepted."""
    lines, settled = engine(make(tmp_path, seed), tmp_path)
    for row in settled:
        assert row["amount"] == row["returned"] + row["held"] + row["disallowed"] + row["beyond"] + row["accepted"]
        assert min(row[n] for n in ("returned", "held", "disallowed", "beyond", "accepted", "sanction")) >= 0
    for line in lines:
        assert line["claimed"] + line["released"] == sum(line[n] for n in SUMS[1:5]) + line["accepted"]
