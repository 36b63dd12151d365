"""What the portal enters into the journal by itself: signing in and out, failures, locks, second
factors, passwords, downloads and exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa import signals as factors
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from qor.interfaces.clock import now
from qor.workflow.audit.journal import record_apart
from qor.workflow.audit.sealed_rows import Touched, enter_late_with, note_change, row_name

NOBODY = "nobody"
_LONGEST = 150
_OK = 200
Respond = Callable[[HttpRequest], HttpResponseBase]


def watch() -> None:
    """Begin to watch: once, when the portal starts."""
    for signal, receiver in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _failed),
        (user_locked_out, _locked),
        (factors.authenticator_added, _factor_added),
        (factors.authenticator_removed, _factor_removed),
        (factors.authenticator_reset, _factor_reset),
        (factors.authentication_failed, _factor_failed),
    ):
        signal.connect(receiver, dispatch_uid=f"journal {receiver.__name__}")
    enter_late_with(_changed_apart)


def downloads(respond: Respond) -> Respond:
    """Enter every file that the portal hands out: by whom, which, and what was asked for."""

    def watched(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        disposition = str(response.headers.get("Content-Disposition", ""))
        user = getattr(request, "user", None)
        if (
            response.status_code == _OK
            and disposition
            and user is not None
            and user.is_authenticated
        ):
            name = disposition.partition("filename=")[2].strip('"') or disposition
            facts = {
                "file": name[:_LONGEST],
                "asked": request.META.get("QUERY_STRING", "")[:_LONGEST],
            }
            verb = "bank_file" if _is_bank_file(request) else "download"
            record_apart(
                by=user.username, at=now(), verb=verb, subject=request.path[:_LONGEST], facts=facts
            )
        return response

    return watched


def _is_bank_file(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == "bank_file"


def _enter(
    verb: str, name: str, request: HttpRequest | None = None, *, by: str | None = None, **facts: Any
) -> None:
    """One entry of a user's name; the address that the request came from, where there is one."""
    if request is not None and request.META.get("REMOTE_ADDR"):
        facts["address"] = request.META["REMOTE_ADDR"]
    known = name.replace("\x00", "")[:_LONGEST]
    record_apart(
        by=known if by is None else by,
        at=now(),
        verb=verb,
        subject=f"user:{known}"[: _LONGEST + 5],
        facts=facts,
    )


def _signed_in(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    _enter("sign_in", user.username, request)


def _signed_out(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    if user is not None and user.is_authenticated:
        _enter("sign_out", user.username, request)


def _failed(
    credentials: dict[str, Any] | None = None, request: HttpRequest | None = None, **_: Any
) -> None:
    typed = credentials or {}
    _enter(
        "sign_in_failed", str(typed.get("username") or typed.get("login") or ""), request, by=NOBODY
    )


def _locked(username: str | None = None, request: HttpRequest | None = None, **_: Any) -> None:
    _enter("locked_out", str(username or ""), request, by=NOBODY)


def _factor_added(
    request: HttpRequest | None = None, user: Any = None, authenticator: Any = None, **_: Any
) -> None:
    _enter("add_factor", user.username, request, kind=str(authenticator.type))


def _factor_removed(
    request: HttpRequest | None = None, user: Any = None, authenticator: Any = None, **_: Any
) -> None:
    _enter("remove_factor", user.username, request, kind=str(authenticator.type))


def _factor_reset(
    request: HttpRequest | None = None, user: Any = None, authenticator: Any = None, **_: Any
) -> None:
    _enter("reset_factor", user.username, request, kind=str(authenticator.type))


def _factor_failed(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    _enter("factor_failed", user.username if user is not None else "", request)


def _changed_apart(change: Touched) -> None:
    """What was changed outside of any action (a new password, a stronger hash of the old one): an
    entry of its own, with the seal before."""
    rows = [row_name(change.model, pk) for pk in change.before]
    with transaction.atomic():
        note_change(change.model, change.before, late=True)
        record_apart(
            by="system", at=now(), verb="changed_apart", subject=rows[0], facts={"rows": len(rows)}
        )
