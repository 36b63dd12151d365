"""Who intake, run, freeze, day, edits, backups and takeovers name in `--by`: an active account with
the right role; in a lake without a database the name as it was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.interfaces.test_backup import Place, place
from tests.interfaces.test_command_line import lake as run_month
from tests.workflow.people import World

from qor.engine.storage.lake import Lake
from qor.interfaces.cli.main import main
from qor.workflow.accounts.models import User

Capture = pytest.CaptureFixture[str]
__all__ = ["place", "run_month"]  # fixtures: a Fund to back up, a month with one finding
DATABASE = ("--database", "sqlite:///:memory:")
EDIT = (
    "check: readmission\nvalid_from: 2026-02-01\nbecause: a test\ncites: ['321/2020:13']\n"
    "figures: {readmission_days: 10}\n"
)


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """A small Fund, its database named only by the commands."""
    monkeypatch.setenv("QOR_DATABASE_URL", "")
    return World()


def commands(lake: Path, folder: Path) -> dict[str, list[str]]:
    """Each command that names somebody in the lake's log."""
    (folder / "edit.yaml").write_text(EDIT, "utf-8")
    (folder / "more.csv").write_text("bin,region\n990140000017,71\n", "utf-8")
    rest = ["--lake", str(lake), *DATABASE]
    return {
        "intake": ["intake", str(folder / "more.csv"), "--table", "providers", *rest],
        "run": ["run", "2026-02", *rest],
        "day": ["day", "2026-02", *rest],
        "edit": ["checks", "edit", str(folder / "edit.yaml"), *rest],
        "freeze": ["freeze", "2026-02", *rest],
        "backup": ["backup", str(folder / "backup"), *rest],
        "take-over": ["lake", "take-over", *rest],
        "journal": ["audit", "take-over", *DATABASE],
    }


def test_nobody_acts_by_a_name_that_is_no_account(
    run_month: Path, world: World, tmp_path: Path, capsys: Capture
) -> None:
    """No account, one switched off, one of another role: refused by name in three languages, and
    nothing is committed."""
    before = len(Lake(run_month).entries)
    User.objects.filter(username="payer").update(is_active=False)
    clinic = world.providers["71"].username
    for name, given in commands(run_month, tmp_path).items():
        for who, language, words in (
            ("nobody", "en", "may not do this"),
            ("payer", "ru", "не подходит"),
            (clinic, "kk", "жарамайды"),
        ):
            assert main([*given, "--by", who, "--lang", language]) == 2, name
            said = capsys.readouterr().err
            assert who in said and words in said, name
    assert len(Lake(run_month).entries) == before
    assert not (tmp_path / "backup").exists()


def test_an_account_stands_in_the_lakes_log(
    run_month: Path, world: World, tmp_path: Path, capsys: Capture
) -> None:
    """Head office brings in, runs, edits and freezes: each commit names it."""
    before = len(Lake(run_month).entries)
    given = commands(run_month, tmp_path)
    for name in ("intake", "run", "day", "freeze"):
        assert main([*given[name], "--by", "office"]) == 0, capsys.readouterr().err
    names = {entry.facts["by"] for entry in Lake(run_month).entries[before:]}
    assert names == {"office"}


def test_without_a_database_the_name_stands_as_typed(
    run_month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lake alone has no accounts to ask for: the name is entered, no database is made."""
    monkeypatch.setenv("QOR_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert main(["freeze", "2026-02", "--lake", str(run_month), "--by", "typed"]) == 0
    assert Lake(run_month).entries[-1].facts["by"] == "typed"
    assert not (tmp_path / "none.sqlite3").exists()


@pytest.mark.slow
def test_who_restores_is_an_administrator_of_the_backup(place: Place) -> None:
    """The name is looked up in the backup itself, before anything is written; then it restores."""
    place.backup()
    new = place.folder / "new"
    url = place.new_database()
    given = ["restore", str(place.folder / "backup"), "--lake", str(new / "lake")]
    given += ["--attachments", str(new / "attachments"), "--database", url, "--by"]
    for name in ("nobody", "office"):
        said = place.run(*given, name, code=2)
        assert name in said and "may not do this" in said
    assert not new.exists()
    place.run(*given, "admin")
    assert (new / "lake").is_dir()
