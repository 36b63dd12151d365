"""Seals and marks: what they cover, that they name the place, and that older ones stay when a
column comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from tests.workflow.people import World, an_act, at, seal

from qor.workflow.acts.models import Act, ActStep
from qor.workflow.audit.models import Entry
from qor.workflow.guards import Fixed, Guard, guard_sql, triggers
from qor.workflow.ledger import covering
from qor.workflow.ledger.digests import _in_file
from qor.workflow.ledger.entries import Entry as Moves
from qor.workflow.ledger.entries import post
from qor.workflow.ledger.models import LedgerHead, Mark, Posting, Seal
from qor.workflow.ledger.postings import Account
from qor.workflow.proof import Proof, verify

THOUSAND = Decimal("1000.00")
ODD_WORDS = "tab\t, line\n, slash \\N \\\\, Қазақша, 'quoted'"


def broken() -> dict[str, Proof]:
    """The broken rules by name."""
    return {proof.name: proof for proof in verify() if proof.broken}


def unguarded(table: str, statement: str) -> None:
    """Run a statement with the table's triggers away, and make its guard again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
            cursor.execute(statement)
            cursor.execute("SET LOCAL session_replication_role = 'origin'")
            return
        cursor.execute(f"SELECT name FROM ({triggers('sqlite')}) WHERE name LIKE '{table}%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement)
        for each in guard_sql(Guard(table), "sqlite"):
            cursor.execute(each)


def many_postings(world: World) -> Act:
    """An act, and three batches of other postings sealed one after another, with words of every
    kind in a step."""
    act = an_act(world, claimed=THOUSAND)
    for n in range(3):
        entries = [
            Moves(
                ((Account.CASH, Account.ADVANCES, Decimal(k)),),
                act.provider_id,
                "K-71",
                "tmkkk",
                None,
                f"x:{n}:{k}",
            )
            for k in range(1, 6)
        ]
        post(entries, at(date(2026, 3, 20 + n)))
        ActStep.objects.create(
            act=act,
            at=at(date(2026, 3, 20)).replace(microsecond=123400 * n),
            event="x",
            from_state="a",
            to_state="b",
            version=1,
            statement=ODD_WORDS,
        )
        seal()
    return act


def test_the_head_stands_in_the_journal(world: World) -> None:
    """Each action's entry holds the head of its seals; the ledger's head names that entry."""
    an_act(world, claimed=THOUSAND)
    head, last = LedgerHead.objects.get(), Seal.objects.order_by("-number")[0]
    assert (head.seals, head.seal_hash) == (last.number, last.hash)
    in_journal = f"{last.number}:{last.hash}:{head.number}"
    assert Entry.objects.get(pk=head.told_in).facts["ledger"] == in_journal
    assert set(Mark.objects.values_list("subject", flat=True)) == {"acts_act"}


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize("how", ["DELETE", "UPDATE"])
def test_one_seal_is_named(world: World, place: str, how: str) -> None:
    """A row deleted or edited breaks its own seal and no other, wherever it stands; odd letters
    break none."""
    many_postings(world)
    names = set(broken())
    assert "rows_are_as_sealed" not in names and "every_row_is_sealed" not in names
    rows = list(Posting.objects.order_by("pk").values_list("pk", flat=True))
    number = {"first": rows[0], "middle": rows[len(rows) // 2], "last": rows[-1]}[place]
    change = (
        "DELETE FROM ledger_posting"
        if how == "DELETE"
        else "UPDATE ledger_posting SET entry = entry + 1"
    )
    unguarded("ledger_posting", f"{change} WHERE id = {number}")
    (differs,) = broken()["rows_are_as_sealed"].places
    assert differs.facts["table"] == "posting"
    assert int(str(differs.facts["after"])) < number <= int(str(differs.facts["last"]))
    assert int(str(differs.facts["sealed"])) - int(str(differs.facts["found"])) == (
        1 if how == "DELETE" else 0
    )


def test_a_guard_taken_away_is_named(world: World) -> None:
    """All guards stand after the migrations; one that is dropped is named."""
    assert "the_guards_stand" not in broken()
    with connection.cursor() as cursor:
        of = " ON acts_act" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER acts_act_fixed{of}")
    (place,) = broken()["the_guards_stand"].places
    assert place.facts["guard"] == "acts_act_fixed"


def test_a_new_column_leaves_older_seals(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed by a layout without some columns: still whole when a later layout has them, and still
    found when changed."""
    without = {"acts_actline": "services", "ledger_posting": "funding", "acts_act": "version"}
    rooms = {room.app: room for room in covering.rooms()}
    for room in rooms.values():
        (whole,) = room.layouts
        fewer = {
            table: columns.replace(f" {without[table]}", "") if table in without else columns
            for table, columns in whole.items()
        }
        monkeypatch.setitem(covering._ROOMS, room.app, replace(room, layouts=(fewer,)))
    act = an_act(world, claimed=THOUSAND)
    for room in rooms.values():
        both = (*covering._ROOMS[room.app].layouts, *room.layouts)
        monkeypatch.setitem(covering._ROOMS, room.app, replace(room, layouts=both))
    an_act(world, region="75", claimed=THOUSAND)
    assert broken() == {} and set(Seal.objects.values_list("layout", flat=True)) == {0, 1}
    unguarded("acts_actline", f"UPDATE acts_actline SET sanction = 1 WHERE act_id = {act.pk}")
    by_proof = broken()
    assert {"rows_are_as_sealed", "acts_are_as_signed"} <= set(by_proof)
    assert [place.facts["act"] for place in by_proof["acts_are_as_signed"].places] == [act.pk]


def test_a_guard_holds_some_columns_always_and_some_at_times() -> None:
    """The condition that a trigger asks, on both databases."""
    guard = Guard("t", (Fixed(("a", "b")), Fixed(("c",), "OLD.d = 'x'")))
    for vendor, differs in (("postgresql", "IS DISTINCT FROM"), ("sqlite", "IS NOT")):
        first = f'(OLD."a" {differs} NEW."a" OR OLD."b" {differs} NEW."b")'
        assert (
            guard.changes(vendor) == f"""{first} OR (OLD.d = 'x') AND (OLD."c" {differs} NEW."c")"""
        )


def test_an_owner_in_the_last_column_is_read_without_the_lines_end(tmp_path: Path) -> None:
    """Whichever column of a sealed table names the owner, its lines are those of the owner; a line
    of nobody is left out."""
    lines = [b"1\t7\t7\n", b"2\t8\t\\N\n", b"3\t\\N\t7\n"]
    (tmp_path / "part.txt").write_bytes(b"".join(lines))
    for cell, owners in ((1, [b"7", b"8"]), (2, [b"7", b"7"])):
        assert [owner for owner, _ in _in_file(tmp_path / "part.txt", cell)] == owners
    assert [line for _, line in _in_file(tmp_path / "part.txt", 2)] == [lines[0], lines[2]]
