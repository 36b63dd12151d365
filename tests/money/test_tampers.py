"""Each way of changing the money past the actions is found by `ledger verify` or refused by the
database."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.money import lake_tampers, tampers
from tests.money.bank import send
from tests.money.ledger_clerk import balances_by_hand, rows_of
from tests.money.two_contracts import FEBRUARY, JANUARY, TwoContracts, play
from tests.tampering import contents, refuse_or_raise
from tests.workflow.people import World, at

from qor.interfaces.messages import catalogue
from qor.workflow.acts.actions import move
from qor.workflow.guards import guard_sql, triggers
from qor.workflow.ledger import covering, sealing
from qor.workflow.ledger.guarded import guards
from qor.workflow.ledger.models import Mark, Seal
from qor.workflow.ledger.postings import LedgerHead, Posting
from qor.workflow.ledger.sealing import LedgerNotSealed
from qor.workflow.proof import Proof, verify
from qor.workflow.treasury.models import Order
from qor.workflow.treasury.orders import return_order

pytestmark = pytest.mark.django_db
LEAST = 60
_MONEY = ("acts_", "ledger_", "treasury_")


@pytest.fixture(scope="module")
def fund(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[TwoContracts]:
    """The two months, played once: every test undoes what it did, the last undoes the play."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield play(tmp_path_factory.mktemp("two"), World())
        transaction.set_rollback(True)


class _Undo(Exception):
    """Rolls a tamper back."""


def broken(fund: TwoContracts, lake: bool = False) -> list[Proof]:
    """The broken rules; a guard taken away does not count as having found what was changed behind
    it."""
    proofs = verify(fund.lake if lake else None)
    return [proof for proof in proofs if proof.broken and proof.name != "the_guards_stand"]


@pytest.mark.slow
def test_each_tamper_is_found_or_refused(fund: TwoContracts) -> None:
    """More than sixty, each by itself, its guards taken away before and put back after: not one
    passes."""
    assert broken(fund, lake=True) == []
    seen = _none_passes(fund, tampers.SQL)
    assert sum(seen.values()) >= LEAST and seen["found"] >= LEAST
    assert broken(fund) == []


def test_one_tamper_in_ten_is_found_or_refused(fund: TwoContracts) -> None:
    """The quick tests try a tenth of them."""
    some = {name: tampers.SQL[name] for name in list(tampers.SQL)[::10]}
    assert len(some) >= LEAST // 10
    _none_passes(fund, some)


def _none_passes(fund: TwoContracts, some: dict[str, tuple[str, ...]]) -> Counter[str]:
    """How many of some tampers are refused and how many found; each has its words."""
    seen: Counter[str] = Counter()
    unseen, unsaid = [], []
    for name, statements in some.items():
        proofs = _tampered(fund, statements)
        seen["refused" if proofs is None else "found"] += 1
        if proofs == []:
            unseen.append(name)
        unsaid += [
            place.key
            for proof in proofs or []
            for place in proof.places
            if f"ledger.place_{place.key}" not in catalogue()
        ]
        unsaid += [
            proof.name for proof in proofs or [] if f"ledger.rule_{proof.name}" not in catalogue()
        ]
    assert (unseen, unsaid) == ([], [])
    return seen


def test_the_guards_refuse_most(fund: TwoContracts) -> None:
    """With the guards standing the database itself refuses every change of what is written for
    good."""
    passed = {name for name, statements in tampers.SQL.items() if not _refused(fund, statements)}
    written_by_actions = (
        "one more",
        "doubled",
        "cancels out",
        "order: ",
        "head:",
        "a younger one",
        "a refund that was none",
    )
    change_later = (
        "act: signed though",
        "act: term",
        "act: overdue",
        "set free",
        "debt: term",
        "debt: notice",
    )
    assert {
        name
        for name in passed
        if not any(part in name for part in (*written_by_actions, *change_later))
    } == set()
    assert len(passed) < len(tampers.SQL) / 4


