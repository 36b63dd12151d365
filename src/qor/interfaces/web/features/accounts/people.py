"""The administrator's page: users, their roles and organisations."""

from __future__ import annotations

import hashlib
import secrets

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from qor.interfaces.clock import now
from qor.interfaces.typed_days import a_day
from qor.interfaces.web.kernel.access import language_of, number, user_of
from qor.interfaces.web.kernel.table import Column, Kind, Listing, Table, download, screen
from qor.interfaces.web.kernel.template_tags import role_name
from qor.law.nouns.refusals import BadValue
from qor.workflow.accounts.actions import Invitation, invite
from qor.workflow.accounts.models import Absence, AccountRequest, Organisation, Token, User
from qor.workflow.audit.journal import record
from qor.workflow.disputes.letters import overdue_letters

USERS = Table(
    "users",
    "portal.users",
    (
        Column("username", "portal.username"),
        Column("first_name", "portal.first_name"),
        Column("last_name", "portal.last_name"),
        Column(
            "role", "portal.role", Kind.ENUMERATION, says=role_name, choices=tuple(User.Role.values)
        ),
        Column("organisation", "portal.organisation", field="organisation__name_{language}"),
    ),
    order=("role", "username"),
)


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


class NewUser(forms.Form):
    """A user to invite: name to sign in with, role, organisation, how to reach them."""

    username = forms.CharField(max_length=150, validators=[UnicodeUsernameValidator()])
    first_name = forms.CharField(max_length=150, required=False)
    last_name = forms.CharField(max_length=150, required=False)
    role = forms.ChoiceField(choices=User.Role.choices)
    organisation = forms.ModelChoiceField(Organisation.objects.all())
    email = forms.EmailField(required=False)


def tokens(request: HttpRequest) -> HttpResponseBase:
    """Keys of hospital systems: a new one is shown once; one that is no longer wanted is
    revoked."""
    shown = ""
    if request.method == "POST" and (revoked := number(request.POST.get("revoke"))):
        with transaction.atomic():
            Token.objects.filter(pk=revoked, revoked_at__isnull=True).update(revoked_at=now())
            record(
                by=user_of(request).username,
                at=now(),
                verb="revoke_token",
                subject=f"token:{revoked}",
            )
        return redirect("tokens")
    if request.method == "POST":
        organisation = get_object_or_404(
            Organisation,
            pk=number(request.POST.get("organisation")),
            kind=Organisation.Kind.PROVIDER,
        )
        shown, name = secrets.token_urlsafe(32), request.POST.get("name", "")[:60] or "system"
        with transaction.atomic():
            digest = hashlib.sha256(shown.encode()).hexdigest()
            made = Token.objects.create(
                organisation=organisation, name=name, digest=digest, made_at=now()
            )
            facts = {"organisation": organisation.pk, "name": name}
            record(
                by=user_of(request).username,
                at=now(),
                verb="make_token",
                subject=f"token:{made.pk}",
                facts=facts,
            )
    listing = Listing(TOKENS, Token.objects.select_related("organisation"))
    if (file := download(request, listing)) is not None:
        return file
    providers = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER).order_by("bin")
    return render(
        request,
        "tokens.html",
        {
            "language": language_of(request),
            "tokens": screen(request, listing),
            "providers": providers,
            "shown": shown,
        },
    )


def absences(request: HttpRequest) -> HttpResponseBase:
    """Who is away and who stands in for them (321/2020:45 wants the same employee; a substitute
    while they are away)."""
    experts = (
        User.objects.filter(role=User.Role.EXPERT, is_active=True)
        .select_related("organisation")
        .order_by("username")
    )
    if request.method == "POST":
        first, last = (a_day(request.POST.get(name, "")) for name in ("first", "last"))
        user = get_object_or_404(experts, pk=number(request.POST.get("user")))
        substitute = (
            experts.filter(
                organisation=user.organisation, pk=number(request.POST.get("substitute"))
            )
            .exclude(pk=user.pk)
            .first()
        )
        if last < first:
            raise BadValue(field="last_day", value=last.isoformat())
        with transaction.atomic():
            Absence.objects.create(user=user, first_day=first, last_day=last, substitute=substitute)
            told = {"user": user.username, "first": first.isoformat(), "last": last.isoformat()}
            record(
                by=user_of(request).username,
                at=now(),
                verb="add_absence",
                subject=f"user:{user.username}",
                facts=told,
            )
        return redirect("absences")
    listing = Listing(ABSENCES, Absence.objects.select_related("user", "substitute"))
    if (file := download(request, listing)) is not None:
        return file
    return render(
        request,
        "absences.html",
        {
            "language": language_of(request),
            "absences": screen(request, listing),
            "experts": experts,
        },
    )


def users(request: HttpRequest) -> HttpResponseBase:
    """All users, a form for one more, what waits for a second administrator, letters that do not
    go."""
    listing = Listing(USERS, User.objects.select_related("organisation"))
    if (file := download(request, listing)) is not None:
        return file
    form, done = NewUser(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        done = invite(Invitation(**form.cleaned_data), by=user_of(request), at=now())
    facts = {
        "language": language_of(request),
        "users": screen(request, listing),
        "form": form,
        "done": done,
        "organisations": Organisation.objects.order_by("kind", "region", "bin"),
        "roles": User.Role.values,
        "requests": AccountRequest.objects.filter(outcome="").select_related("user", "asked_by"),
        "letters": overdue_letters(now()).count(),
    }
    return render(request, "users.html", facts)
