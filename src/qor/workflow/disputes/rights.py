"""Who may act in a case, and who may see it: deny by default (321/2020:15, 29, 33, 45)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from qor.law.nouns.refusals import Refusal
from qor.law.reading.machines import Owner, state
from qor.law.rules.provider_reading import provider_reads_statement, routes_inside
from qor.workflow.accounts.models import User
from qor.workflow.disputes.models import Case

_FUND = {User.Role.HEAD_OFFICE, User.Role.AUDITOR}


class NotYours(Refusal):
    """This user may not do that in this case."""

    key = "not_yours"


def visible_to(user: User) -> QuerySet[Case]:
    """The cases that a user may see; none for anybody who is not named here.

    A provider its own, but nothing of what the Fund still looks at by itself and how it came to
    look (321/2020:15); an expert those that are, or were, theirs to decide; head office and the
    auditor all.
    """
    if user.role in _FUND:
        return Case.objects.all()
    if user.role == User.Role.PROVIDER and user.organisation_id:
        return Case.objects.filter(provider_id=user.organisation_id).exclude(
            route__in=routes_inside()
        )
    if user.role == User.Role.EXPERT:
        decided = Case.objects.filter(steps__by=user).values("pk")
        return Case.objects.filter(Q(assigned_to=user) | Q(pk__in=decided))
    return Case.objects.none()


def may_act(user: User, case: Case) -> bool:
    """Whether it is this user's turn in the case: the owner of its state, and the one it was given
    to."""
    owner = state(case.route, case.state).owner
    if owner is None:
        return False
    if owner is Owner.PROVIDER:
        return user.role == User.Role.PROVIDER and user.organisation_id == case.provider_id
    if owner is Owner.HEAD_OFFICE:
        return user.role == User.Role.HEAD_OFFICE
    return user.role == User.Role.EXPERT and case.assigned_to_id == user.pk


def statement_shown(user: User, event: str, from_state: str) -> bool:
    """Whether a user may read the words of a step: the Fund's people all, a provider what the law
    lets it read. Sources: 321/2020:15, 321/2020:48."""
    return user.role != User.Role.PROVIDER or provider_reads_statement(event, from_state)


def shown_as(user: User, actor: User | None, case: Case) -> str:
    """How the author of a step is called for this user: by name inside one's own organisation and
    for head office and audit, else by role.

    The first reviewer stays hidden from the provider and from the second reviewer; how a check
    works from every provider (321/2020:15, 33).
    """
    if actor is None:
        return "clock"
    together = (
        user.organisation_id
        and user.organisation_id == actor.organisation_id
        and actor.pk != case.first_reviewer_id
    )
    if user.role in _FUND or user.pk == actor.pk or together:
        return actor.get_full_name() or actor.username
    return str(actor.role)
