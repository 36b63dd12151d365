"""Backing up and giving back: one moment of lake, database and attachments, verified, on SQLite and
PostgreSQL; two roles on PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.needs import need

ROOT = Path(__file__).parents[2]
SERVER = "postgresql://postgres@127.0.0.1:5432"
KEY = "k" * 40
_PREPARE = """
import sys
from datetime import date
from pathlib import Path
from qor.interfaces.cli.database import attachments_in, open_portal
folder, url = Path(sys.argv[1]), sys.argv[2]
attachments_in(folder / "attachments")
open_portal(url)
from django.db import transaction
from tests.engine.test_lake_proof import write
from tests.workflow.people import World, at
from qor.engine.storage.lake import Lake
from qor.workflow.audit.journal import record
from qor.workflow.audit.outside import publish
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.files import Received
lake = Lake(folder / "lake")
for n in range(3):
    write(lake, "services", "2026-02", 10 + n)
monday = date(2026, 3, 2)
with transaction.atomic():
    world = World()
    case = world.case(evidence={"seen": "ә, \\\\ \\n tab\\t"})
    record(by="x", at=at(monday), verb="begin", subject="fund")
files = [Received("a.pdf", "application/pdf", b"%PDF-1.7 x")]
apply_event(case.pk, "object", by=world.providers["71"], at=at(monday),
            statement="\\\\N себеп\\n\\tx", files=files)
publish("day", at(monday))
"""
_LATER = """
import sys
from datetime import date
from qor.interfaces.cli.database import open_portal
open_portal(sys.argv[1])
from tests.workflow.people import at
from qor.workflow.accounts.models import User
from qor.workflow.disputes.actions import apply_event
from qor.workflow.disputes.models import Case
case = Case.objects.get()
apply_event(case.pk, "confirm", by=case.assigned_to, at=at(date(2026, 3, 3)), statement="later")
user = User.objects.get(username="office")
user.set_password("a new password of the office")
user.save()
from qor.workflow.audit.models import Entry
assert list(Entry.objects.get(verb="changed_apart").seals["seals"]) == [f"user:{user.pk}"]
"""
_TRY = """
import os, sys
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "qor.interfaces.web.server.settings"
os.environ["QOR_DATABASE_URL"] = sys.argv[2]
import django
django.setup()
from qor.interfaces.clock import now
from qor.law.nouns.refusals import Refusal
from qor.workflow.backup import restore_backup
for folder in sorted(Path(sys.argv[1]).iterdir()):
    try:
        restore_backup(folder, folder.parents[1] / "new" / "lake", by="x", at=now())
    except Refusal as refusal:
        print(f"{folder.name}: {refusal.key}")
