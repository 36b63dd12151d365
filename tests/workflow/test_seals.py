"""The journal holds the sha256 of what it tells of; a step and its files are one transaction."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests.workflow.people import World, at

from qor.workflow.accounts import actions as actions_of
from qor.workflow.accounts.models import User
from qor.workflow.audit.journal import record, record_apart
from qor.workflow.audit.models import Entry, SealedBatch
from qor.workflow.audit.proof import prove
from qor.workflow.disputes import entering
from qor.workflow.disputes.actions import add_remark, apply_event, tick
from qor.workflow.disputes.files import Received
from qor.workflow.disputes.models import Attachment, Case, Step
from qor.workflow.treasury.models import BankFile

MONDAY = date(2026, 3, 2)
PDF = b"%PDF-1.7 evidence"


@pytest.fixture
def attachments(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own."""
    settings.QOR_ATTACHMENTS = tmp_path / "attachments"
    return tmp_path / "attachments"


def kinds() -> list[tuple[str, str]]:
    """What is not as it was."""
    return [(problem.kind, problem.what) for problem in prove().problems]


def test_a_step_and_its_files_are_one_transaction(
    world: World, attachments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the end of the action fails, neither step, nor file, nor bytes are left; where it does
    not, all are, and sealed."""
    case, provider = world.case(), world.providers["71"]

    def files() -> Any:
        return [Received("a.pdf", "application/pdf", PDF)]

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("the journal cannot be written")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="journal"):
        patched.setattr(entering, "record", fail)
        apply_event(case.pk, "object", by=provider, at=at(MONDAY), statement="x", files=files())
    assert (Step.objects.count(), Attachment.objects.count(), list(attachments.iterdir())) == (
        0,
        0,
        [],
    )
    apply_event(case.pk, "object", by=provider, at=at(MONDAY), statement="x", files=files())
    add_remark(
        world.case("general", kind="general").pk,
        "explain",
        by=provider,
        at=at(MONDAY),
        statement="y",
        files=files(),
    )
    assert [step.attachments.count() for step in Step.objects.order_by("pk")] == [1, 1]
    (sealed,) = [e.seals["seals"] for e in Entry.objects.filter(verb="object")]
    assert set(sealed) >= {
        f"case:{case.pk}",
        f"step:{Step.objects.first().pk}",
        f"attachment:{Attachment.objects.first().pk}",
    }
    assert kinds() == []
    first = Attachment.objects.first()
    (attachments / first.stored_as).write_bytes(PDF + b".")
    assert kinds() == [("file_changed", f"attachment:{first.pk}")]


def test_what_was_rolled_back_is_not_sealed(world: World) -> None:
    """A change that did not happen is in no entry."""
    record_apart(by="x", at=at(MONDAY), verb="begin", subject="fund")
    case = world.case()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        case.amount = Decimal(1)
        case.save()
        raise ZeroDivisionError
    entry = record_apart(by="x", at=at(MONDAY), verb="y", subject="z")
    assert list(entry.seals["seals"]) == [f"case:{case.pk}"]
    assert kinds() == []


def test_many_rows_are_sealed_beside_the_entry(world: World) -> None:
    """More rows than an entry should carry go into a list that the entry names."""
    for _ in range(60):
        world.case()
    entry = record_apart(by="x", at=at(MONDAY), verb="y", subject="z")
    assert "seals" not in entry.seals and entry.seals["sealed"]["count"] > 60
    assert SealedBatch.objects.count() == 1 and kinds() == []


def test_every_way_of_changing_a_row_is_sealed(world: World) -> None:
    """save, update, bulk_create, delete; the clock's own steps; a change without an entry is
    found."""
    cases = [world.case() for _ in range(3)]
    with transaction.atomic():
        Case.objects.filter(pk=cases[0].pk).update(stake_note="set")
        cases[1].stake_note = "set"
        cases[1].save(update_fields=["stake_note"])
        cases[2].delete()
        alone = Case(
            **{
                f.attname: getattr(cases[2], f.attname)
                for f in Case._meta.concrete_fields
                if f.name != "id"
            }
        )
        Case.objects.bulk_create([alone])
        entry = record(by="x", at=at(MONDAY), verb="y", subject="z")
    assert {f"case:{pk}" for pk in (cases[0].pk, cases[1].pk, alone.pk)} <= set(
        entry.seals["seals"]
    )
    tick(at(date(2026, 3, 20)))
    assert kinds() == []
    Case.objects.filter(pk=cases[0].pk).update(stake_note="")
    assert kinds() == [("row_changed", f"case:{cases[0].pk}")]


def test_a_change_that_a_later_entry_covers_up_is_found(world: World) -> None:
    """The entry of a rightful change holds what the row was before: not what the journal had
    said."""
    case = apply_event(
        world.case().pk, "object", by=world.providers["71"], at=at(MONDAY), statement="x"
    )
    models_of = Case._base_manager.filter(pk=case.pk)
    models_of.update(proposed_deduction=Decimal(1))
    apply_event(case.pk, "confirm", by=case.assigned_to, at=at(MONDAY), statement="y")
    assert kinds() == [("row_changed_before", f"case:{case.pk}")]


def test_signing_in_changes_no_seal(world: World) -> None:
    """Nor does a password that somebody put into the database become right by signing in with
    it."""
    record_apart(by="x", at=at(MONDAY), verb="begin", subject="fund")
    user = world.providers["71"]
    user.last_login = at(MONDAY)
    user.save(update_fields=["last_login"])
    assert record_apart(by="x", at=at(MONDAY), verb="y", subject="z").facts == {}
    User._base_manager.filter(pk=user.pk).update(password="!!")
    user.refresh_from_db()
    user.save(update_fields=["last_login"])
    record_apart(by="x", at=at(MONDAY), verb="y", subject="z")
    assert kinds() == [("row_changed", f"user:{user.pk}")]


def test_the_life_of_an_account_is_sealed(world: World) -> None:
    """Invited, given another role by two, switched off, let in again: whatever the row goes
    through, the journal knows it."""
    record_apart(by="x", at=at(MONDAY), verb="begin", subject="fund")
    office, second = (
        world.office.organisation,
        User.objects.create(
            username="admin2", role="administrator", organisation=world.office.organisation
        ),
    )
    asked = actions_of.invite(
        actions_of.Invitation("anna", "accountant", office), by=world.administrator, at=at(MONDAY)
    )
    actions_of.decide(asked.request, True, by=second, at=at(MONDAY))
    actions_of.new_password("anna", by=world.administrator, at=at(MONDAY))
    actions_of.end_sessions("anna", by=world.administrator, at=at(MONDAY))
    actions_of.switch_off("anna", by=world.administrator, at=at(MONDAY))
    record_apart(by="x", at=at(MONDAY), verb="end", subject="fund")
    assert kinds() == []


def test_a_file_of_orders_is_sealed_with_its_bytes(world: World) -> None:
    """Read back from either database it is the same."""
    with transaction.atomic():
        BankFile.objects.create(
            sha256="0" * 64,
            kind="csv",
            bank_day=MONDAY,
            number=1,
            content=b"1;2",
            at=at(MONDAY),
            by="x",
        )
        entry = record(by="x", at=at(MONDAY), verb="send_orders", subject="z")
    assert any(row.startswith("bankfile:") for row in entry.seals["seals"]) and kinds() == []
