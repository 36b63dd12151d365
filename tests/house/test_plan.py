"""The plan of the house is tested: citations, sentences, tests and handbook of each check; words;
the calendar; the coverage."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from qor.engine.checks.catalogue import ALL
from qor.engine.checks.check import Check
from qor.engine.intake.tables import table, table_names, titles
from qor.engine.simulate.handbook import pages
from qor.interfaces.clock import today
from qor.interfaces.messages import catalogue
from qor.law.nouns.refusals import Refusal
from qor.law.reading.calendar import known_years
from qor.law.reading.coverage import EARLIER_TEXT, coverage
from qor.law.reading.diagnoses import diagnosis_groups
from qor.law.reading.figures import figure_names
from qor.law.reading.interpretations import fixed_readings, interpretation, interpretation_names
from qor.law.reading.regulations import act_numbers, clauses

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
DONE = ("implemented", EARLIER_TEXT)


def _cases() -> set[str]:
    trees = (
        ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests" / "cases").glob("test_*.py")
    )
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.slug)
def test_each_check_is_whole(check: Check) -> None:
    """A citation, three sentences, look-alikes in three languages, figures that exist, a test of
    its name, a page in the handbook."""
    assert check.cites
    assert all((check.says.kk, check.says.ru, check.says.en))
    assert check.stays_silent
    assert set(check.figures) <= set(figure_names())
    assert set(check.diagnoses) <= set(diagnosis_groups())
    assert f"test_{check.slug.replace('-', '_')}" in _cases()
    assert (ROOT / "docs" / "handbook" / f"{check.slug}.md").exists()


def test_check_names_are_unique() -> None:
    """No two checks share a name."""
    assert len({check.slug for check in ALL}) == len(ALL)


@pytest.mark.slow
def test_the_handbook_is_up_to_date() -> None:
    """docs/handbook holds what `./qor checks --handbook docs/handbook` writes."""
    written = {
        path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "handbook").glob("*.md")
    }
    assert written == pages()


def test_the_calendar_reaches_the_end_of_next_year() -> None:
    """Deadlines of today's findings can be counted."""
    assert today().year + 1 in known_years()


_CITED = re.compile(r"(321/2020|291/2020):(annex \d+|\d+(?:-\d)?)(?![\d-])(?: ¶(\d))?")


def _cited(text: str) -> set[tuple[str, str]]:
    """The clauses that a docstring cites, each written whole: 321/2020:26, 321/2020:10 ¶3,
    321/2020:31:1), 321/2020:annex 1."""
    return {(each[1], each[2]) for each in _CITED.finditer(" ".join(text.split()))}


def _tests() -> dict[str, str]:
    """Every test by its file and name, with its docstring."""
    docstrings = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                docstrings[f"{path.relative_to(ROOT).as_posix()}::{node.name}"] = (
                    ast.get_docstring(node) or ""
                )
    return docstrings


def test_what_a_later_text_changed_is_not_said_to_be_implemented() -> None:
    """Nine rows of 291/2020 stand by a text before 12 July 2026; no row that is implemented has a
    later text that is not held."""
    rows = coverage(definitions=True)
    earlier = [row.clause.cites.clause for row in rows if row.status == EARLIER_TEXT]
    assert earlier == ["14", "39", "40", "47", "53", "56", "58", "69", "89"]
    assert not [r for r in rows if r.status == "implemented" and r.clause.text_not_held_from]


def test_coverage_names_tests_that_cite_the_clause() -> None:
    """What is said to be implemented names tests that exist and whose docstrings cite that clause,
    not the act alone; a later paragraph by its number."""
    known, wrong = _tests(), []
    for row in coverage(definitions=True):
        cites = row.clause.cites
        for name in row.tests:
            text = known.get(name)
            paragraphs = {
                int(cited[3])
                for cited in _CITED.finditer(text or "")
                if cited[2] == cites.clause and cited[3]
            }
            right = text is not None and (cites.act, cites.clause) in _cited(text)
            if not right or (
                paragraphs
                and not cites.item
                and row.clause.paragraph not in paragraphs
                and row.clause.paragraph > 1
            ):
                wrong.append(f"{cites} ¶{row.clause.paragraph}: {name}")
        if row.status in DONE and not row.tests:
            wrong.append(f"{cites} ¶{row.clause.paragraph}: no test")
    assert wrong == []


def test_tests_of_the_coverage_are_run() -> None:
    """None of them is skipped or expected to fail: what fails or is left out proves no clause."""
    named = {name for row in coverage(definitions=True) for name in row.tests}
    for name in sorted(named):
        path, _, test = name.partition("::")
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == test:
                marks = " ".join(ast.unparse(each) for each in node.decorator_list)
                assert not re.search(r"\b(skip|skipif|xfail)\b", marks), name


def test_coverage_points_at_code_that_cites() -> None:
    """Every function named exists and its docstring cites the clause; every check named exists and
    cites it too."""
    slugs, wrong = {check.slug: check for check in ALL}, []
    for row in coverage(definitions=True):
        cites = row.clause.cites
        for place in row.where:
            if place.startswith("check:"):
                cited = {
                    (cite.act, cite.clause) for cite in slugs[place.removeprefix("check:")].cites
                }
            else:
                module, _, name = place.rpartition(".")
                cited = _cited(getattr(importlib.import_module(module), name).__doc__ or "")
            if row.status in DONE and (cites.act, cites.clause) not in cited:
                wrong.append(f"{cites}: {place}")
    assert wrong == []


