"""What administrators see of accounts and organisations: the state of each, and how many people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from axes.helpers import get_cool_off, get_failure_limit
from axes.models import AccessAttempt
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When

from qor.workflow.accounts.models import AccountRequest, Organisation, User

ACTIVE, OFF, LOCKED, WAITING = "active", "off", "locked", "waiting"
STATES = (ACTIVE, OFF, LOCKED, WAITING)


def users_with_state(*, at: datetime) -> QuerySet[User]:
    """All users, each with its `state`: locked by wrong passwords, waiting for a second
    administrator, switched off, or active; the first that holds."""
    waiting = AccountRequest.objects.filter(user=OuterRef("pk"), outcome="")
    state = Case(
        When(username__in=_locked_names(at), then=Value(LOCKED)),
        When(Exists(waiting), then=Value(WAITING)),
        When(is_active=False, then=Value(OFF)),
        default=Value(ACTIVE),
        output_field=CharField(),
    )
    return User.objects.select_related("organisation").annotate(state=state)


def _locked_names(at: datetime) -> QuerySet[Any, dict[str, str]]:
    """The names that too many wrong passwords from one address have locked, until they cool off."""
    attempts: QuerySet[Any] = AccessAttempt.objects.all()
    cool_off = get_cool_off(None)
    if cool_off is not None:
        attempts = attempts.filter(attempt_time__gte=at - cool_off)
    failures = attempts.values("username", "ip_address").annotate(n=Sum("failures_since_start"))
    names: QuerySet[Any, dict[str, str]] = failures.filter(
        n__gte=get_failure_limit(None, None)
    ).values("username")
    return names


def has_second_factor(user: User) -> bool:
    """Whether the user has set up a second factor."""
    factors = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return bool(factors.exists())


def waiting_requests() -> QuerySet[AccountRequest]:
    """What waits for a second administrator, the oldest first."""
    asked = AccountRequest.objects.filter(outcome="")
    return asked.select_related("user", "organisation", "asked_by").order_by("pk")


def organisations_with_people() -> QuerySet[Organisation]:
    """All organisations, each with the number of its `people` and of those who may sign in
    (`active_people`)."""
    return Organisation.objects.annotate(
        people=Count("users"), active_people=Count("users", filter=Q(users__is_active=True))
    )
