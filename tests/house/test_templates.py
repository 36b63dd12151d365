"""Templates are read as code is: formatted by one tool, no line over 120 signs."""

from __future__ import annotations

from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[2] / "src"
_LONGEST = 120


def test_no_line_of_a_template_is_over_120_signs() -> None:
    """The formatter breaks tags, never text: a long line asks for a component or a sentence."""
    templates = sorted(_SOURCE.rglob("*.html"))
    assert templates
    assert [
        f"{template.relative_to(_SOURCE)}:{number}: {len(line)}"
        for template in templates
        for number, line in enumerate(template.read_text("utf-8").splitlines(), 1)
        if len(line) > _LONGEST
    ] == []
