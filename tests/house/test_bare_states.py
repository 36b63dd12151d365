"""States and kinds are asked for by an enumeration, never by bare text."""

from __future__ import annotations

from pathlib import Path

from tests.house.bare_states import bare_states

_SOURCE = Path(__file__).resolve().parents[2] / "src/qor"
# Rows of the invented country are cells of files, not of a model.
_ELSEWHERE = {"migrations", "simulate"}


def test_no_query_names_a_state_by_bare_text() -> None:
    """A state that a machine or model renames breaks its queries when they are read, not when they
    find nothing."""
    files = [path for path in _SOURCE.rglob("*.py") if not _ELSEWHERE & set(path.parts)]
    assert files
    assert [place for path in sorted(files) for place in bare_states(path)] == []


def test_bare_text_is_noticed(tmp_path: Path) -> None:
    """In a filter, a condition, a list of them; not in a model's constraint, nor an empty one."""
    asked = tmp_path / "asked.py"
    asked.write_text(
        """Case.objects.filter(outcome="confirmed").exclude(act__state__in=["a"])
Q(kind="x")
Case.objects.filter(outcome="", month="2026-01", state=State.PAID)
class Order:
    class Meta:
        condition = Q(state="made")
""",
        "utf-8",
    )
    assert bare_states(asked) == [
        "asked.py:1: act__state__in",
        "asked.py:1: outcome",
        "asked.py:2: kind",
    ]
