"""Organisations, users, absences."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.crypto import salted_hmac

from qor.workflow.audit.sealed_rows import SealedQuerySet


class Organisation(models.Model):
    """A provider, a branch of the Fund, or its head office; `bin` is the provider's, `region` the
    code of its region."""

    class Kind(models.TextChoices):
        """What it is."""

        PROVIDER = "provider"
        BRANCH = "branch"
        HEAD_OFFICE = "head_office"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    bin = models.CharField(max_length=12, unique=True, null=True)
    region = models.CharField(max_length=2, blank=True)
    name_kk = models.CharField(max_length=300)
    name_ru = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="provider_has_bin",
                condition=~models.Q(kind="provider") | models.Q(bin__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.bin or self.region}"

    def called(self, language: str) -> str:
        """Its name in kk, ru or en."""
        return str(getattr(self, f"name_{language}"))


class Users(UserManager.from_queryset(SealedQuerySet)):  # type: ignore[misc]
    """Users, whose changes the journal holds also where many are changed at once."""

    use_in_migrations = False


class User(AbstractUser):
    """A person with one role at one organisation."""

    class Role(models.TextChoices):
        """What they may do."""

        PROVIDER = "provider"
        EXPERT = "expert"
        HEAD_OFFICE = "head_office"
        ADMINISTRATOR = "administrator"
        AUDITOR = "auditor"
        ACCOUNTANT = "accountant"

    role = models.CharField(max_length=16, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="users"
    )
    department = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=2, default="kk")
    # A password that somebody else knows is changed at the first sign-in; raising `session_epoch`
    # ends every session of the user.
    must_change_password = models.BooleanField(default=False)
    session_epoch = models.IntegerField(default=0)
    objects: ClassVar[UserManager[User]] = Users()

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: the password, and how often all sessions were ended."""
        facts = f"{self.password}:{self.session_epoch}"
        return salted_hmac("qor.accounts.session", facts, algorithm="sha256").hexdigest()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="role_is_known",
                condition=models.Q(
                    role__in=[
                        "provider",
                        "expert",
                        "head_office",
                        "administrator",
                        "auditor",
                        "accountant",
                    ]
                ),
            )
        ]


class Absence(models.Model):
    """Days on which a user does not work, both included; a substitute takes their reviews under
    clause 45."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    substitute = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="substitutes_for"
    )
    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_is_not_inverted",
                condition=models.Q(last_day__gte=models.F("first_day")),
            )
        ]


class Token(models.Model):
    """A hospital system's key to hand in its provider's registers; only its hash is kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    objects = SealedQuerySet.as_manager()


class AccountRequest(models.Model):
    """Something about an account that two administrators decide: one asks, another one approves or
    refuses."""

    class Kind(models.TextChoices):
        """What is asked for."""

        ROLE = "role"
        PASSWORD = "password"  # noqa: S105 - a kind of request
        FACTOR = "factor"
        SWITCH_ON = "switch_on"

    class Outcome(models.TextChoices):
        """What the second administrator said."""

        APPROVED = "approved"
        REFUSED = "refused"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    role = models.CharField(max_length=16, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True, choices=Outcome.choices)
    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="two_administrators",
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("asked_by")),
            )
        ]


class SavedView(models.Model):
    """What a person keeps of a list under a name: order, filters and columns, as its address has
    them; the list may begin with one of them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    list = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.TextField()
    is_first = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "list", "name"], name="view_of_one_name"),
            models.UniqueConstraint(
                fields=["user", "list"], condition=models.Q(is_first=True), name="one_first_view"
            ),
        ]
