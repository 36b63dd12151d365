"""What stands above every page: the menu of the user's role, unread notices, the demo's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from qor.interfaces import messages
from qor.interfaces.clock import demo_clock, now
from qor.interfaces.web.kernel.page import menu_of
from qor.interfaces.web.server.site import SITE
from qor.law.rules.civil_time import civil_day
from qor.workflow.disputes.models import Notice

_COUNTED = "notices"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: where it leads, its title, how many wait there."""

    href: str
    title: str
    waiting: int = 0


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """For every page: its language, its menu, whether the demo's clock can be moved, and the day
    that it shows."""
    language = getattr(request, "qor_language", "kk")
    at_hand = demo_clock() is not None
    return {
        "language": language,
        "menu": _menu(request, language),
        "demo_clock": at_hand,
        "demo_today": civil_day(now()) if at_hand else None,
    }


def _menu(request: HttpRequest, language: str) -> list[Entry]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [
        Entry(
            reverse(page.name),
            messages.text(f"portal.{page.name}", language),
            Notice.objects.filter(user=user, read_at__isnull=True).count()
            if page.name == _COUNTED
            else 0,
        )
        for page in menu_of(SITE, user.role)
    ]
