"""A newcomer finds the answers in the docs; the site knows every page; links lead somewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_LINK = re.compile(r"\]\(([^)#\s]+)")
_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
# Question as it stands in docs/questions.md, the page that answers it, words of the answer.
QUESTIONS = (
    ("What is a finding", "expert.md", ("sum at stake", "general", "potential", "additional")),
    ("says nothing", "adr/0010-routes-are-data.md", ("provider's silence", "never decides")),
    ("Why did this check", "expert.md", ("look-alikes", "the clause", "handbook/README.md")),
    ("first paid month", "operations/from-nothing.md", ("./qor init", "./qor money paid")),
    ("what is a rejected row", "provider.md", ("rejected", "reason", "accepted + rejected")),
    ("act's sum", "worked-examples.md", ("held", "291/2020")),
    ("nobody changed", "operations/keeping.md", ("./qor audit verify", "./qor lake verify")),
    ("back up and restore", "operations/keeping.md", ("./qor backup", "./qor restore")),
    ("not do yet", "systems.md", ("not yet", "| S001 |")),
    ("add a check", "how-to/add-a-check.md", ("SELECT", ".yaml", "tests/cases")),
)
_LONGER = ("add-a-page", "add-a-table")  # how-tos whose commands run with `--all` only


@pytest.mark.parametrize(("question", "page", "words"), QUESTIONS, ids=lambda each: str(each)[:20])
def test_a_question_is_answered(question: str, page: str, words: tuple[str, ...]) -> None:
    """The list names the page, and the page holds the words of the answer."""
    lines = (DOCS / "questions.md").read_text("utf-8").splitlines()
    assert [line for line in lines if question in line and f"]({page})" in line]
    text = (DOCS / page).read_text("utf-8")
    assert [word for word in words if word not in text] == []


def test_the_list_has_ten_questions() -> None:
    """As many as are tested here, and no other."""
    lines = (DOCS / "questions.md").read_text("utf-8").splitlines()
    assert len(QUESTIONS) == len([line for line in lines if re.match(r"\d+\. ", line)]) == 10


def test_links_of_the_pages_lead_somewhere() -> None:
    """Each relative link of README, docs and the other pages of the root is a file that is
    there; pages of the site do not link out of it."""
    wrong = []
    for page in (*ROOT.glob("*.md"), *DOCS.rglob("*.md")):
        for link in _LINK.findall(page.read_text("utf-8")):
            target = (page.parent / link).resolve()
            inside = DOCS not in page.parents or DOCS in target.parents
            if "://" not in link and not (inside and target.exists()):
                wrong.append(f"{page.relative_to(ROOT)}: {link}")
    assert wrong == []


def _pages_of_the_site(nav: object) -> set[str]:
    if isinstance(nav, str):
        return {nav}
    parts = nav.values() if isinstance(nav, dict) else nav
    return set().union(*(_pages_of_the_site(part) for part in parts))  # type: ignore[attr-defined]


def test_the_site_knows_every_page() -> None:
    """The menu names every page of docs but those that the handbook's and the decisions' lists
    name."""
    menu = _pages_of_the_site(yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"])
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    listed = {page for page in pages if re.match(r"(handbook/|adr/0)", page)}
    assert menu | listed == pages


def test_decisions_are_numbered_and_dated() -> None:
    """Each record has status, date, context, decision and consequences; numbers have no gap; the
    list names each with its title and date."""
    records = sorted((DOCS / "adr").glob("0*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    index = (DOCS / "adr" / "README.md").read_text("utf-8")
    for record in records:
        text = record.read_text("utf-8")
        title, day = re.match(r"# (\d{4}\. .+)", text), re.search(r"^- Date: (\S+)$", text, re.M)
        assert title and day and re.search(r"^- Status: (accepted|superseded by)", text, re.M)
        assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Consequences"]
        assert f"[{title[1][6:]}]({record.name}) | {day[1]} |" in index, record


def test_the_readme_is_one_screen() -> None:
    """At most sixty lines; its pictures are small; its figure of systems is that of the page."""
    text = (ROOT / "README.md").read_text("utf-8")
    assert text.count("\n") <= 60
    assert all(picture.stat().st_size < 300 * 1024 for picture in DOCS.rglob("*.png"))
    states = re.search(r"(\d+) in Qor whole, (\d+) in part, and (\d+) not", _systems())
    assert states and "{} work whole, {} in part, {} not yet".format(*states.groups()) in text


def _systems() -> str:
    return " ".join((DOCS / "systems.md").read_text("utf-8").split()).replace(" work in", " in")


def test_changes_say_from_which_day_the_law_has_effect() -> None:
    """Entries of law begin with their day; the days of both editions are there."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    law = text.split("### Effects of law")[1].split("###")[0]
    entries = re.findall(r"^- (.+)$", law, re.M)
    assert entries
    assert all(re.match(r"\*\*From \d+ [A-Z][a-z]+ \d{4}\*\*", entry) for entry in entries)
    assert "14 March 2026" in law and "1 August 2025" in law


@pytest.mark.parametrize(
    "page", ["add-a-check", *(pytest.param(page, marks=pytest.mark.slow) for page in _LONGER)]
)
def test_the_commands_of_a_how_to_run(page: str, tmp_path: Path) -> None:
    """As they stand, in a copy of the checkout, with what is compiled of it."""
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = f'#!/bin/sh\nPYTHONPATH="{tmp_path / "src"}:{tmp_path}" exec "{sys.executable}"'
    for place, tail in ((".venv/bin/python", ' "$@"'), ("qor", ' -m qor "$@"')):
        (tmp_path / place).write_text(f"{python}{tail}\n", "utf-8")
        (tmp_path / place).chmod(0o755)
    commands = "".join(_SHELL.findall((DOCS / "how-to" / f"{page}.md").read_text("utf-8")))
    shell = ["sh", "-e", "-c", commands]
    answer = subprocess.run(
        shell, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False
    )
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-3000:]
    wanted = {
        "add-a-check": ("long-visit", "1 passed"),
        "add-a-page": ("passed",),
        "add-a-table": ("**opening_hours**",),
    }
    assert [word for word in wanted[page] if word not in answer.stdout] == []


def test_deployed_commands_are_commands() -> None:
    """Units and container start what the command line knows; they hold no secret, and name only
    settings of the operators' table."""
    settings = (DOCS / "operations" / "settings.md").read_text("utf-8")
    for file in (ROOT / "deploy").iterdir():
        text = file.read_text("utf-8")
        started = re.findall(r'^ExecStart=/opt/qor/qor (\w+)|^CMD \["(\w+)"', text, re.M)
        assert {one or other for one, other in started} <= {"serve", "worker"} and started, file
        assert all(f"`{name}`" in settings for name in re.findall(r"\bQOR_[A-Z_]+", text)), file
        assert not re.search(r"(KEY|PASSWORD)=\S", text), file


def test_hooks_are_the_tools_of_the_test_command() -> None:
    """Each hook runs a tool that `./qor test` runs, from the environment of the checkout."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]
    command = (ROOT / "src/qor/interfaces/cli/test_command.py").read_text("utf-8")
    for hook in hooks["hooks"]:
        tool = re.match(r"\.venv/bin/(?:python -m )?([\w-]+)", hook["entry"])
        assert tool and f'"{tool[1]}"' in command, hook["id"]