"""


class Place:
    """A folder with a lake and attachments, and a database of one of the kinds."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder, self.n = kind, folder, 0
        self.url = self.new_database()

    def new_database(self) -> str:
        """The address of a database that does not exist, or is empty."""
        self.n += 1
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / f'portal{self.n}.sqlite3'}"
        import psycopg

        name = f"qor_backup_{self.n}"
        with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        return f"{SERVER}/{name}"

    def run(self, *arguments: str, code: int = 0, **environment: str) -> str:
        """A command, or a script after -c; what it printed."""
        facts = {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "QOR_JOURNAL_KEY": KEY,
            "QOR_ATTACHMENTS": str(self.folder / "attachments"),
            "QOR_JOURNAL_HEADS": str(self.folder / "heads"),
            "QOR_LANG": "en",
            **environment,
        }
        for name in ("QOR_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
            facts.pop(name, None)
        begun = arguments if arguments[0] == "-c" else ("-m", "qor", *arguments)
        done = subprocess.run(
            [sys.executable, *begun], capture_output=True, text=True, env=facts, cwd=self.folder
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def backup(self, code: int = 0) -> str:
        """Into the folder `backup`."""
        arguments = (
            "backup",
            str(self.folder / "backup"),
            "--lake",
            str(self.folder / "lake"),
            "--database",
            self.url,
        )
        return self.run(*arguments, code=code)

    def restore(self, name: str, code: int = 0, **environment: str) -> tuple[str, str]:
        """Into places of that name; the address of the database and what was said."""
        url = self.new_database()
        places = (
            "--lake",
            str(self.folder / name / "lake"),
            "--attachments",
            str(self.folder / name / "attachments"),
        )
        said = self.run(
            "restore",
            str(self.folder / "backup"),
            *places,
            "--database",
            url,
            code=code,
            **environment,
        )
        return url, said


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A small Fund with a lake of three commits and a dispute with a file."""
    if request.param == "postgres":
        need("postgres")
    fund = Place(request.param, tmp_path)
    fund.run("-c", _PREPARE, str(tmp_path), fund.url)
    return fund


@pytest.mark.slow
def test_a_backup_is_one_moment_and_comes_back_as_it_was(place: Place) -> None:
    """What came later is not in it; the restored Fund proves its lake and its journal, goes on
    working, and says which heads were given up."""
    place.backup()
    place.run("-c", _LATER, place.url)
    place.run("audit", "head", "--database", place.url)
    url, _ = place.restore("again")
    lake = place.folder / "again" / "lake"
    environment = {"QOR_ATTACHMENTS": str(place.folder / "again" / "attachments")}
    place.run("lake", "verify", "--lake", str(lake))
    answer = json.loads(
        place.run(
            "audit", "verify", "--json", "--lake", str(lake), "--database", url, **environment
        )
    )
    assert answer["whole"] and answer["rows"] > 20
    place.run("-c", _LATER, url, **environment)
    assert json.loads(place.run("audit", "verify", "--json", "--database", url, **environment))[
        "whole"
    ]
    shutil.rmtree(place.folder / "backup")
    place.backup()
    files = [path for path in (place.folder / "backup").rglob("*") if path.is_file()]
    assert files and all(path.stat().st_mode & 0o077 == 0 for path in files)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a byte of the lake": lambda folder: _flip(next((folder / "lake" / "data").rglob("*.parquet"))),
    "a byte of the log": lambda folder: _flip(folder / "lake" / "log" / "00000" / "00000002.json"),
    "a byte of the database": lambda folder: _flip(
        next(path for path in (folder / "database").iterdir() if path.stat().st_size)
    ),
    "an attachment gone": lambda folder: next((folder / "attachments").iterdir()).unlink(),
    "an alien file": lambda folder: (folder / "lake" / "x").write_text("x"),
    "the manifest": lambda folder: (folder / "manifest.json").write_text(
        (folder / "manifest.json").read_text("utf-8").replace('"by"', '"By"', 1), "utf-8"
    ),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
}


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.slow
def test_a_damaged_backup_is_refused_and_nothing_is_written(place: Place) -> None:
    """Whatever is damaged; also with another key, and into a place that is used."""
    place.backup()
    folder = place.folder / "backup"
    for name, damage in DAMAGES.items():
        damaged = place.folder / "damaged" / name
        shutil.copytree(folder, damaged)
        damage(damaged)
    said = place.run("-c", _TRY, str(place.folder / "damaged"), place.new_database())
    reasons = dict(line.split(": ") for line in said.splitlines())
    assert reasons == {
        name: "backup_not_ours" if name == "the manifest" else "backup_damaged" for name in DAMAGES
    }
    assert not (place.folder / "new").exists()
    place.restore("other-key", code=2, QOR_JOURNAL_KEY="o" * 40)
    used = place.folder / "used" / "lake"
    used.mkdir(parents=True)
    (used / "x").write_text("x")
    _, said = place.restore("used", code=2)
    assert "not empty" in said
    places = ("--lake", str(place.folder / "new"), "--attachments", str(place.folder / "new-files"))
    assert "not empty" in place.run(
        "restore", str(folder), *places, "--database", place.url, code=2
    )
    assert "not empty" in place.backup(code=2)


@pytest.mark.slow
def test_a_changed_fund_is_not_backed_up_as_if_it_were_whole(place: Place) -> None:
    """A changed attachment or lake is refused; a journal that is not whole is said."""
    (attached,) = (place.folder / "attachments").iterdir()
    content = attached.read_bytes()
    attached.write_bytes(b"%PDF-1.7 y")
    assert "audit verify" in place.backup(code=2)
    attached.write_bytes(content)
    shutil.rmtree(place.folder / "backup")
    part = next((place.folder / "lake" / "data").rglob("*.parquet"))
    content = part.read_bytes()
    _flip(part)
    place.backup(code=2)
    part.write_bytes(content)
    shutil.rmtree(place.folder / "backup")
    place.run(
        "-c",
        f"from qor.interfaces.cli.database import open_portal; open_portal({place.url!r})\n"
        "from qor.workflow.disputes.models import Case; Case._base_manager.update(code='1.1')",
    )
    assert "broken before the backup" in place.backup(code=1)


ROLES = ("--owner", "qor_t_owner", "--app", "qor_t_app")
FORBIDDEN = (
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_entry_append_only ON audit_entry",
    "UPDATE audit_entry SET \"by\" = 'x'",
    "DELETE FROM disputes_step",
    "TRUNCATE audit_entry",
    "TRUNCATE ledger_posting CASCADE",
    "DELETE FROM audit_head",
    "SET session_replication_role = replica",
    "CREATE TABLE mine (x int)",
    "CREATE OR REPLACE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE "
    "plpgsql AS $$ BEGIN RETURN NEW; END $$",
)


@pytest.mark.slow
def test_the_portals_role_owns_no_table(tmp_path: Path) -> None:
    """The scripted grant: the portal works under a role that cannot change, empty or unguard what
    only grows; tables are changed by the owner."""
    need("postgres")
    import psycopg

    place = Place("postgres", tmp_path)
    place.run("-c", _PREPARE, str(tmp_path), place.url)
    assert json.loads(place.run("audit", "verify", "--json", "--database", place.url))[
        "role_owns_tables"
    ]
    printed = place.run("database", "roles", *ROLES, "--database", place.url)
    assert "CREATE ROLE" in printed
    for _ in range(2):
        place.run("database", "roles", *ROLES, "--apply", "--database", place.url)
    app = place.url.replace("postgres@", "qor_t_app@")
    place.run("-c", _LATER, app)
    answer = json.loads(place.run("audit", "verify", "--json", "--database", app))
    assert answer["whole"] and not answer["role_owns_tables"]
    with psycopg.connect(app, autocommit=True) as connection:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'axes'")
    assert "older than this program" in place.run("audit", "verify", "--database", app, code=2)
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {place.url.rpartition('/')[2]} WITH (FORCE)")
        connection.execute("DROP ROLE IF EXISTS qor_t_app")
        connection.execute("DROP ROLE IF EXISTS qor_t_owner")
