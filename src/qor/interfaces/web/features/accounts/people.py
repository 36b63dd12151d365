"""Keys of hospital systems, and experts' days away."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from qor.interfaces.clock import now
from qor.interfaces.web.features.accounts.forms import Away, NewKey, Revocation
from qor.interfaces.web.kernel.access import language_of, number, user_of
from qor.interfaces.web.kernel.table import Column, Kind, Listing, Table, download, screen
from qor.law.nouns.refusals import BadValue
from qor.workflow.accounts.models import Absence, Organisation, Token, User
from qor.workflow.audit.journal import record

ABSENCES = Table(
    "absences",
    "portal.absences",
    (
        Column("user", "portal.expert", field="user__username"),
        Column("first", "portal.first_day", Kind.DAY, field="first_day"),
        Column("last", "portal.last_day", Kind.DAY, field="last_day"),
        Column("substitute", "portal.substitute", field="substitute__username"),
    ),
    order=("-first_day",),
)
TOKENS = Table(
    "tokens",
    "portal.tokens",
    (
        Column("name", "portal.full_name"),
        Column("organisation", "portal.organisation", field="organisation__bin"),
        Column("made_at", "portal.at", Kind.MOMENT),
        Column("revoked_at", "portal.revoked_at", Kind.MOMENT),
        Column("revoke", "portal.revoke", Kind.ACTION, field="pk", cell="token_revoke.html"),
    ),
    order=("-pk",),
)


def tokens(request: HttpRequest) -> HttpResponseBase:
    """Keys of hospital systems: a new one is shown once; one that is no longer wanted is
    revoked."""
    listing = Listing(TOKENS, Token.objects.select_related("organisation"))
    if (file := download(request, listing)) is not None:
        return file
    shown, revocation = "", Revocation(request)
    if revocation.sent() and (revoked := number(revocation.cleaned_data["revoke"])):
        _revoke(revoked, user_of(request))
        return redirect("tokens")
    providers = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER).order_by("bin")
    form = NewKey(request).of(providers)
    if form.sent():
        organisation, name = form.cleaned_data["organisation"], form.cleaned_data["name"]
        shown = _make_key(organisation, name[:60] or "system", user_of(request))
        form = NewKey(request, blank=True).of(providers)
    facts = {
        "language": language_of(request),
        "tokens": screen(request, listing),
        "form": form,
        "shown": shown,
    }
    return render(request, "tokens.html", facts, status=form.status)


def _revoke(number_of_key: int, by: User) -> None:
    subject = f"token:{number_of_key}"
    with transaction.atomic():
        live = Token.objects.filter(pk=number_of_key, revoked_at__isnull=True)
        live.update(revoked_at=now())
        record(by=by.username, at=now(), verb="revoke_token", subject=subject)


def _make_key(organisation: Organisation, name: str, by: User) -> str:
    """A new key, as it is shown once."""
    key = secrets.token_urlsafe(32)
    digest = hashlib.sha256(key.encode()).hexdigest()
    with transaction.atomic():
        token = Token.objects.create(
            organisation=organisation, name=name, digest=digest, made_at=now()
        )
        facts = {"organisation": organisation.pk, "name": name}
        subject = f"token:{token.pk}"
        record(by=by.username, at=now(), verb="make_token", subject=subject, facts=facts)
    return key


def absences(request: HttpRequest) -> HttpResponseBase:
    """Who is away and who stands in for them (321/2020:45 wants the same employee; a substitute
    while they are away)."""
    experts = (
        User.objects.filter(role=User.Role.EXPERT, is_active=True)
        .select_related("organisation")
        .order_by("username")
    )
    form = Away(request).of(experts)
    if form.sent():
        with form.refusals():
            _add_absence(form.cleaned_data, user_of(request))
            return redirect("absences")
    listing = Listing(ABSENCES, Absence.objects.select_related("user", "substitute"))
    if (file := download(request, listing)) is not None:
        return file
    facts = {"language": language_of(request), "absences": screen(request, listing), "form": form}
    return render(request, "absences.html", facts, status=form.status)


def _add_absence(sent: dict[str, Any], by: User) -> None:
    """Enter the days. BadValue for days the wrong way round, or a substitute of another branch."""
    user, substitute, first, last = (sent[n] for n in ("user", "substitute", "first", "last"))
    if substitute is not None and (
        substitute == user or substitute.organisation_id != user.organisation_id
    ):
        raise BadValue(field="substitute", value=substitute.username)
    if last < first:
        raise BadValue(field="last_day", value=last.isoformat())
    with transaction.atomic():
        Absence.objects.create(user=user, first_day=first, last_day=last, substitute=substitute)
        facts = {"user": user.username, "first": first.isoformat(), "last": last.isoformat()}
        subject = f"user:{user.username}"
        record(by=by.username, at=now(), verb="add_absence", subject=subject, facts=facts)