def test_emptied_and_replaced(fund: TwoContracts) -> None:
    """TRUNCATE on PostgreSQL, INSERT OR REPLACE on SQLite: refused, and found where the guards were
    taken away."""
    for guard in guards():
        if connection.vendor == "postgresql":
            statements = (f"TRUNCATE {guard.table} CASCADE",)
        else:
            statements = (
                f"INSERT OR REPLACE INTO {guard.table} SELECT * FROM {guard.table} ORDER "
                "BY 1 LIMIT 1",
            )
        assert _refused(fund, statements) or _is_empty(guard.table), guard.table
    columns = ", ".join(field.column for field in Posting._meta.concrete_fields)
    changed = columns.replace("amount", "amount + 1")
    again = {
        "postgresql": "TRUNCATE ledger_posting CASCADE",
        "sqlite": f"INSERT OR REPLACE INTO ledger_posting ({columns})"
        f" SELECT {changed} FROM ledger_posting ORDER BY id LIMIT 1",
    }
    assert _tampered(fund, (again[connection.vendor],)) != []


def _is_empty(table: str) -> bool:
    """Whether there is nothing in the table that could be replaced."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0] == 0 and connection.vendor == "sqlite"


def test_the_lake_beside_the_closing(fund: TwoContracts, tmp_path: Path) -> None:
    """A part edited, cut, gone, swapped with another month's, or edited with the closing's digest:
    found."""
    copy = tmp_path / "kept"
    shutil.copytree(fund.lake.root, copy)
    for name, change in lake_tampers.FILES.items():
        assert _with_files(fund, change), name
        shutil.rmtree(fund.lake.root)
        shutil.copytree(copy, fund.lake.root)
    assert broken(fund, lake=True) == []


def test_a_chain_made_anew_is_found_by_the_journal(fund: TwoContracts) -> None:
    """Who recomputes every mark and seal after his change has a whole chain, and another head than
    the journal's."""

    def anew() -> list[str]:
        _change("UPDATE treasury_order SET iban = 'KZ869998888877776666' WHERE state = 'made'")
        with disarmed():
            Seal.objects.all().delete()
            Mark.objects.all().delete()
        LedgerHead.objects.update(seals=0, seal_hash="")
        for subject in covering.marked_models():
            sealing._mark(subject, set(sealing._new().get(subject, ())))
        sealing._seal_new()
        return [proof.name for proof in broken(fund)]

    assert _undone(anew) == ["the_journal_tells_the_head"]


def test_nothing_is_built_on_what_no_action_wrote(fund: TwoContracts) -> None:
    """A row put in past the actions stops the next action, so that no later seal covers it."""

    def go_on(*statements: str) -> None:
        _change(*statements)
        with pytest.raises(LedgerNotSealed):
            sealing.open_ledger()

    for name in (
        "taken: one more",
        "order: one more, returned at once",
        "head: an older one",
        "seal: all gone, head at its beginning",
    ):
        _undone(partial(go_on, *tampers.SQL[name]))
    assert sealing.open_ledger().seals == Seal.objects.count()


def test_no_step_covers_a_change(fund: TwoContracts) -> None:
    """An order whose account was changed is neither sent nor paid nor returned, an act whose sums
    were changed not moved: no mark covers it."""
    act, day = fund.act(FEBRUARY, "K-2"), date(2026, 3, 27)
    order = Order.objects.filter(state="made", bank_day=day).order_by("pk")[0]

    def go_on() -> None:
        _change(
            f"UPDATE treasury_order SET iban = 'KZ869998888877776666' WHERE id = {order.pk}",
            f"UPDATE acts_act SET version = version + 1 WHERE id = {act.pk}",
        )
        for step in (
            partial(move, act.pk, "agree", by=fund.world.providers["71"], at=at(day)),
            partial(return_order, order.pk, by="x", at=at(day)),
            partial(send, "csv", day, day),
        ):
            with pytest.raises(LedgerNotSealed):
                step()

    _undone(go_on)


def test_the_words_name_the_row(fund: TwoContracts) -> None:
    """A changed order, act and posting are named by their numbers."""
    act = fund.act(JANUARY, "K-1")
    proofs = _tampered(
        fund,
        (
            f"UPDATE ledger_posting SET amount = amount + 1 WHERE act_id = {act.pk} AND "
            "credit = 'beyond'",
        ),
    )
    assert proofs is not None
    (row,) = [p for proof in proofs for p in proof.places if p.key == "posting_without_document"]
    assert (row.facts["act"], row.facts["contract"], row.facts["amount"]) == (
        act.pk,
        "K-1",
        Decimal("750.01"),
    )
    proofs = _tampered(fund, (f"UPDATE acts_actline SET services = 0 WHERE act_id = {act.pk}",))
    (named,) = [p for proof in proofs or [] for p in proof.places if p.key == "act_differs"]
    assert (named.facts["act"], named.facts["contract"], named.facts["month"]) == (
        act.pk,
        "K-1",
        "2026-01",
    )


