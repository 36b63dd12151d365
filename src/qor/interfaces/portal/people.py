"""The administrator's page: users, their roles and organisations."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from qor.interfaces.clock import now
from qor.interfaces.portal.access import for_roles, language_of, user_of
from qor.workflow.accounts.models import Organisation, User
from qor.workflow.audit.journal import record


class NewUser(forms.ModelForm):  # type: ignore[type-arg]
    """A user to add: name to sign in with, role, organisation, first password."""

    password = forms.CharField(widget=forms.PasswordInput, validators=[validate_password])

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "role", "organisation", "department", "password")


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
