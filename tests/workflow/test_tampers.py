"""Whoever can write to the database but has no key cannot change the journal, or what it tells of,
unseen: each change is found or refused.

The intruder takes the guards away first, changes what he likes, and puts them back. On SQLite and,
with QOR_DATABASE_URL, on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, transaction
from tests.tampering import contents
from tests.workflow.intruder import (
    change,
    cut_tail,
    empty,
    entry,
    replace_entry,
    run,
    take_guards_away,
)
from tests.workflow.journal_tampers import TAMPERS
from tests.workflow.people import World, at
from tests.workflow.small_fund import MONDAY, Fund

from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import Absence, Organisation, Token, User
from qor.workflow.append_only import guard_all, unguarded
from qor.workflow.audit.models import Entry
from qor.workflow.audit.outside import publish
from qor.workflow.audit.proof import prove
from qor.workflow.disputes.models import Attachment, Case, Outage, Step
from qor.workflow.ledger.guarded import mend_guards
from qor.workflow.proof.marks import guards_stand
from qor.workflow.treasury.models import Order


@pytest.fixture
def fund(world: World, settings: Any, tmp_path: Path) -> Fund:
    """The Fund, with a place for heads that the intruder does not reach."""
    settings.QOR_ATTACHMENTS = tmp_path / "attachments"
    settings.QOR_JOURNAL_HEADS = f"file://{tmp_path / 'heads'}"
    return Fund(world, tmp_path)


def problems_named() -> list[str]:
    """The kinds of what is found, or the refusal."""
    try:
        return [problem.kind for problem in prove().problems]
    except Refusal as refusal:
        return [refusal.key]


def everything(fund: Fund) -> tuple[object, ...]:
    """Rows and files that the journal tells of."""
    folder = Path(django_settings.QOR_ATTACHMENTS)
    files = {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return contents("audit_", "accounts_", "disputes_", "mfa_", "treasury_"), files


# All of them in the long tests, one in ten in the quick ones.
_DRAWN = [
    pytest.param(what, marks=() if n % 10 == 0 else pytest.mark.slow)
    for n, what in enumerate(TAMPERS)
]


@pytest.mark.parametrize("what", _DRAWN)
def test_every_tamper_is_found_or_refused(fund: Fund, what: str) -> None:
    """The Fund is whole before; after the change it is not, although every guard stands again."""
    assert problems_named() == []
    take_guards_away()
    before = everything(fund)
    TAMPERS[what](fund)
    assert everything(fund) != before, "nothing was changed"
    guard_all(connection)
    kinds = problems_named()
    assert kinds and "table_unguarded" not in kinds, what


def test_at_least_sixty_two_kinds() -> None:
    """As many as the plan asks for."""
    assert len(TAMPERS) >= 62


def test_the_guards_stand_and_their_absence_is_found(fund: Fund) -> None:
    """The database refuses changing, deleting, replacing and emptying; a guard taken away, switched
    off or replaced by an empty one is found."""
    refusals: list[Callable[[], object]] = [
        lambda: entry("by", "x")(fund),
        lambda: run("DELETE FROM audit_entry"),
        lambda: replace_entry(fund),
        lambda: empty("audit_entry")(fund),
        lambda: change("disputes_attachment", "sha256", "")(fund),
        lambda: run("DELETE FROM audit_sealedbatch"),
    ]
    for attempt in refusals:
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            attempt()
    assert problems_named() == []
    if connection.vendor == "postgresql":
        run("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
        run(
            "CREATE OR REPLACE FUNCTION disputes_step_is_append_only() RETURNS trigger "
            "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
        )
        assert [p.what for p in prove().problems] == ["audit_entry", "disputes_step"]
    else:
        run("DROP TRIGGER disputes_step_no_replace")
        assert [p.what for p in prove().problems] == ["disputes_step"]


def test_a_database_taken_back_shows_against_the_head_outside(fund: Fund) -> None:
    """Rows, journal and head agree with each other, as in an older backup: only the head outside
    says that something is gone, and how old it is."""
    case = fund.cases[2]
    before = Case.objects.filter(pk=fund.cases[3].pk).values().get()
    publish("day", at(MONDAY, 15))
    take_guards_away()
    run("DELETE FROM disputes_notice WHERE case_id = %s", case.pk)
    run("DELETE FROM disputes_step WHERE case_id = %s", case.pk)
    for column in ("state", "assigned_to_id", "due_on", "extended_days", "first_reviewer_id"):
        run(f"UPDATE disputes_case SET {column} = %s WHERE id = %s", before[column], case.pk)
    cut_tail(fund, fund.last - 1)
    guard_all(connection)
    proof = prove()
    assert [(p.kind, p.number) for p in proof.problems] == [("head_outside_differs", fund.last)]
    assert f"{fund.last} (02.03.2026 10:00" in proof.problems[0].what
    assert (
        proof.outside is not None
        and proof.outside.number == fund.last
        and proof.outside.at == at(MONDAY, 15)
    )
    fund.folder.joinpath("heads").unlink()
    assert [p.kind for p in prove().problems] == ["head_outside_missing"]


def test_models_cover_what_is_named() -> None:
    """Each of the things whose sha256 the journal must hold has a tamper here."""
    named = {what.partition(":")[0] for what in TAMPERS}
    assert named >= {
        "entry",
        "chain",
        "head",
        "tail",
        "list",
        "step",
        "file",
        "case",
        "user",
        "key",
        "order",
        "outage",
        "absence",
        "factor",
        "request",
    }
    assert {
        model.__name__
        for model in (Organisation, User, Token, Absence, Case, Step, Attachment, Outage, Order)
    }


@pytest.mark.parametrize(("table", "name"), [("audit_entry", "append_only"), ("acts_act", "fixed")])
def test_a_guard_made_anew_that_never_fires_is_named(db: None, table: str, name: str) -> None:
    """On PostgreSQL: the same name, the same function, and a condition that never holds."""
    if connection.vendor != "postgresql":
        pytest.skip("triggers of PostgreSQL")
    function = f"{table}_is_append_only" if name == "append_only" else f"{table}_refuses"
    assert not unguarded(connection) and not guards_stand().broken
    run(f"DROP TRIGGER {table}_{name} ON {table}")
    run(
        f"CREATE TRIGGER {table}_{name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN (false) "
        f"EXECUTE FUNCTION {function}()"
    )
    assert len(unguarded(connection)) + guards_stand().broken == 1


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("audit_entry", "no_update"),
        ("ledger_posting", "no_delete"),
        ("acts_act", "fixed"),
        ("treasury_order", "stay"),
        ("ledger_seal", "once"),
    ],
)
def test_a_guard_of_sqlite_made_anew_that_never_fires_is_named(
    db: None, table: str, name: str
) -> None:
    """The same name and the same words, and `WHEN 0`; opening the database once more does not put
    it right unseen."""
    if connection.vendor != "sqlite":
        pytest.skip("triggers of SQLite")
    assert not unguarded(connection) and not guards_stand().broken
    trigger = f"{table}_{name}"
    ((text,),) = run("SELECT sql FROM sqlite_master WHERE name = %s", trigger)
    event = next(
        verb for verb in ("UPDATE", "DELETE", "INSERT") if f"BEFORE {verb}" in text.upper()
    )
    run(f"DROP TRIGGER {trigger}")
    run(
        f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} WHEN 0 "
        f"BEGIN SELECT RAISE(ABORT, 'guarded: {table}'); END"
    )
    assert len(unguarded(connection)) + guards_stand().broken >= 1
    call_command("migrate", verbosity=0, interactive=False)
    assert len(unguarded(connection)) + guards_stand().broken >= 1
    (named,) = mend_guards(by="admin", at=at(MONDAY))
    assert named in (table, trigger)
    assert not unguarded(connection) and not guards_stand().broken
    assert Entry.objects.get(verb="mend_guards").facts == {"guards": [named]}
    assert mend_guards(by="admin", at=at(MONDAY)) == []
