"""The administrator's page: users, their roles and organisations."""

from __future__ import annotations

import hashlib
import secrets

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from qor.interfaces.cli.parser import a_day
from qor.interfaces.clock import now
from qor.interfaces.portal.access import for_roles, language_of, number, user_of
from qor.law.refusals import BadValue
from qor.workflow.accounts.models import Absence, Organisation, Token, User
from qor.workflow.audit.journal import record

_HOME: dict[str, str] = {User.Role.PROVIDER: Organisation.Kind.PROVIDER, User.Role.EXPERT: Organisation.Kind.BRANCH}


class NewUser(forms.ModelForm):  # type: ignore[type-arg]
    """A user to add: name to sign in with, role, organisation, first password."""

    password = forms.CharField(widget=forms.PasswordInput, validators=[validate_password])

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "role", "organisation", "department", "email", "password")

    def clean(self) -> dict[str, object]:
        """A provider's user belongs to a provider, an expert to a branch, the others to head office."""
        told = super().clean() or {}
        organisation, role = told.get("organisation"), told.get("role")
        if organisation is None or organisation.kind != _HOME.get(str(role), Organisation.Kind.HEAD_OFFICE):
            raise forms.ValidationError("organisation")
        return told


@require_http_methods(["GET", "POST"])
@for_roles(User.Role.ADMINISTRATOR)
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys of hospital systems: a new one is shown once; one that is no longer wanted is revoked."""
    shown = ""
    if request.method == "POST" and (revoked := number(request.POST.get("revoke"))):
        with transaction.atomic():
            Token.objects.filter(pk=revoked, revoked_at__isnull=True).update(revoked_at=now())
            record(by=user_of(request).username, at=now(), verb="revoke_token", subject=f"token:{revoked}")
        return redirect("tokens")
    if request.method == "POST":
        organisation = get_object_or_404(
            Organisation, pk=number(request.POST.get("organisation")), kind=Organisation.Kind.PROVIDER
        )
        shown, name = secrets.token_urlsafe(32), request.POST.get("name", "")[:60] or "system"
        with transaction.atomic():
            digest = hashlib.sha256(shown.encode()).hexdigest()
            made = Token.objects.create(organisation=organisation, name=name, digest=digest, made_at=now())
            facts = {"organisation": organisation.pk, "name": name}
            record(by=user_of(request).username, at=now(), verb="make_token", subject=f"token:{made.pk}", facts=facts)
    held = Token.objects.select_related("organisation").order_by("-pk")
    providers = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER).order_by("bin")
    return render(
        request,
        "tokens.html",
        {"language": language_of(request), "tokens": held, "providers": providers, "shown": shown},
    )


@require_http_methods(["GET", "POST"])
@for_roles(User.Role.HEAD_OFFICE)
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away and who stands in for them (321/2020:45 wants the same employee; a substitute while they are away)."""
    experts = (
        User.objects.filter(role=User.Role.EXPERT, is_active=True).select_related("organisation").order_by("username")
    )
    if request.method == "POST":
        first, last = (a_day(request.POST.get(name, "")) for name in ("first", "last"))
        user = get_object_or_404(experts, pk=number(request.POST.get("user")))
        substitute = (
            experts.filter(organisation=user.organisation, pk=number(request.POST.get("substitute")))
            .exclude(pk=user.pk)
            .first()
        )
        if last < first:
            raise BadValue(field="last_day", value=last.isoformat())
        with transaction.atomic():
            Absence.objects.create(user=user, first_day=first, last_day=last, substitute=substitute)
            told = {"user": user.username, "first": first.isoformat(), "last": last.isoformat()}
            record(
                by=user_of(request).username, at=now(), verb="add_absence", subject=f"user:{user.username}", facts=told
            )
        return redirect("absences")
    held = Absence.objects.select_related("user", "substitute").order_by("-first_day")[:200]
    return render(request, "absences.html", {"language": language_of(request), "absences": held, "experts": experts})


@require_http_methods(["GET", "POST"])
@for_roles(User.Role.ADMINISTRATOR)
def users(request: HttpRequest) -> HttpResponse:
    """All users, and a form for one more."""
    form = NewUser(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            added = form.save(commit=False)
            added.set_password(form.cleaned_data["password"])
            added.save()
            facts = {"role": added.role, "organisation": added.organisation_id}
            record(
                by=user_of(request).username, at=now(), verb="add_user", subject=f"user:{added.username}", facts=facts
            )
        return redirect("users")
    listed = User.objects.select_related("organisation").order_by("role", "username")
    organisations = Organisation.objects.order_by("kind", "region", "bin")
    facts_ = {
        "language": language_of(request),
        "users": listed[:500],
        "form": form,
        "organisations": organisations,
        "roles": User.Role.values,
    }
    return render(request, "users.html", facts_)
