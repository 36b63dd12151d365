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


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("typed", ["291/2020, annex 10", "291/2020:annex 11", "291/2020:12 1)"])
def test_a_text_that_is_not_held_is_said_to_be_none(
    capsys: pytest.CaptureFixture[str], language: str, typed: str
) -> None:
    """As `law coverage` says of it; no edition is said to have been read."""
    words = {"kk": "сақталмаған", "ru": "не содержится", "en": "not held"}
    assert main(["law", "clause", typed, "--on", "2026-08-01", "--lang", language]) == 0
    printed = capsys.readouterr().out
    assert words[language] in printed and "52/2026" not in printed
    assert main(["law", "clause", "291/2020:19", "--on", "2026-08-01", "--lang", language]) == 0
    printed = capsys.readouterr().out  # its first part is not held, its items are
    assert words[language] in printed and "52/2026" in printed


@pytest.mark.parametrize(
    ("typed", "on", "known"),
    [
        ("321/2020:12 1)", "2026-08-01", "¶1."),
        ("321/2020:2 22)", "2026-08-01", "19), 20)."),
        ("321/2020:11 4)", "2026-08-01", "1), 2), 3)."),
        ("321/2020:annex 1 3.5", "2026-01-01", "3.3, 4.0"),
        ("321/2020:annex 1 5.1/nowhere", "2026-08-01", "5.1"),
        ("321/2020:annex 2 4", "2026-08-01", "¶1."),
        ("291/2020:78 13)", "2026-08-01", "12)."),
        ("10 ¶9", "2026-08-01", "¶1, ¶2, ¶3."),
    ],
)
def test_an_item_that_a_clause_does_not_have(
    capsys: pytest.CaptureFixture[str], typed: str, on: str, known: str
) -> None:
    """Refused by name, with what the clause has on that day."""
    assert main(["law", "clause", typed, "--on", on, "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert f"{typed.split()[-1]}. What that clause has: " in said and known in said


@pytest.mark.parametrize(
    ("typed", "on", "alone"),
    [
        ("321/2020:2 21)", "2026-01-01", False),
        ("321/2020:2 20)", "2026-08-01", False),
        ("321/2020:annex 1 3.4", "2026-08-01", False),
        ("321/2020:annex 1 5.1/hiv", "2026-08-01", False),
        ("291/2020:78 11)", "2026-08-01", False),
        ("291/2020:2 5)", "2026-08-01", False),
        ("291/2020:2 33)", "2026-08-01", True),
        ("321/2020:51 8)", "2026-08-01", True),
    ],
)
def test_an_item_that_the_text_has_is_answered(
    capsys: pytest.CaptureFixture[str], typed: str, on: str, alone: bool
) -> None:
    """By its own sentence, or by the clause's with a word that it is not told alone."""
    assert main(["law", "clause", typed, "--on", on, "--lang", "en"]) == 0
    assert ("not told on its own" in capsys.readouterr().out) is not alone
    rows = ask(capsys, "law", "clause", typed, "--on", on)
    assert [bool(row.get("item")) for row in rows] == [alone]


@pytest.mark.parametrize(
    ("typed", "on", "order"),
    [
        ("321/2020:2 21)", "2026-08-01", "68/2025"),
        ("321/2020:annex 1 1.3", "2026-08-01", "68/2025"),
        ("321/2020:annex 1 3.4", "2026-01-01", "19/2026"),
    ],
)
def test_an_item_of_another_edition_is_said_to_be_that(
    capsys: pytest.CaptureFixture[str], typed: str, on: str, order: str
) -> None:
    """A finding of before cites what the edition of today does not have."""
    assert main(["law", "clause", typed, "--on", on, "--lang", "en"]) == 0
    item = typed.split()[-1]
    printed = " ".join(capsys.readouterr().out.split())
    assert f"has no {item}: it stands in the edition of order {order}." in printed
