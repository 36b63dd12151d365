"""What administrators do to accounts. Rights to pay, and those of administrators, need two of them.

Each action is one transaction with its entry in the journal. A password made here is shown once and
changed by its user at the first sign-in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from axes.utils import reset as forget_failures
from django.db import transaction

from qor.workflow.accounts.changes import (
    PASSWORD_BYTES,
    enter,
    forget_factor,
    give_password,
    keep_administrators,
    set_role,
    update_account,
)
from qor.workflow.accounts.models import AccountRequest, Organisation, User
from qor.workflow.accounts.refusals import (
    NameTaken,
    NoSuchUser,
    NotAnAccount,
    NothingAsked,
    NotYourself,
    WrongOrganisation,
)
from qor.workflow.audit.journal import record

# Who may move money, and who may make such people: one administrator asks, another approves.
GUARDED: frozenset[str] = frozenset({User.Role.ACCOUNTANT, User.Role.ADMINISTRATOR})
_KIND_OF = {
    User.Role.PROVIDER: {Organisation.Kind.PROVIDER},
    User.Role.EXPERT: {Organisation.Kind.BRANCH},
    User.Role.ACCOUNTANT: {Organisation.Kind.BRANCH, Organisation.Kind.HEAD_OFFICE},
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom to invite: the name to sign in with, the role, where, and how to reach them."""

    username: str
    role: str
    organisation: Organisation
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    language: str = "kk"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an action: a password to hand over, or the number of a request that waits for
    another administrator."""

    password: str = ""
    request: int | None = None


def account(name: str, *roles: str) -> User:
    """Return the active account of that name with one of the roles. NotAnAccount."""
    user = User.objects.filter(username=name, is_active=True, role__in=roles).first()
    if user is None:
        raise NotAnAccount(name=name)
    return user


def user_named(name: str) -> User:
    """Return the account of that name, active or not. NoSuchUser."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise NoSuchUser(name=name)
    return user


def invite(invitation: Invitation, *, by: User, at: datetime) -> Done:
    """Make an account with a first password; one with guarded rights waits, switched off, for a
    second administrator.

    NotAnAccount, NameTaken, WrongOrganisation.
    """
    _administrator(by)
    with transaction.atomic():
        user, password = add_account(invitation, active=invitation.role not in GUARDED)
        enter("invite", user, by, at, role=user.role, organisation=user.organisation_id)
        if invitation.role not in GUARDED:
            return Done(password)
        return Done(password, _ask(AccountRequest.Kind.SWITCH_ON, user, by, at).pk)


def add_account(invitation: Invitation, *, active: bool) -> tuple[User, str]:
    """Make the account's row and its first password. NameTaken, WrongOrganisation."""
    if User.objects.filter(username__iexact=invitation.username).exists():
        raise NameTaken(name=invitation.username)
    check_home(invitation.role, invitation.organisation)
    user = User(
        username=invitation.username,
        role=invitation.role,
        organisation=invitation.organisation,
        email=invitation.email,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        language=invitation.language,
        is_active=active,
        must_change_password=True,
    )
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    user.set_password(password)
    user.save(force_insert=True)
    return user, password


def check_home(role: str, organisation: Organisation) -> None:
    """WrongOrganisation unless the role belongs to that kind of organisation."""
    if organisation.kind not in _KIND_OF.get(User.Role(role), {Organisation.Kind.HEAD_OFFICE}):
        raise WrongOrganisation(role=role, kind=organisation.kind)


def change_role(
    name: str, role: str, organisation: Organisation, *, by: User, at: datetime
) -> Done:
    """Give an account another role or organisation; a guarded role waits for a second
    administrator.

    All sessions end. NotAnAccount, NoSuchUser, NotYourself, WrongOrganisation, LastAdministrators.
    """
    _administrator(by)
    check_home(role, organisation)
    with transaction.atomic():
        user = _other(name, by)
        if role in GUARDED:
            return Done(request=_ask(AccountRequest.Kind.ROLE, user, by, at, role, organisation).pk)
        keep_administrators(user)
        set_role(user, role, organisation)
        enter("change_role", user, by, at, role=role, organisation=organisation.pk)
    return Done()


def switch_off(name: str, *, by: User, at: datetime) -> None:
    """Let nobody sign in with the account any more; its sessions end. LastAdministrators,
    NotYourself."""
    _administrator(by)
    with transaction.atomic():
        user = _other(name, by)
        keep_administrators(user)
        update_account(user, is_active=False)
        enter("switch_off", user, by, at)


