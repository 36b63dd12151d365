"""`qor init`, `qor users`, `qor organisations`: the people and organisations of an installation."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qor.interfaces.cli.database import open_portal
from qor.interfaces.cli.exports import add_handing_out
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import now

if TYPE_CHECKING:
    from qor.workflow.accounts.actions import Done
    from qor.workflow.accounts.models import User

_ON_ONE = ("off", "on", "unlock", "password", "factor", "sessions")
_ROLES = ("provider", "expert", "head_office", "administrator", "auditor", "accountant")


def add(commands: Any) -> None:
    """Add the commands."""
    first = command(commands, "init", "init", _init)
    option(
        first, "--organisations", key="organisations_file", type=Path, required=True, metavar="FILE"
    )
    option(
        first,
        "--administrator",
        key="administrators",
        action="append",
        required=True,
        metavar="NAME",
    )
    _database(first)
    importing = command(commands, "organisations", "organisations", _import)
    option(importing, "file", key="organisations_file", type=Path)
    _by(importing)
    inside = command(commands, "users", "users", None, needs_json=False).add_subparsers(
        required=True, metavar="…", dest="what"
    )
    for name, run in (("list", _list), ("requests", _requests)):
        parser = command(inside, name, f"users_{name}", run)
        _database(parser)
        add_handing_out(parser)
    _add_invite(inside)
    for name in _ON_ONE:
        parser = command(inside, name, f"users_{name}", _on_one)
        option(parser, "name", key="user_name")
        _by(parser)
    for name in ("approve", "refuse"):
        parser = command(inside, name, f"users_{name}", _decide)
        option(parser, "number", key="request_number", type=int)
        _by(parser)


def _add_invite(inside: Any) -> None:
    for name, run in (("invite", _invite), ("role", _role)):
        parser = command(inside, name, f"users_{name}", run)
        option(parser, "name", key="user_name")
        option(parser, "--role", key="user_role", choices=_ROLES, required=True)
        option(parser, "--organisation", key="user_organisation", required=True, metavar="BIN")
        if name == "invite":
            option(parser, "--email", key="user_email", default="")
            option(
                parser, "--language", key="user_language", choices=("kk", "ru", "en"), default="kk"
            )
        _by(parser)


def _database(parser: argparse.ArgumentParser) -> None:
    option(parser, "--database", key="database", default="", metavar="URL")


def _by(parser: argparse.ArgumentParser) -> None:
    option(parser, "--by", key="by_administrator", required=True)
    _database(parser)


def _init(args: argparse.Namespace, voice: Voice) -> int:
    from qor.law.nouns.refusals import BadValue

    if len(set(args.administrator)) != len(args.administrator) or len(args.administrator) != 2:
        raise BadValue(field="administrator", value=", ".join(args.administrator))
    open_portal(args.database)
    from qor.workflow.accounts.organisations import initialise

    first, second = args.administrator
    passwords = initialise(args.organisations, (first, second), by=getpass.getuser(), at=now())
    if voice.as_json:
        voice.json(passwords)
    else:
        voice.table(voice.t("cli.first_passwords"), ("", ""), list(passwords.items()))
    return 0


def _import(args: argparse.Namespace, voice: Voice) -> int:
    by = _administrator(args)
    from qor.workflow.accounts.organisations import import_organisations

    new, changed = import_organisations(args.file, by=by.username, at=now())
    if voice.as_json:
        voice.json({"new": new, "changed": changed})
    else:
        voice.line(voice.t("cli.organisations_taken", new=new, changed=changed))
    return 0


def _list(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, must_exist=True)
    from qor.workflow.accounts.models import User

    users = User.objects.select_related("organisation").order_by("role", "username")
    lines = [(u.username, u.role, _place(u), u.is_active) for u in users]
    if voice.as_json:
        names = ("name", "role", "organisation", "active")
        voice.json([dict(zip(names, line, strict=True)) for line in lines])
    else:
        headings = ("name", "role", "organisation", "status")
        shown = [
            (n, voice.t(f"portal.role_{r}"), o, voice.t(f"cli.user_{'on' if a else 'off'}"))
            for n, r, o, a in lines
        ]
        voice.table(voice.t("cli.users"), [voice.t(f"terms.{h}") for h in headings], shown)
    return 0


def _place(user: User) -> str:
    office = user.organisation
    return "" if office is None else office.bin or office.region or office.kind


def _invite(args: argparse.Namespace, voice: Voice) -> int:
    by = _administrator(args)
    from qor.workflow.accounts import actions

    invitation = actions.Invitation(
        args.name, args.role, _organisation(args.organisation), args.email, language=args.language
    )
    return _say(voice, actions.invite(invitation, by=by, at=now()))


def _role(args: argparse.Namespace, voice: Voice) -> int:
    by = _administrator(args)
    from qor.workflow.accounts import actions

    done = actions.change_role(
        args.name, args.role, _organisation(args.organisation), by=by, at=now()
    )
    return _say(voice, done)


def _on_one(args: argparse.Namespace, voice: Voice) -> int:
    by = _administrator(args)
    from qor.workflow.accounts import actions

    doing: dict[str, Callable[..., Done | None]] = {
        "off": actions.switch_off,
        "on": actions.switch_on,
        "unlock": actions.unlock,
        "password": actions.new_password,
        "factor": actions.reset_second_factor,
        "sessions": actions.end_sessions,
    }
    return _say(voice, doing[args.what](args.name, by=by, at=now()) or actions.Done())


def _requests(args: argparse.Namespace, voice: Voice) -> int:
    open_portal(args.database, must_exist=True)
    from qor.workflow.accounts.models import AccountRequest

    waiting = (
        AccountRequest.objects.filter(outcome="").select_related("user", "asked_by").order_by("pk")
    )
    lines = [(r.pk, r.user.username, str(r.kind), r.role, r.asked_by.username) for r in waiting]
    if voice.as_json:
        names = ("number", "user", "kind", "role", "asked_by")
        voice.json([dict(zip(names, line, strict=True)) for line in lines])
    else:
        headings = [voice.t(f"terms.{h}") for h in ("number", "name", "request", "role", "by")]
        shown = [
            (n, u, voice.t(f"cli.request_{k}"), voice.t(f"portal.role_{r}") if r else "", b)
            for n, u, k, r, b in lines
        ]
        voice.table(voice.t("cli.users_requests"), headings, shown)
    return 0


def _decide(args: argparse.Namespace, voice: Voice) -> int:
    by = _administrator(args)
    from qor.workflow.accounts import actions

    return _say(voice, actions.decide(args.number, args.what == "approve", by=by, at=now()))


def _say(voice: Voice, done: Done) -> int:
    if voice.as_json:
        voice.json({"password": done.password, "request": done.request})
        return 0
    if done.password:
        voice.line(voice.t("cli.password_once", password=done.password))
    if done.request is not None:
        voice.line(voice.t("cli.request_waits", number=done.request))
    if not done.password and done.request is None:
        voice.line(voice.t("cli.done"))
    return 0


def _administrator(args: argparse.Namespace) -> User:
    open_portal(args.database, must_exist=True)
    from qor.workflow.accounts.actions import account

    return account(args.by, "administrator")


def _organisation(text: str) -> Any:
    """The organisation that a BIN, a branch's region, or head_office names."""
    from qor.workflow.accounts.models import Organisation
    from qor.workflow.accounts.refusals import NoSuchOrganisation

    office = Organisation.objects
    if text == Organisation.Kind.HEAD_OFFICE:
        one = office.filter(kind=text).first()
    else:
        one = (
            office.filter(bin=text).first()
            or office.filter(kind=Organisation.Kind.BRANCH, region=text).first()
        )
    if one is None:
        raise NoSuchOrganisation(name=text)
    return one