def test_a_clerk_comes_to_the_same_ledger(fund: TwoContracts) -> None:
    """By act, contract, provider, funding and account: what a clerk adds up from the documents is
    what the ledger holds."""
    assert fund.act(FEBRUARY, "K-3").other_deductions == Decimal("2400.00"), (
        "netted from another contract too"
    )
    booked: Counter[Any] = Counter()
    for debit, credit, *key, amount in rows_of(
        "SELECT debit, credit, act_id, contract_no, provider_id, funding, amount FROM "
        "ledger_posting"
    ):
        booked[(debit, *key)] += amount
        booked[(credit, *key)] -= amount
    assert {key: amount for key, amount in booked.items() if amount} == {
        k: a for k, a in balances_by_hand().items() if a
    }
    assert {key[4] for key in booked} == {"tmkkk", "osms"} and len({key[2] for key in booked}) == 4


@contextmanager
def disarmed() -> Iterator[None]:
    """As a hostile administrator: guards and foreign keys set aside before, put back after."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
            yield
            cursor.execute("SET LOCAL session_replication_role = 'origin'")
            return
        for (name,) in rows_of(
            f"SELECT name FROM ({triggers('sqlite')}) "
            "WHERE name LIKE 'ledger_%' OR name LIKE 'acts_%' OR name LIKE 'treasury_%'"
        ):
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for guard in guards():
            for statement in guard_sql(guard, "sqlite"):
                cursor.execute(statement)


def _change(*statements: str) -> None:
    with disarmed(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _named(fund: TwoContracts, statements: tuple[str, ...]) -> list[str]:
    names = {
        "act": fund.act(JANUARY, "K-1").pk,
        "other": fund.act(JANUARY, "K-2").pk,
        "open": fund.act(FEBRUARY, "K-2").pk,
        "blob": "BYTEA" if connection.vendor == "postgresql" else "BLOB",
    }
    return [each.format(**names) for each in statements]


def _tampered(fund: TwoContracts, statements: tuple[str, ...]) -> list[Proof] | None:
    """What verify finds after a tamper; None where the database refused it even without guards.
    A tamper that is wrong, or changes nothing, fails."""
    before = contents(*_MONEY)

    def do() -> list[Proof] | None:
        try:
            with transaction.atomic():
                _change(*_named(fund, statements))
        except DatabaseError as error:
            refuse_or_raise(error)
            return None
        assert contents(*_MONEY) != before, statements
        return broken(fund)

    return _undone(do)


def _refused(fund: TwoContracts, statements: tuple[str, ...]) -> bool:
    """Whether a guard or a constraint refuses a tamper while all stand."""

    def do() -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if connection.vendor == "postgresql":  # else what waits for its keys refuses
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                for statement in _named(fund, statements):
                    cursor.execute(statement)
        except DatabaseError as error:
            refuse_or_raise(error)
            return True
        return False

    return _undone(do)


def _with_files(fund: TwoContracts, change: Any) -> list[Proof]:
    def do() -> list[Proof]:
        with disarmed():
            change(lake_tampers.parts(fund))
        return broken(fund, lake=True)

    return _undone(do)


def _undone(work: Any) -> Any:
    """Do something, and undo in the database whatever it did."""
    result: list[Any] = []
    try:
        with transaction.atomic():
            result.append(work())
            raise _Undo
    except _Undo:
        pass
    return result[0]


def test_every_column_is_sealed_or_marked() -> None:
    """A column that comes later must be put into a layout: each stands in the newest one, `settled
    later` ones in a mark."""
    from django.apps import apps

    missing = {
        f"{model._meta.db_table}.{field.column}"
        for room in covering.rooms()
        for model in apps.get_app_config(room.app).get_models()
        if model._meta.db_table not in ("ledger_seal", "ledger_ledgerhead")
        for field in model._meta.concrete_fields
        if field.column not in room.layouts[-1].get(model._meta.db_table, "").split()
    }
    assert missing == {"treasury_bankfile.content"}, (
        "proved against the file's sha256, which is sealed"
    )
