"""What a request passes before any page: its true client, its size, how long its sender was
idle."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qor.interfaces.clock import machine_seconds
from qor.law.nouns.refusals import Refusal

Respond = Callable[[HttpRequest], HttpResponse]
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_FORWARDED",
)
_SEEN, _MINUTE = "seen_at", 60


class TooManyTries(Refusal):
    """More files in a minute than one user or system may send."""

    key = "too_many_tries"


def true_client(respond: Respond) -> Respond:
    """Take the client's address and protocol from a proxy that is trusted (QOR_PROXIES), from
    nobody else.

    Of the addresses forwarded the last one that is no proxy of ours counts: a client can write
    what it likes before it.
    """

    def guarded(request: HttpRequest) -> HttpResponse:
        if _is_proxy(request.META.get("REMOTE_ADDR", "")):
            chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            clients = [
                part.strip() for part in chain if part.strip() and not _is_proxy(part.strip())
            ]
            if clients and _address(clients[-1]) is not None:
                request.META["REMOTE_ADDR"] = clients[-1]
        else:
            for name in _FORWARDED:
                request.META.pop(name, None)
        return respond(request)

    return guarded


def client_address(request: HttpRequest) -> str:
    """Return the client's address, as `true_client` found it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def body_limit(respond: Respond) -> Respond:
    """Refuse a body larger than a register may be before a byte of it is read: 413."""

    def guarded(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            return HttpResponse(status=400)
        if int(length) > settings.QOR_MOST_BYTES + (1 << 20):
            return HttpResponse(status=413)
        return respond(request)

    return guarded


def readable(respond: Respond) -> Respond:
    """Refuse requests whose fields hold a NUL, which no database column takes: 400 rather than a
    failure further in."""

    def guarded(request: HttpRequest) -> HttpResponse:
        fields = [*request.GET.items()]
        is_page = not request.path.startswith("/api/")  # there the body is a file, read by its view
        if is_page and request.content_type in {
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        }:
            fields += request.POST.items()
        if any("\x00" in name or "\x00" in str(value) for name, value in fields):
            return HttpResponse(status=400)
        return respond(request)

    return guarded


def private_pages(respond: Respond) -> Respond:
    """Forbid keeping a copy of what a signed-in user or a hospital system is shown."""

    def guarded(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        if request.user.is_authenticated or "HTTP_AUTHORIZATION" in request.META:
            response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


def idle_sessions(respond: Respond) -> Respond:
    """End a session that was idle for longer than QOR_IDLE_MINUTES."""

    def guarded(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return respond(request)
        now = machine_seconds()
        seen = request.session.get(_SEEN, now)
        if now - seen > settings.QOR_IDLE_MINUTES * _MINUTE:
            logout(request)
            return redirect("account_login")
        if _SEEN not in request.session or now - seen >= _MINUTE:
            request.session[_SEEN] = now
        return respond(request)

    return guarded


def signing_in_as(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The user name that somebody tries to sign in with: what the lock counts by."""
    return str((credentials or {}).get("username") or request.POST.get("login", ""))


def count_try(sender: str) -> None:
    """Count a file that a user or a system sends; TooManyTries above QOR_TRIES_A_MINUTE in a
    minute."""
    key = f"tries:{sender}:{machine_seconds() // _MINUTE}"
    cache.add(key, 0, timeout=2 * _MINUTE)
    if cache.incr(key) > settings.QOR_TRIES_A_MINUTE:
        raise TooManyTries(most=settings.QOR_TRIES_A_MINUTE)


def _is_proxy(text: str) -> bool:
    address = _address(text)
    return address is not None and any(
        address in ipaddress.ip_network(network, strict=False) for network in settings.QOR_PROXIES
    )


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
