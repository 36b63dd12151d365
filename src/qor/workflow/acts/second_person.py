"""Sums above the limit of one person: a second one accepts or declines what the first entered
(291/2020:19)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.acts.models import OtherSum, ProposedSum
from qor.workflow.acts.other_sums import Other, post_other
from qor.workflow.acts.penalty_cases import cases_of, free_cases
from qor.workflow.acts.rights import SamePerson, covers
from qor.workflow.disputes.rights import NotYours
from qor.workflow.ledger.sealing import open_ledger, record_sealed


class NotWaiting(Refusal):
    """No sum of that number waits for a second person."""

    key = "not_waiting"


def sums_waiting_for(user: User) -> QuerySet[ProposedSum]:
    """The sums that wait for a second person and that the user may see: of its region, or all at
    head office; the auditor sees all."""
    waiting = (
        ProposedSum.objects.filter(decided_by__isnull=True)
        .select_related("provider", "by")
        .order_by("pk")
    )
    if user.role in {User.Role.HEAD_OFFICE, User.Role.AUDITOR}:
        return waiting
    office = user.organisation
    if user.role != User.Role.ACCOUNTANT or office is None:
        return waiting.none()
    whole = office.kind == Organisation.Kind.HEAD_OFFICE
    return waiting if whole else waiting.filter(provider__region=office.region)


def decide_sum(proposed_id: int, accepted: bool, *, by: User, at: datetime) -> OtherSum | None:
    """Accept a sum that another person entered: it stands from now on; or decline it: the cases
    that it was a penalty for are free for another. Sources: 291/2020:19, 321/2020:10.

    NotYours, NotWaiting, SamePerson.
    """
    with transaction.atomic():
        open_ledger()
        proposed = (
            ProposedSum.objects.select_related("provider", "by").filter(pk=proposed_id).first()
        )
        if proposed is None or proposed.decided_by_id is not None:
            raise NotWaiting(number=proposed_id)
        if by.role not in {User.Role.HEAD_OFFICE, User.Role.ACCOUNTANT} or not covers(
            by, proposed.provider.region
        ):
            raise NotYours()
        if by.pk == proposed.by_id:
            raise SamePerson()
        ground = OtherSum.Ground(proposed.ground)
        asked = Other(
            proposed.provider,
            proposed.contract_no,
            proposed.pays,
            ground,
            proposed.amount,
            proposed.statement,
            proposed.funding,
            proposed.found_on,
        )
        proposed.other = post_other(asked, by=proposed.by, at=at) if accepted else None
        proposed.decided_by, proposed.decided_at = by, at
        if not accepted:
            free_cases(proposed)
        proposed.save(update_fields=["other", "decided_by", "decided_at"])
        verb = "accept_sum" if accepted else "decline_sum"
        subject = f"proposed:{proposed.pk}"
        cases = cases_of(proposed)
        facts = {"by": proposed.by.username} | ({"cases": cases} if cases else {})
        record_sealed(
            by=by.username,
            at=at,
            verb=verb,
            subject=subject,
            facts=facts,
            changed={"proposedsum": [proposed.pk]},
        )
        return proposed.other
