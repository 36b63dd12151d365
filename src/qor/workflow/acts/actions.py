"""What moves an act's documents: agree, refuse, correct, send again, sign, countersign
(291/2020:18-21, 26)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from qor.law.nouns.months import month
from qor.law.nouns.refusals import BadValue, Refusal
from qor.law.nouns.states import ActState, Outcome
from qor.law.reading.figures import figure
from qor.law.reading.machines import Owner, TermIsOver, state, step
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.models import Act, ActStep, OtherSum
from qor.workflow.acts.netting import net_acts
from qor.workflow.acts.notices import tell_of_acts
from qor.workflow.acts.rights import SamePerson, covers
from qor.workflow.audit.journal import record
from qor.workflow.disputes.actions import StatementMissing, civil_day
from qor.workflow.disputes.models import Case
from qor.workflow.disputes.rights import NotYours
from qor.workflow.disputes.terms import lost_days, term
from qor.workflow.ledger.sealing import open_ledger, record_sealed, refuse_changed

MACHINE = "protocol"
_NEEDS_STATEMENT = {"refuse", "correct", "send_again"}


class NothingCorrected(Refusal):
    """A corrected protocol needs another payment or deduction that was entered for its contract
    (291/2020:19, 20)."""

    key = "nothing_corrected"


class ActIsSigned(Refusal):
    """The act is signed or has no contract: its sums stand, later ones go into the next act."""

    key = "act_is_signed"


class StakeIsKnown(Refusal):
    """Only a confirmed case without a sum is given one."""

    key = "stake_is_known"


def acts_visible_to(user: User) -> QuerySet[Act]:
    """The acts that a user may see: a provider its own, a branch's accountant those of its region,
    head office, its accountants and the auditor all."""
    if user.role in {User.Role.HEAD_OFFICE, User.Role.AUDITOR}:
        return Act.objects.all()
    if user.role == User.Role.PROVIDER and user.organisation_id:
        return Act.objects.filter(provider_id=user.organisation_id)
    if user.role == User.Role.ACCOUNTANT and user.organisation:
        whole = user.organisation.kind == Organisation.Kind.HEAD_OFFICE
        return (
            Act.objects.all()
            if whole
            else Act.objects.filter(provider__region=user.organisation.region)
        )
    return Act.objects.none()


def may_move(user: User, act: Act) -> bool:
    """Whether it is this user's turn with the act's documents."""
    owner = state(MACHINE, act.state).owner
    if owner is Owner.PROVIDER:
        return user.role == User.Role.PROVIDER and user.organisation_id == act.provider_id
    return (
        owner is Owner.BRANCH_LOCAL
        and user.role == User.Role.ACCOUNTANT
        and covers(user, act.provider.region)
    )


def move(act_id: int, event: str, *, by: User, at: datetime, statement: str = "") -> Act:
    """Do what an act's state allows. NotYours, EventNotAllowed, TermIsOver (a late refusal),
    StatementMissing, NothingCorrected, ActIsSigned, SamePerson (who entered another sum that the
    act takes in does not countersign it).

    Sources: 291/2020:18, 291/2020:20, 291/2020:21, 291/2020:26.
    """
    with transaction.atomic():
        open_ledger()
        refuse_changed("act", [act_id])
        act = (
            Act.objects.select_for_update(of=("self",))
            .select_related("provider", "closing")
            .get(pk=act_id)
        )
        if not act.contract_no:
            raise ActIsSigned()
        current, allowed = state(MACHINE, act.state), step(MACHINE, act.state, event)
        if not may_move(by, act):
            raise NotYours(cites=current.cites)
        if event == "refuse" and act.due_on is not None and civil_day(at) > act.due_on:
            raise TermIsOver(due_on=act.due_on.strftime("%d.%m.%Y"), cites=current.cites)
        if event in _NEEDS_STATEMENT and not statement.strip():
            raise StatementMissing(cites=allowed.cites)
        if event == "countersign" and _entered_in(act, by):
            raise SamePerson()
        if event == "correct":
            _correct(act, at)
        _enter(act, allowed.to_state, event, by, at, statement.strip())
        return act


def set_stake(case_id: int, amount: Decimal, *, by: User, at: datetime, statement: str) -> Case:
    """Head office says what a confirmed case takes where the classification gives no sum: a cell it
    leaves unprinted, a norm that is missing.

    Until then its service is held. NotYours, BadValue, StatementMissing, StakeIsKnown. Sources:
    321/2020:10, 291/2020:23.
    """
    if by.role != User.Role.HEAD_OFFICE:
        raise NotYours()
    if amount < 0:
        raise BadValue(field="amount", value=amount)
    if not statement.strip():
        raise StatementMissing()
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        if case.outcome != Outcome.CONFIRMED or case.proposed_deduction is not None:
            raise StakeIsKnown()
        case.proposed_deduction, case.stake_note = amount, "set"
        case.save(update_fields=["proposed_deduction", "stake_note"])
        facts = {"amount": str(amount), "statement": statement.strip()}
        record(by=by.username, at=at, verb="set_stake", subject=f"case:{case.pk}", facts=facts)
        return case


def tick_acts(at: datetime) -> int:
    """Mark the documents whose term ran out, once; silence has no outcome in the rules, so nothing
    is decided. Sources: 291/2020:20."""
    today = civil_day(at)
    late = (
        Act.objects.filter(due_on__lt=today, overdue_since__isnull=True)
        .exclude(contract_no="")
        .exclude(state=ActState.SIGNED)
    )
    marked = 0
    for pk in list(late.values_list("pk", flat=True)):
        with transaction.atomic():
            open_ledger()
            act = Act.objects.select_for_update(of=("self",)).get(pk=pk)
            if (
                act.due_on is not None
                and act.due_on < today
                and act.overdue_since is None
                and act.state != ActState.SIGNED
            ):
                act.overdue_since = today
                act.save(update_fields=["overdue_since"])
                _step(act, "overdue", act.state, act.state, None, at, "")
                facts = {"due_on": str(act.due_on)}
                record_sealed(
                    by="clock",
                    at=at,
                    verb="act_overdue",
                    subject=f"act:{act.pk}",
                    facts=facts,
                    changed={"act": [act.pk]},
                )
                marked += 1
    return marked


def pay_by(signed_on: date) -> date:
    """The last day on which a signed act is paid: calendar days from the signature. Sources:
    291/2020:26."""
    return signed_on + timedelta(days=figure("payment_term", signed_on).whole)


def _entered_in(act: Act, by: User) -> bool:
    """Whether the user entered another payment or deduction that the act takes in."""
    entered = OtherSum.objects.filter(by=by)
    return entered.filter(Q(act=act) | Q(debt__taken__act=act)).exists()


def _correct(act: Act, at: datetime) -> None:
    """Net the act anew with what was entered for its contract since."""
    before = (act.other_payments, act.other_deductions)
    net_acts([act], month(act.closing.month), at, across=False)
    if (act.other_payments, act.other_deductions) == before:
        raise NothingCorrected()


def _enter(act: Act, name: str, event: str, by: User, at: datetime, statement: str) -> None:
    before, day = act.state, civil_day(at)
    act.state, act.entered_on, act.overdue_since = name, day, None
    act.due_on, _ = term(MACHINE, name, day, lost_days())
    if name == ActState.PROTOCOL_SENT:
        act.version += 1
    if name == ActState.SIGNED:
        act.signed_on, act.pay_by = day, pay_by(day)
    act.save(
        update_fields=[
            "state",
            "entered_on",
            "overdue_since",
            "due_on",
            "version",
            "signed_on",
            "pay_by",
        ]
    )
    _step(act, event, before, name, by, at, statement)
    tell_of_acts([act], at)
    record_sealed(
        by=by.username,
        at=at,
        verb=event,
        subject=f"act:{act.pk}",
        facts={"from": before, "to": name, "to_pay": str(act.to_pay)},
        changed={"act": [act.pk]},
    )


def _step(
    act: Act, event: str, before: str, after: str, by: User | None, at: datetime, statement: str
) -> None:
    ActStep.objects.create(
        act=act,
        at=at,
        by=by,
        event=event,
        from_state=before,
        to_state=after,
        version=act.version,
        statement=statement,
    )
