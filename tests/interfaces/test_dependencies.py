"""The audit of dependencies, and the builder of the site: what each says and how it ends."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.needs import need

from qor.interfaces.cli.main import main

WEAK = {"id": "PYSEC-2026-1", "fix_versions": ["1.1"], "aliases": [], "description": "…"}
SOUND = {"name": "sound", "version": "2.0", "vulns": []}
SKIPPED = {"name": "unknown", "skip_reason": "not found"}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Lets the auditor answer with what it printed and what it complained of."""

    def answer(printed: str, trouble: str = "") -> None:
        done = subprocess.CompletedProcess([], 1, printed, trouble)
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
        monkeypatch.setattr("qor.interfaces.cli.dependencies_command.find_spec", lambda _: True)

    return answer


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([SOUND], 0, ("asked about: 1", "weaknesses: 0")),
        (
            [SOUND, {"name": "weak", "version": "1.0", "vulns": [WEAK]}],
            1,
            ("weak 1.0: PYSEC-2026-1; mended in 1.1", "weaknesses: 1"),
        ),
        ([SOUND, SKIPPED], 3, ("could be read of: unknown", "asked about: 1")),
        ([SKIPPED], 3, ("No advisories could be read", "not found")),
    ],
)
def test_the_audit_says_what_it_read(
    packages: list[dict[str, object]],
    code: int,
    words: tuple[str, ...],
    answers: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 none known, 1 a weakness, 3 something was not read: none is taken for another."""
    answers(json.dumps({"dependencies": packages}), "")
    assert main(["dependencies", "--lang", "en"]) == code
    said = " ".join(capsys.readouterr().out.split())
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize("printed", ["", "{", "[]", "null"])
def test_a_closed_network_is_no_clean_bill(
    printed: str, answers: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an answer that can be read, the command says so and why, with a code of its own."""
    answers(printed, "Traceback\nConnectionError: network is unreachable\n")
    assert main(["dependencies", "--lang", "en"]) == 3
    said = " ".join(capsys.readouterr().out.split())
    assert "No advisories could be read" in said and "network is unreachable" in said
    assert main(["dependencies", "--json"]) == 3
    assert json.loads(capsys.readouterr().out) == {"read": 0, "unread": [], "weaknesses": []}


def test_without_its_packages_the_site_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """In words that name what to install."""
    monkeypatch.setattr("qor.interfaces.cli.docs_command.find_spec", lambda _: None)
    assert main(["docs", "site", "--lang", "en", "--out", str(tmp_path)]) == 2
    assert "requirements-docs.txt" in capsys.readouterr().err


def test_without_its_packages_the_audit_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tool that is not there is no closed network: 2, and what to install."""
    monkeypatch.setattr("qor.interfaces.cli.dependencies_command.find_spec", lambda _: None)
    assert main(["dependencies", "--lang", "en"]) == 2
    assert "requirements-tools.txt" in capsys.readouterr().err


@pytest.mark.slow
def test_the_site_builds(tmp_path: Path) -> None:
    """Strictly: a page without a place in the menu or a link to nowhere fails it; no page loads
    anything from outside."""
    need("mkdocs")
    assert main(["docs", "site", "--out", str(tmp_path / "site")]) == 0
    start = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert 'src="http' not in start and 'rel="stylesheet" href="http' not in start
