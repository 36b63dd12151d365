"""`qor test`: lint, types, import contracts and tests in one command; warnings are errors.

`qor fix`, `qor bench` and `qor dependencies` stand beside it.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qor.interfaces.cli import dependencies_command
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.sql_lint import lint_sql
from qor.interfaces.cli.voice import Voice
from qor.law.nouns.refusals import Refusal

_POSTGRES = ("127.0.0.1", 5432)
_DEFAULT = "postgresql://postgres@127.0.0.1:5432/test"
_ROOT = Path(__file__).resolve().parents[4]

# What opens databases of its own, or none: once is enough.
_APART = tuple(
    f"--ignore=tests/money/test_{name}.py"
    for name in ("crashes", "act_lines", "worlds", "order_races")
)
# On PostgreSQL the quick tests look at what differs most there; the long ones at all of it.
_QUICK_AGAIN = (
    "tests/workflow",
    "tests/money/test_closing.py",
    "tests/money/test_documents.py",
    "tests/money/test_seals.py",
)
_AGAIN = ("tests/workflow", "tests/money", "tests/portal", *_APART)


def add(commands: Any) -> None:
    """Add `test`, `fix`, `bench` and `dependencies`."""
    dependencies_command.add(commands)
    command(commands, "fix", "fix", _fix, needs_json=False)
    bench = command(commands, "bench", "bench", _bench, needs_json=False)
    option(bench, "name", key="bench_name")
    bench.add_argument("rest", nargs=argparse.REMAINDER, metavar="…")
    parser = command(commands, "test", "test", _test, needs_json=False)
    option(parser, "--all", key="test_all", action="store_true")
    option(parser, "--measure", key="test_measure", action="store_true")
    parser.add_argument("rest", nargs="*", metavar="…")


def _test(args: argparse.Namespace, voice: Voice) -> int:
    """Every step runs even if one fails; the exit code is 1 if any did. The workflow is tested on
    SQLite and, where it listens, on PostgreSQL."""
    chosen = [] if args.all else ["-m", "not slow"]
    python = [sys.executable, "-m"]
    steps = (
        [*python, "ruff", "check", "."],
        [*python, "ruff", "format", "--check", "--quiet", "."],
        [*python, "djlint", "--check", "--lint", "--quiet", "src"],
        [*python, "mypy"],
        [*python, "mypy", "--follow-imports=silent", "--cache-dir=.mypy_cache/bench", "bench"],
        [str(Path(sys.executable).with_name("lint-imports"))],
        *_tests(python, [*chosen, *args.rest], args.measure),
    )
    sqlfluff = [*python, "sqlfluff", "lint", "--disable-progress-bar"]
    failed = [sqlfluff] if lint_sql(_ROOT, lambda files: _fails([*sqlfluff, *files])) else []
    failed += [step for step in steps if _fails(step)]
    if _listens(*_POSTGRES) or "postgres" in os.environ.get("QOR_REQUIRE", ""):
        again = [*python, "pytest", "-n", "2", *chosen, *(_AGAIN if args.all else _QUICK_AGAIN)]
        on_postgres = {"QOR_DATABASE_URL": os.environ.get("QOR_TEST_POSTGRES", _DEFAULT)}
        failed += [again] if _fails(again, on_postgres) else []
    else:
        voice.line(voice.t("cli.test_no_postgres"))
    return 1 if failed else 0


def _fails(step: list[str], settings: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Run a step. What it compiles stays for the next one, though the machine may ask for no
    compiled files: a test command starts hundreds of processes."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(step, cwd=_ROOT, check=False, env={**environment, **settings})
    return done.returncode != 0


def _tests(python: list[str], chosen: list[str], measured: bool) -> list[list[str]]:
    """The tests as steps; where they are measured, with coverage, whose floors stand in
    `pyproject.toml`. Only all of them can reach the floors."""
    tests = ["pytest", "-n", "2", *chosen]
    if not measured:
        return [[*python, *tests]]
    return [
        [*python, "coverage", "erase"],
        [*python, "coverage", "run", "-m", *tests],
        [*python, "coverage", "combine", "--quiet"],
        [*python, "tests.house.floors"],
    ]


def _fix(_: argparse.Namespace, voice: Voice) -> int:
    """Bring Python, SQL and templates into the form that `test` asks for."""
    python = [sys.executable, "-m"]
    steps = (
        [*python, "ruff", "check", "--fix", "--quiet", "."],
        [*python, "ruff", "format", "--quiet", "."],
        [*python, "sqlfluff", "fix", "--quiet", "--disable-progress-bar", "src"],
        [*python, "djlint", "--reformat", "--quiet", "src"],
    )
    return max(subprocess.run(step, cwd=_ROOT, check=False).returncode for step in steps)


def _bench(args: argparse.Namespace, voice: Voice) -> int:
    """Run a bench by its name. UnknownBench."""
    known = sorted(path.stem for path in (_ROOT / "bench").glob("*.py"))
    if args.name not in known:
        raise UnknownBench(name=args.name, known=", ".join(known))
    script = _ROOT / "bench" / f"{args.name}.py"
    return subprocess.run([sys.executable, str(script), *args.rest], check=False).returncode


class UnknownBench(Refusal):
    """No bench of that name."""

    key = "unknown_bench"


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0
