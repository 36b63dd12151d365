"""Sharing cases out: fairly by personal load, never against clauses 28-29, 33, 41-42, 45 and 50,
and never twice.

The experts who may be chosen are locked in order of their number while loads are counted, so that
two who share out at once wait for each other. Where nobody may take a case, it waits without an
expert, is seen as such by head office, and the clock tries again: an objection is never lost.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from django.db.models import Count, Q, QuerySet

from qor.law.reading.machines import Owner, machine, machine_names, state
from qor.workflow.accounts.models import Absence, Organisation, User
from qor.workflow.disputes.models import Case

BY_EXPERTS = frozenset(
    {Owner.BRANCH_LOCAL, Owner.BRANCH_ELSEWHERE, Owner.ANOTHER_ELSEWHERE, Owner.SAME_EMPLOYEE}
)


def assignee(case: Case, on: date) -> User | None:
    """Who must act in the case's state on a day; None where that is the provider, head office or
    nobody, and where no expert is at work.

    Sources: 321/2020:28, 321/2020:29, 321/2020:33, 321/2020:41, 321/2020:45.
    """
    owner = state(case.route, case.state).owner
    if owner not in BY_EXPERTS:
        return None
    if owner is Owner.SAME_EMPLOYEE:
        return _same_employee(case, on)
    another = None
    if owner is Owner.ANOTHER_ELSEWHERE and case.first_reviewer is not None:
        another = _least_loaded(
            _candidates(case, owner).exclude(organisation=case.first_reviewer.organisation_id), on
        )
    return another or _least_loaded(_candidates(case, owner), on)


def without_expert() -> QuerySet[Case]:
    """The open cases that an expert must look at and that nobody has."""
    return Case.objects.filter(in_hands_of_experts(), outcome="", assigned_to__isnull=True)


@cache
def in_hands_of_experts() -> Q:
    """The condition of a case in a state that an expert of a branch decides."""
    experts_own = Q(pk__in=[])
    for name in machine_names():
        names = [key for key, each in machine(name).states.items() if each.owner in BY_EXPERTS]
        experts_own |= Q(route=name, state__in=names)
    return experts_own


def lock_experts() -> None:
    """Hold every expert until the end of the transaction, in the order of their number: for one who
    will share out many cases."""
    list(
        User.objects.filter(role=User.Role.EXPERT)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
        .values_list("pk")
    )


def _candidates(case: Case, owner: Owner | None) -> QuerySet[User]:
    """The experts who may take a case: of the provider's own region, or of any other and not its
    first reviewer."""
    experts = User.objects.filter(
        role=User.Role.EXPERT, is_active=True, organisation__kind=Organisation.Kind.BRANCH
    )
    region = case.provider.region
    if owner is Owner.BRANCH_LOCAL:
        return experts.filter(organisation__region=region)
    elsewhere = experts.exclude(organisation__region=region)
    used = [pk for pk in (case.first_reviewer_id, case.confirmed_by_id) if pk]
    return elsewhere.exclude(pk__in=used)


def same_employee_at_work(case: Case, on: date) -> bool:
    """Whether the one who first confirmed can review the objection on a day: still an expert of the
    provider's branch, and not absent.

    Sources: 321/2020:45.
    """
    own = case.confirmed_by
    if own is None or not _candidates(case, Owner.BRANCH_LOCAL).filter(pk=own.pk).exists():
        return False
    return not Absence.objects.filter(user=own, first_day__lte=on, last_day__gte=on).exists()


def reviewed_by_another(case: Case) -> bool:
    """Whether somebody else than the one who first confirmed has the objection, of which head
    office is told. Sources: 321/2020:45."""
    owner = state(case.route, case.state).owner
    return owner is Owner.SAME_EMPLOYEE and case.assigned_to_id not in (None, case.confirmed_by_id)


def _same_employee(case: Case, on: date) -> User | None:
    """Clause 45: the one who first confirmed; while absent their substitute, else another of the
    same branch."""
    own = case.confirmed_by
    if own is None:
        raise AssertionError("a reviewed objection without a first decision")
    if same_employee_at_work(case, on):
        return own
    away = Absence.objects.filter(user=own, first_day__lte=on, last_day__gte=on).first()
    stands_in = User.objects.filter(pk__in=[away.substitute_id] if away else [], is_active=True)
    return _least_loaded(stands_in, on) or _least_loaded(
        _candidates(case, Owner.BRANCH_LOCAL).exclude(pk=own.pk), on
    )


def _least_loaded(candidates: QuerySet[User], on: date) -> User | None:
    absent = Absence.objects.filter(first_day__lte=on, last_day__gte=on).values("user")
    at_work = candidates.exclude(pk__in=absent)
    locked = list(
        at_work.select_for_update(of=("self",), no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    loads = User.objects.filter(pk__in=locked).annotate(
        load=Count("assigned_cases", filter=Q(assigned_cases__outcome=""))
    )
    return loads.order_by("load", "pk").first()
