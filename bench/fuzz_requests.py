"""Fuzzed requests against every page, as every role: `python bench/fuzz_requests.py --count 22000`.

Prints a line a seed with the statuses; exit code 1 where an answer is 5xx.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

_A_SEED = 2_000
_TEST = "tests/portal/test_fuzzed_requests.py::test_fuzzed_requests_never_break_the_server"


def main() -> int:
    """Run as many seeds as the count needs, 2,000 requests each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=22_000)
    asked = parser.parse_args().count
    failures = 0
    for seed in range(1, -(-asked // _A_SEED) + 1):
        count = min(_A_SEED, asked - (seed - 1) * _A_SEED)
        variables = os.environ | {"QOR_FUZZ_COUNT": str(count), "QOR_FUZZ_SEED": str(seed)}
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-n0", _TEST]
        answer = subprocess.run(
            command,
            cwd=Path(__file__).parents[1],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        said = [
            line.lstrip(".F")
            for line in answer.stdout.splitlines()
            if "seed " in line and "requests" in line
        ]
        print(said[0] if said else answer.stdout[-2000:], flush=True)
        failures += answer.returncode != 0
        if answer.returncode:
            print(
                "\n".join(line for line in answer.stdout.splitlines() if line.startswith("E  "))[
                    :3000
                ]
            )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
