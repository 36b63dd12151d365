"""A sample of the mutated registers of bench/mutated_registers.py (the full count's print stands in
docs/proofs.md)."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench" / "mutated_registers.py"


@pytest.mark.slow
def test_three_hundred_mutated_registers() -> None:
    """No traceback, an answer within ten seconds, received = accepted + rejected, no path of the
    machine in a sentence."""
    done = subprocess.run(
        [sys.executable, BENCH, "--count", "300", "--seed", "2"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "300 mutants: 0 tracebacks, 0 without an answer in 10 s" in done.stdout
