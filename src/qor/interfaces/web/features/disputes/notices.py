"""The page of notices, and their words in e-mails."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import (
    Column,
    Kind,
    Listing,
    Narrowing,
    Table,
    download,
    screen,
)
from qor.law.reading.calendar import days_in_doubt
from qor.law.reading.machines import state
from qor.law.rules.civil_time import civil_day
from qor.workflow.accounts.models import User
from qor.workflow.disputes.models import Notice


def _what(notice: Notice, lang: str) -> str:
    """What came, with the number of its case or request."""
    number = notice.request_id or notice.case_id
    news = news_of(notice, lang)
    return f"№ {number} · {news}" if number else news


def _unread(notices: QuerySet[Notice], only: str) -> QuerySet[Notice]:
    return notices.filter(read_at__isnull=True) if only else notices


NOTICES = Table(
    "notices",
    "portal.notices",
    (
        Column(
            "what",
            "portal.evidence",
            value=_what,
            cell="notice_what.html",
            sortable=False,
            filterable=False,
        ),
        Column("month", "terms.month", Kind.ENUMERATION, shown=False),
        Column("due", "terms.due", Kind.DAY, field="due_on", cell="notice_due.html"),
        Column("at", "portal.at", Kind.MOMENT, cell="notice_at.html"),
    ),
    order=("-pk",),
    narrowings=(Narrowing("unread", "portal.unread", (("1", "portal.unread"),), _unread),),
)


def notices(request: HttpRequest) -> HttpResponseBase:
    """What came to the user, newest first; a button that marks all as read."""
    own, lang = Notice.objects.filter(user=user_of(request)), language_of(request)
    if request.method == "POST":
        own.filter(read_at__isnull=True).update(read_at=now())
        return redirect("notices")

    def beside(notice: Notice) -> dict[str, Any]:
        news, unread = news_of(notice, lang), notice.read_at is None
        return {"own": unread, "state": news, "since": civil_day(notice.at)}

    listing = Listing(NOTICES, own.select_related("case"), beside)
    if (file := download(request, listing)) is not None:
        return file
    facts = {"language": lang, "notices": screen(request, listing)}
    return render(request, "notices.html", facts)


def worded(notice: Notice) -> tuple[str, str]:
    """Subject and text of a notice's letter, in the user's language, with the address of its page.

    The number of the case, its state, by when; never a person's data.
    """
    lang = notice.user.language
    subject, text = _worded(notice, lang)
    if doubtful := days_in_doubt(civil_day(notice.at), notice.due_on) if notice.due_on else ():
        days = ", ".join(map(messages.day, doubtful))
        text = f"{text} {messages.text('terms.in_doubt', lang, days=days)}"
    return subject, f"{text}\n\n{settings.QOR_ADDRESS}{_page(notice)}\n"


def _worded(notice: Notice, lang: str) -> tuple[str, str]:
    due = messages.day(notice.due_on) if notice.due_on else "–"
    if notice.event:
        return messages.text("portal.event_subject", lang), messages.text(
            "portal.event_text", lang, news=news_of(notice, lang), due=due
        )
    facts = {"month": notice.month, "count": notice.count, "due": due}
    if notice.case is None and notice.state:
        text = messages.text("portal.acts_text", lang, state=news_of(notice, lang), **facts)
        return messages.text("portal.acts_subject", lang, month=notice.month), text
    if notice.case is None:
        text = messages.text("portal.month_text", lang, **facts)
        return messages.text("portal.month_subject", lang, month=notice.month), text
    facts = {"number": notice.case_id, "state": news_of(notice, lang), "due": due}
    return (
        messages.text("portal.notice_subject", lang, number=notice.case_id),
        messages.text("portal.notice_text", lang, **facts),
    )


def _page(notice: Notice) -> str:
    """The page of what the notice is about."""
    if notice.request_id is not None and notice.user.role == User.Role.PROVIDER:
        return reverse("document_request", args=[notice.request_id])
    if notice.case_id is not None:
        return reverse("case", args=[notice.case_id])
    return reverse("acts" if notice.state else "cases")


def news_of(notice: Notice, lang: str) -> str:
    """What a notice tells, in words."""
    if notice.event:
        facts = {
            "case": notice.case_id,
            "request": notice.request_id,
            "month": notice.month,
            "count": notice.count,
        }
        return messages.text(f"portal.news_{notice.event}", lang, **facts)
    if notice.case_id is None and not notice.state:
        return messages.text("portal.month_came", lang, month=notice.month, count=notice.count)
    route, name = notice.state.split(".")
    if route == "unready":
        return messages.text(f"unready.{name}", lang)
    if route == "money":
        return messages.text(f"portal.money_{name}", lang)
    return state(route, name).in_language(lang)
