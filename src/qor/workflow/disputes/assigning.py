"""Giving a case to an expert: by head office, or by the clock once somebody is at work."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qor.law.nouns.refusals import Refusal
from qor.law.reading.machines import Owner, state
from qor.law.rules.civil_time import civil_day
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.assignment import (
    BY_EXPERTS,
    assignee,
    same_employee_at_work,
    without_expert,
)
from qor.workflow.disputes.models import Case, Step
from qor.workflow.disputes.notices import notify
from qor.workflow.disputes.rights import NotYours


class SameEmployeeAtWork(Refusal):
    """The employee who first confirmed reviews the objection, and is neither absent nor gone
    (321/2020:45)."""

    key = "same_employee_at_work"


def reassign(case_id: int, to: User, *, by: User, at: datetime, statement: str) -> Case:
    """Head office gives a case to an expert, also one that nobody had; who may not decide it is
    refused (NotYours).

    Under clause 45 only while the employee who first confirmed is absent or gone
    (SameEmployeeAtWork). Sources: 321/2020:28, 321/2020:29, 321/2020:45.
    """
    if by.role != User.Role.HEAD_OFFICE:
        raise NotYours()
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(of=("self",)).select_related("provider").get(pk=case_id)
        )
        if not _may_be_given(case, to):
            raise NotYours(cites=state(case.route, case.state).cites)
        own = case.confirmed_by
        by_clause_45 = state(case.route, case.state).owner is Owner.SAME_EMPLOYEE and to != own
        if by_clause_45 and own is not None and same_employee_at_work(case, civil_day(at)):
            raise SameEmployeeAtWork(
                employee=own.get_full_name() or own.username,
                cites=state(case.route, case.state).cites,
            )
        _give(case, to, at, by=by, statement=statement)
        return case


def share_out_waiting(at: datetime) -> int:
    """Give an expert to every case that has none, now that one may be at work; how many found
    one."""
    given = 0
    for pk in list(without_expert().order_by("due_on", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            case = (
                Case.objects.select_for_update(of=("self",)).select_related("provider").get(pk=pk)
            )
            nobody_has_it = without_expert().filter(pk=pk).exists()
            to = assignee(case, civil_day(at)) if nobody_has_it else None
            if to is not None:
                _give(case, to, at, by=None, statement="")
                given += 1
    return given


def _may_be_given(case: Case, to: User) -> bool:
    owner, branch = state(case.route, case.state).owner, to.organisation
    if owner not in BY_EXPERTS or to.role != User.Role.EXPERT or not to.is_active:
        return False
    if branch is None or branch.kind != Organisation.Kind.BRANCH:
        return False
    local = branch.region == case.provider.region
    if owner is Owner.ANOTHER_ELSEWHERE and to.pk in {case.first_reviewer_id, case.confirmed_by_id}:
        return False
    return local if owner in {Owner.BRANCH_LOCAL, Owner.SAME_EMPLOYEE} else not local


def _give(case: Case, to: User, at: datetime, *, by: User | None, statement: str) -> None:
    case.assigned_to = to
    case.save(update_fields=["assigned_to"])
    Step.objects.create(
        case=case,
        at=at,
        by=by,
        event="reassign",
        from_state=stands_at(case),
        to_state=stands_at(case),
        statement=statement,
    )
    notify(case, stands_at(case), at)
    record(
        by=by.username if by else "clock",
        at=at,
        verb="reassign",
        subject=f"case:{case.pk}",
        facts={"to": to.username},
    )


def stands_at(case: Case) -> str:
    """Where a case stands, as its steps say it: route and state."""
    return f"{case.route}.{case.state}"