def test_coverage_has_a_status_and_a_reason_everywhere() -> None:
    """Implemented says where and by which test; partly says where and what is missing, in three
    languages; everything else says why."""
    for row in coverage(definitions=True):
        assert row.status in {*DONE, "partly", "not yet", "text not held", "not for software"}
        assert row.where if row.status in {*DONE, "partly"} else row.reason
        assert set(row.clause.lacks) == ({"kk", "ru", "en"} if row.status == "partly" else set())


def test_texts_in_force_that_are_not_held_are_said_to_be_so() -> None:
    """291/2020:12 without its first paragraph, what came on 12 July 2026, annexes 10-12; the
    editions of 321/2020 before August 2025."""
    rows = [row for row in coverage(definitions=True) if row.status == "text not held"]
    named = {(row.clause.cites.act, row.clause.cites.clause, row.clause.cites.item) for row in rows}
    wanted = {
        ("291/2020", "12", "1)"),
        ("291/2020", "12", "2)"),
        *(("291/2020", f"annex {n}", "") for n in (10, 11, 12)),
    }
    assert (
        wanted | {("321/2020", "before 01.08.2025", ""), ("291/2020", "since 12.07.2026", "")}
        <= named
    )
    later = {item.cites.clause for item in clauses("291/2020") if item.text_not_held_from}
    assert {"14", "40", "50", "53", "59", "69", "79", "80", "89", "91"} <= later


def test_no_clause_is_missing() -> None:
    """Clauses 1 to 60, 53-1, 53-2 and the five annexes of rules 321/2020; 1 to 92, 47-1 and what is
    cut off of rules 291/2020."""
    numbers = {item.cites.clause for item in clauses("321/2020")}
    assert numbers == {str(n) for n in range(1, 61)} | {"53-1", "53-2"} | {
        f"annex {n}" for n in range(1, 6)
    }
    paying = {item.cites.clause for item in clauses("291/2020")}
    assert paying == {str(n) for n in range(1, 93)} | {"47-1", "93-"} | {
        f"annex {n}" for n in (10, 11, 12)
    }
    assert act_numbers() == ["291/2020", "321/2020"]


def test_every_sentence_is_in_three_languages() -> None:
    """No key without kk, ru and en, and the same facts in each."""
    for key, texts in catalogue().items():
        assert set(texts) == {"kk", "ru", "en"}, key
        facts = [set(re.findall(r"{(\w+)}", text)) for text in texts.values()]
        assert facts[0] == facts[1] == facts[2], key
        assert all(text.strip() for text in texts.values()), key


def test_every_refusal_has_its_sentence() -> None:
    """The key of each named refusal stands in the catalogue."""
    for path in SOURCES:
        if path.name != "__main__.py":
            importlib.import_module(
                ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(
                    ".__init__"
                )
            )
    keys, waiting = set(), [Refusal]
    while waiting:
        each = waiting.pop()
        keys.add(each.key)
        waiting += each.__subclasses__()
    assert {f"refusals.{key}" for key in keys} <= set(catalogue())


def test_every_key_asked_for_is_there() -> None:
    """Literal keys in the code exist in the catalogue."""
    asked = re.compile(r'(?:\.t|text)\("([a-z]+\.[a-z_]+)"')
    for path in SOURCES:
        assert set(asked.findall(path.read_text("utf-8"))) <= set(catalogue()), path


def test_every_column_has_titles() -> None:
    """Each column of each table may be named in Kazakh and in Russian."""
    for name in table_names():
        for column in table(name).columns:
            assert titles(column.name)["kk"] and titles(column.name)["ru"], (name, column.name)


def test_interpretations_are_cited_settings() -> None:
    """Each has a choice among its choices, of which there are two at least, a citation, three
    sentences; and the code asks for it by name."""
    asked = "".join(path.read_text("utf-8") for path in SOURCES)
    for name in interpretation_names():
        setting = interpretation(name)
        assert setting.choice in setting.choices and len(set(setting.choices)) >= 2, name
        assert setting.cites and all(setting.says.values())
        assert f'"{name}"' in asked, f"{name} is a setting that nothing reads"


def test_fixed_readings_are_no_settings() -> None:
    """What is built in is cited, said in three languages, and no setting too."""
    for reading in fixed_readings():
        assert reading.cites and all(reading.says.values())
        assert reading.reading and reading.name not in interpretation_names()


def test_files_and_functions_are_small() -> None:
    """No file over 500 lines (a migration is as Django writes it), no function over 60."""
    for path in SOURCES:
        text = path.read_text("utf-8")
        assert path.parent.name == "migrations" or text.count("\n") <= 500, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or node.lineno) - node.lineno <= 60, (path, node.name)


def test_checks_read_neither_clock_nor_database() -> None:
    """No check's SQL asks what time it is or opens a file."""
    for check in ALL:
        assert not re.search(
            r"\b(now|current_date|current_timestamp|today|read_\w+)\b", check.sql, re.IGNORECASE
        ), check.slug
