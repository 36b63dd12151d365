"""The mutation run of the law floor: sites by their rule; sixty of them run in each long run."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house import mutants as sites

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''
from decimal import Decimal

STEP: int | None = -1
TIYN = Decimal("0.01")

@decorated(2)
def rule(first: int | None, whole: bool = True) -> int:
    """A rule: 3 and 4."""
    if first and not whole:
        return min(first + 5, 7)
    return [each for each in (0,) if each][0] if first <= 6 else first in (8,)
'''
EXPECTED = {
    ("", "STEP: int | None = -1", "STEP: int | None = 1"),
    ("", "STEP: int | None = -1", "STEP: int | None = -2"),
    ("", "Decimal('0.01')", "Decimal('0.1')"),
    ("rule", "first: int | None, whole: bool=True", "first: int | None, whole: bool=False"),
    ("rule", "first and (not whole)", "first or not whole"),
    ("rule", "first and (not whole)", "first and whole"),
    ("rule", "min(first + 5, 7)", "max(first + 5, 7)"),
    ("rule", "first + 5", "first - 5"),
    ("rule", "first + 5", "first + 6"),
    ("rule", "min(first + 5, 7)", "min(first + 5, 8)"),
    ("rule", "(0,)", "(1,)"),
    ("rule", "[each for each in (0,) if each]", "[each for each in (0,) if not each]"),
    ("rule", "[each for each in (0,) if each][0]", "[each for each in (0,) if each][1]"),
    ("rule", "first <= 6", "first < 6"),
    ("rule", "first <= 6", "first <= 7"),
    ("rule", "first in (8,)", "first not in (8,)"),
    ("rule", "(8,)", "(9,)"),
}


def test_each_site_has_its_mutant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operators, conditions, numbers, borders; neither annotations, decorators nor words."""
    (tmp_path / "rule.py").write_text(SOURCE, "utf-8")
    monkeypatch.setattr(sites, "LAW", tmp_path)
    mutants = sites.mutants()
    assert {(m.function, m.before, m.after) for m in mutants} == EXPECTED
    assert len(mutants) == len(EXPECTED)
    assert {m.line for m in mutants if m.lines} <= set(mutants[-1].lines)


def test_every_mutant_is_another_program() -> None:
    """Each changes its module, and each can be named."""
    mutants = sites.mutants()
    assert len(mutants) > 340
    assert all(mutant.before != mutant.after for mutant in mutants)
    changed = mutants[0].module()
    assert ast.dump(changed) != ast.dump(
        ast.parse((sites.LAW / mutants[0].file).read_text("utf-8"))
    )


@pytest.mark.slow
def test_sixty_mutants_of_the_law_are_noticed() -> None:
    """By the law's own tests; the whole run is `./qor bench mutants`."""
    line = [sys.executable, str(ROOT / "bench" / "mutants.py"), "--sample", "60", "--no-pages"]
    run = subprocess.run(line, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"\b60 run\b", run.stdout)
