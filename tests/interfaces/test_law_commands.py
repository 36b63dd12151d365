"""`qor law`: terms, figures, classification, deductions, coverage and clauses by command."""

import json
from typing import Any

import pytest

from qor.interfaces.cli.main import main


def ask(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    """Run a command that prints JSON."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_deadline(capsys: pytest.CaptureFixture[str]) -> None:
    """Five working days from 19 March 2026."""
    assert (
        ask(capsys, "law", "deadline", "--from", "2026-03-19", "--working-days", "5")["due_on"]
        == "2026-03-31"
    )


def test_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """The index of 2026, as text, with its citation."""
    answer = ask(capsys, "law", "figure", "mci", "--on", "2026-06-01")
    assert (answer["value"], answer["unit"]) == ("4325", "tenge")
    assert answer["cites"]


def test_classification(capsys: pytest.CaptureFixture[str]) -> None:
    """28 x 15 rows; the second half of "1 КТ / 100 %" stands under alternative."""
    rows = ask(capsys, "law", "classification", "--on", "2026-06-01")
    assert len(rows) == 420
    hiv = next(row for row in rows if (row["code"], row["care_form"]) == ("1.0", "hiv"))
    assert (hiv["kind"], hiv["value"], hiv["unit"], hiv["alternative"]["value"]) == (
        "multiple",
        "1",
        "КТ",
        "100",
    )
    kinds = {row["kind"] for row in rows}
    assert kinds == {"none", "applies", "zero", "percent", "multiple", "unprinted"}


def test_deduction(capsys: pytest.CaptureFixture[str]) -> None:
    """Three times the cost of an unconfirmed service."""
    answer = ask(
        capsys,
        "law",
        "deduction",
        "--code",
        "5.1",
        "--care-form",
        "outpatient",
        "--amount",
        "12400",
        "--on",
        "2026-06-01",
    )
    assert answer["amount"] == "37200.00"
    assert answer["cites"]


def test_coverage(capsys: pytest.CaptureFixture[str]) -> None:
    """A row for each operative clause item."""
    rows = ask(capsys, "law", "coverage")
    assert {"act", "clause", "item", "status", "where"} <= set(rows[0])
    assert {row["status"] for row in rows} <= {
        "implemented",
        "implemented by an earlier text",
        "partly",
        "not yet",
        "text not held",
        "not for software",
    }


def test_a_deadline_says_where_sources_differ(capsys: pytest.CaptureFixture[str]) -> None:
    """A term over 15-16 March 2026 names the days (law 267-II); one that crosses none is silent."""
    crossed = ask(capsys, "law", "deadline", "--from", "2026-03-12", "--working-days", "5")
    assert crossed["in_doubt"] == ["2026-03-15", "2026-03-16"]
    assert (
        main(["law", "deadline", "--from", "2026-03-12", "--working-days", "5", "--lang", "en"])
        == 0
    )
    assert "Sources differ" in capsys.readouterr().out
    assert (
        main(["law", "deadline", "--from", "2026-03-17", "--working-days", "3", "--lang", "en"])
        == 0
    )
    assert "Sources differ" not in capsys.readouterr().out


def test_one_paragraph_of_a_clause(capsys: pytest.CaptureFixture[str]) -> None:
    """321/2020:10 ¶2 and 321/2020:10 ¶3 each answer alone; a ninth is refused by name."""
    for typed, paragraph in (("10 ¶2", 2), ("321/2020:10 ¶3", 3), ("10 ¶ 3", 3), ("10 абз. 3", 3)):
        (row,) = ask(capsys, "law", "clause", typed)
        assert row["paragraph"] == paragraph
    assert len(ask(capsys, "law", "clause", "10")) == 3
    assert main(["law", "clause", "10 ¶9", "--lang", "en"]) == 2
    assert "no clause 10 ¶9" in capsys.readouterr().err


def test_the_law_says_what_is_not_held(capsys: pytest.CaptureFixture[str]) -> None:
    """291/2020:14 has another text since 12 July 2026 that is not held; the edition of order 19 has
    two first days; coverage names tests and gaps."""
    before = ask(capsys, "law", "clause", "14", "--act", "291/2020", "--on", "2026-07-11")
    after = ask(capsys, "law", "clause", "14", "--act", "291/2020", "--on", "2026-07-12")
    assert [row[0]["text_not_held_from"] for row in (before, after)] == [None, "2026-07-12"]
    assert main(["law", "clause", "26", "--on", "2026-03-15", "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "inferred" in printed and "16.03.2026" in printed
    rows = ask(capsys, "law", "coverage", "--all")
    assert {row["status"] for row in rows} == {
        "implemented",
        "implemented by an earlier text",
        "partly",
        "not yet",
        "text not held",
        "not for software",
    }
    assert all(row["tests"] for row in rows if row["status"].startswith("implemented"))
    assert any(row["clause"] == "before 01.08.2025" for row in rows)
    for language in ("kk", "ru", "en"):
        assert main(["law", "coverage", "--all", "--lang", language]) == 0