def switch_on(name: str, *, by: User, at: datetime) -> Done:
    """Let an account be used again; one with guarded rights needs a second administrator."""
    _administrator(by)
    with transaction.atomic():
        user = _other(name, by)
        if user.role in GUARDED:
            return Done(request=_ask(AccountRequest.Kind.SWITCH_ON, user, by, at).pk)
        update_account(user, is_active=True)
        enter("switch_on", user, by, at)
    return Done()


def unlock(name: str, *, by: User, at: datetime) -> None:
    """Forget the wrong passwords that locked a name."""
    _administrator(by)
    with transaction.atomic():
        user = user_named(name)
        forget_failures(username=user.username)
        enter("unlock", user, by, at)


def new_password(name: str, *, by: User, at: datetime) -> Done:
    """Make a new first password; all sessions end. Of an account with guarded rights only after a
    second administrator."""
    _administrator(by)
    with transaction.atomic():
        user = _other(name, by)
        if user.role in GUARDED:
            return Done(request=_ask(AccountRequest.Kind.PASSWORD, user, by, at).pk)
        return Done(give_password(user, by, at))


def reset_second_factor(name: str, *, by: User, at: datetime) -> Done:
    """Forget a lost second factor: its user sets up another at the next sign-in. Guarded as
    `new_password`."""
    _administrator(by)
    with transaction.atomic():
        user = _other(name, by)
        if user.role in GUARDED:
            return Done(request=_ask(AccountRequest.Kind.FACTOR, user, by, at).pk)
        forget_factor(user, by, at)
    return Done()


def end_sessions(name: str, *, by: User, at: datetime) -> None:
    """Sign the user out everywhere."""
    _administrator(by)
    with transaction.atomic():
        user = user_named(name)
        update_account(user)
        enter("end_sessions", user, by, at)


def decide(number: int, approved: bool, *, by: User, at: datetime) -> Done:
    """Approve or refuse what another administrator asked for. NothingAsked, NotYourself,
    LastAdministrators."""
    _administrator(by)
    with transaction.atomic():
        asked = (
            AccountRequest.objects.select_for_update(of=("self",))
            .filter(pk=number, outcome="")
            .first()
        )
        if asked is None:
            raise NothingAsked(number=number)
        if by.pk in {asked.asked_by_id, asked.user_id}:
            raise NotYourself()
        outcome = AccountRequest.Outcome.APPROVED if approved else AccountRequest.Outcome.REFUSED
        asked.decided_by, asked.decided_at, asked.outcome = by, at, outcome
        asked.save(update_fields=["decided_by", "decided_at", "outcome"])
        enter(
            f"request_{outcome}",
            asked.user,
            by,
            at,
            request=asked.pk,
            kind=asked.kind,
            role=asked.role,
        )
        return _carry_out(asked, by, at) if approved else Done()


def change_own_password(user: User, password: str, *, at: datetime) -> None:
    """Set the password that its user chose; other sessions end. The caller has checked its
    strength."""
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        user.session_epoch += 1
        user.save(update_fields=["password", "must_change_password", "session_epoch"])
        record(by=user.username, at=at, verb="change_password", subject=f"user:{user.username}")


def _carry_out(asked: AccountRequest, by: User, at: datetime) -> Done:
    user = asked.user
    if asked.kind == AccountRequest.Kind.PASSWORD:
        return Done(give_password(user, by, at))
    if asked.kind == AccountRequest.Kind.FACTOR:
        forget_factor(user, by, at)
    elif asked.kind == AccountRequest.Kind.SWITCH_ON:
        update_account(user, is_active=True)
    elif asked.organisation is not None:
        keep_administrators(user, unless=asked.role)
        set_role(user, asked.role, asked.organisation)
    return Done()


def _ask(
    kind: AccountRequest.Kind,
    user: User,
    by: User,
    at: datetime,
    role: str = "",
    organisation: Organisation | None = None,
) -> AccountRequest:
    facts = {"user": user, "kind": kind, "outcome": ""}
    AccountRequest.objects.filter(**facts).update(outcome=AccountRequest.Outcome.REFUSED)
    asked = AccountRequest.objects.create(
        **facts, role=role, organisation=organisation, asked_by=by, asked_at=at
    )
    enter("ask_for", user, by, at, request=asked.pk, kind=str(kind), role=role)
    return asked


def _administrator(by: User) -> None:
    account(by.username, User.Role.ADMINISTRATOR)


def _other(name: str, by: User) -> User:
    user = User.objects.select_for_update(of=("self",)).filter(username=name).first()
    if user is None:
        raise NoSuchUser(name=name)
    if user.pk == by.pk:
        raise NotYourself()
    return user
