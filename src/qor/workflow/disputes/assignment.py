"""Sharing cases out: fairly by personal load, never against clauses 28-29, 33, 41-42, 45 and 50, and never twice.

The experts who may be chosen are locked in order of their number while loads are counted, so that two who share out at once wait for each other.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from qor.law.machines import Owner, state
from qor.law.refusals import Refusal
from qor.workflow.accounts.models import Absence, User
from qor.workflow.disputes.models import Case


class NobodyToAssign(Refusal):
    """No expert who may take the case is at work."""

    key = "nobody_to_assign"


def assignee(case: Case, on: date) -> User | None:
    """Who must act in the case's state on a day; None where that is the provider, head office or nobody.

    NobodyToAssign where an expert is needed and none may take it. Sources: 321/2020:28, 321/2020:29, 321/2020:33, 321/2020:41, 321/2020:45.
    """
    owner = state(case.route, case.state).owner
    if owner in {None, Owner.PROVIDER, Owner.HEAD_OFFICE}:
        return None
    if owner is Owner.SAME_EMPLOYEE:
        return _same_employee(case, on)
    found = _least_loaded(_candidates(case, owner), on)
    if found is None:
        raise NobodyToAssign(region=case.provider.region, state=case.state)
    return found


def _candidates(case: Case, owner: Owner | None) -> QuerySet[User]:
    """The experts who may take a case: of the provider's own region, or of any other and not its first reviewer."""
    experts = User.objects.filter(role=User.Role.EXPERT, is_active=True)
    region = case.provider.region
    if owner is Owner.BRANCH_LOCAL:
        return experts.filter(organisation__region=region)
    elsewhere = experts.exclude(organisation__region=region)
    used = [pk for pk in (case.first_reviewer_id, case.confirmed_by_id) if pk]
    return elsewhere.exclude(pk__in=used)


def _same_employee(case: Case, on: date) -> User:
    """Clause 45: the one who first confirmed; while absent their substitute, else another of the same branch."""
    own = case.confirmed_by
    if own is None:
        raise AssertionError("a reviewed objection without a first decision")
    away = Absence.objects.filter(user=own, first_day__lte=on, last_day__gte=on).first()
    if away is None and own.is_active:
        return own
    if away is not None and away.substitute is not None:
        return away.substitute
    found = _least_loaded(_candidates(case, Owner.BRANCH_LOCAL), on)
    if found is None:
        raise NobodyToAssign(region=case.provider.region, state=case.state)
    return found


def _least_loaded(candidates: QuerySet[User], on: date) -> User | None:
    absent = Absence.objects.filter(first_day__lte=on, last_day__gte=on).values("user")
    at_work = candidates.exclude(pk__in=absent)
    locked = list(at_work.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    loads = User.objects.filter(pk__in=locked).annotate(
        load=Count("assigned_cases", filter=Q(assigned_cases__outcome=""))
    )
    return loads.order_by("load", "pk").first()
