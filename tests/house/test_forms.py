"""What people send is read in one place: by the forms of the web's kernel."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "src" / "qor" / "interfaces" / "web"
READ_BY_HAND = {"POST", "FILES"}


def outside_the_kernel() -> list[Path]:
    """Every module of the web but the kernel's."""
    return sorted(path for path in WEB.rglob("*.py") if WEB / "kernel" not in path.parents)


def reads_by_hand(source: str) -> Iterator[str]:
    """The lines of a module that read what a request sent."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in READ_BY_HAND:
            yield f"{node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", outside_the_kernel(), ids=lambda p: p.relative_to(WEB).as_posix())
def test_nothing_reads_a_post_by_hand(path: Path) -> None:
    """Neither its fields nor its files: a form says what they are, and keeps them when refused."""
    assert list(reads_by_hand(path.read_text("utf-8"))) == []


def test_a_read_by_hand_is_seen() -> None:
    """The checker sees what it is there to see."""
    planted = "def view(request):\n    sent = request.POST\n    return sent, self.r.FILES['x']\n"
    assert list(reads_by_hand(planted)) == ["2: request.POST", "3: self.r.FILES"]
    assert len(outside_the_kernel()) > 30
