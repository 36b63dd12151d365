"""`qor test`: lint, types, import contracts and tests in one command; warnings are errors."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.say import Voice

_ROOT = Path(__file__).resolve().parents[4]


def add(commands: Any) -> None:
    """Add `test`."""
    parser = command(commands, "test", "test", _test, needs_json=False)
    option(parser, "--all", key="test_all", action="store_true")
    parser.add_argument("rest", nargs="*", metavar="…")


def _test(args: argparse.Namespace, _: Voice) -> int:
    """Every step runs even if one fails; the exit code is 1 if any did."""
    chosen = [] if args.all else ["-m", "not slow"]
    python = [sys.executable, "-m"]
    steps = (
        [*python, "ruff", "check", "."],
        [*python, "ruff", "format", "--check", "--quiet", "."],
        [*python, "mypy"],
        [str(Path(sys.executable).with_name("lint-imports"))],
        [*python, "pytest", "-n", "2", *chosen, *args.rest],
    )
    failed = [step for step in steps if subprocess.run(step, cwd=_ROOT, check=False).returncode]
    return 1 if failed else 0
