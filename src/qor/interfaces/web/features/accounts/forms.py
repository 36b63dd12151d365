"""Forms of people: their own password and language, invitations, absences, keys of systems."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from qor.interfaces.messages import text
from qor.interfaces.web.kernel.access import user_of
from qor.interfaces.web.kernel.fields import Choice, Day, Email, One, Pressed, Secret, Text
from qor.interfaces.web.kernel.file_fields import Upload
from qor.interfaces.web.kernel.forms import Form
from qor.law.pages import LANGUAGES
from qor.workflow.accounts.models import Organisation, User

_MOST_MIB = 4  # of a file of organisations
APPROVE, DECLINE = "approve", "decline"
# What an administrator does to an account, in the order of its page.
CHANGE_ROLE = "change_role"
ACCOUNT_EVENTS = (
    CHANGE_ROLE,
    "switch_off",
    "switch_on",
    "unlock",
    "new_password",
    "reset_second_factor",
    "end_sessions",
)


class OwnPassword(Form):
    """A new password, by who knows the present one."""

    old = Secret(asks="current-password", label="portal.password_old")
    new = Secret(
        asks="new-password", label="portal.password_new", help_text="portal.password_rules"
    )
    again = Secret(asks="new-password", label="portal.password_again")
    places: ClassVar = {"password_weak": "new"}

    def clean(self) -> None:
        """The present password is right, the new one typed twice alike."""
        data = self.cleaned_data
        if "old" in data and not user_of(self.request).check_password(data["old"]):
            self.add_error("old", text("forms.password_wrong", self.lang))
        if {"new", "again"} <= set(data) and data["new"] != data["again"]:
            self.add_error("again", text("forms.password_differs", self.lang))


class Language(Form):
    """The language of the pages, and where the user was."""

    language = Choice(LANGUAGES)
    back = Text(required=False)


class Invited(Form):
    """A user to invite: name to sign in with, role, organisation, how to reach them."""

    username = Text(
        max_length=150, validators=[UnicodeUsernameValidator()], label="portal.username"
    )
    first_name = Text(max_length=150, required=False, label="portal.first_name")
    last_name = Text(max_length=150, required=False, label="portal.last_name")
    role = Choice(User.Role.values, says="portal.role_", label="portal.role")
    organisation = One(label="portal.organisation")
    email = Email(required=False, label="portal.email")
    places: ClassVar = {"name_taken": "username", "wrong_organisation": "organisation"}

    def of(self, organisations: QuerySet[Organisation]) -> Invited:
        """The organisations to choose from; none is chosen at first."""
        self.offer("organisation", organisations, lambda one: one.called(self.lang), blank=True)
        return self


class NewRole(Form):
    """Another role or organisation of somebody."""

    role = Choice(User.Role.values, says="portal.role_", label="portal.role")
    organisation = One(label="portal.organisation")
    places: ClassVar = {"wrong_organisation": "organisation", "last_administrators": "role"}

    def of(self, organisations: QuerySet[Organisation]) -> NewRole:
        """The organisations to choose from."""
        self.offer("organisation", organisations, lambda one: one.called(self.lang))
        return self


class OneButton(Form):
    """A button without fields: what is refused stands above it."""


class AccountEvent(Form):
    """Which button of a person's page was pressed."""

    event = Pressed(*ACCOUNT_EVENTS)


class Decision(Form):
    """What another administrator says to a request; it has no page of its own."""

    event = Pressed(APPROVE, DECLINE)
    number = Text(required=False)


class OrganisationsFile(Form):
    """A file of organisations; the line that cannot be taken is named beside it."""

    file = Upload(label="portal.organisations_file")
    otherwise = "file"

    def clean_file(self) -> UploadedFile[Any]:
        """A list of organisations is small: one of more than four mebibytes is none."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > _MOST_MIB << 20:
            said = text("refusals.body_too_large", self.lang, most=_MOST_MIB)
            raise ValidationError(said)
        return file


class Away(Form):
    """An expert's days away, and who stands in."""

    user = One(label="portal.expert")
    substitute = One(label="portal.substitute", required=False)
    first = Day(label="portal.first_day")
    last = Day(label="portal.last_day")
    places: ClassVar = {"last_day": "last"}

    def of(self, experts: QuerySet[User]) -> Away:
        """The experts to choose from."""
        for name in ("user", "substitute"):
            self.offer(name, experts, _expert)
        return self


class NewKey(Form):
    """A key for a provider's own system."""

    organisation = One(label="portal.organisation")
    name = Text(asked=True, label="portal.full_name")

    def of(self, providers: QuerySet[Organisation]) -> NewKey:
        """The providers to choose from."""
        self.offer("organisation", providers, lambda one: f"{one.bin} {one.name_kk}")
        return self


class Revocation(Form):
    """The key that is revoked, if that button was pressed."""

    revoke = Pressed()


class ViewOfList(Form):
    """A button of a user's saved views, and the list that it stands at; it has no page of its
    own."""

    event = Pressed("save", "first", "not_first", "drop")
    view = Text(required=False)
    list = Text(required=False)
    query = Text(required=False)
    name = Text(required=False)
    first = Text(required=False)
    back = Text(required=False)


def _expert(user: Any) -> str:
    return f"{user.get_full_name() or user.username} ({user.organisation.region})"
