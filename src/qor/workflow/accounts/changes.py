"""How the row of an account changes, inside the transaction of an action (`accounts.actions`).

Whatever changes, all sessions of its user end.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import F

from qor.workflow.accounts.models import Organisation, User
from qor.workflow.accounts.refusals import LastAdministrators
from qor.workflow.audit.journal import record

LEAST_ADMINISTRATORS = 2
PASSWORD_BYTES = 12


def give_password(user: User, by: User, at: datetime) -> str:
    """Give a new first password, which its user changes at the next sign-in."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    user.set_password(password)
    update_account(user, password=user.password, must_change_password=True)
    enter("new_password", user, by, at)
    return password


def forget_factor(user: User, by: User, at: datetime) -> None:
    """Forget the second factor: its user sets up another at the next sign-in."""
    Authenticator.objects.filter(user=user).delete()
    update_account(user)
    enter("reset_second_factor", user, by, at)


def set_role(user: User, role: str, organisation: Organisation) -> None:
    """Give an account a role in an organisation."""
    update_account(user, role=role, organisation=organisation)


def update_account(user: User, **facts: object) -> None:
    """Change an account; whatever changes, its sessions end."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1, **facts)


def keep_administrators(user: User, unless: str = "") -> None:
    """LastAdministrators where the account leaves fewer administrators than some rights need."""
    if (
        user.role != User.Role.ADMINISTRATOR
        or unless == User.Role.ADMINISTRATOR
        or not user.is_active
    ):
        return
    if (
        User.objects.filter(role=User.Role.ADMINISTRATOR, is_active=True).count()
        <= LEAST_ADMINISTRATORS
    ):
        raise LastAdministrators(least=LEAST_ADMINISTRATORS)


def enter(verb: str, user: User, by: User, at: datetime, **facts: object) -> None:
    """Enter what was done to an account in the journal."""
    record(by=by.username, at=at, verb=verb, subject=f"user:{user.username}", facts=facts)
