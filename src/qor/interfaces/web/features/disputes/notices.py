"""The page of notices, and their words in e-mails."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.law.reading.calendar import days_in_doubt
from qor.law.reading.machines import state
from qor.law.rules.civil_time import civil_day
from qor.workflow.accounts.models import User
from qor.workflow.disputes.models import Notice

_SHOWN = 100


def notices(request: HttpRequest) -> HttpResponse:
    """What came to the user, newest first; a button that marks all as read."""
    own = Notice.objects.filter(user=user_of(request))
    if request.method == "POST":
        own.filter(read_at__isnull=True).update(read_at=now())
        return redirect("notices")
    lang = language_of(request)
    lines = [
        {"notice": n, "state": _called(n, lang), "since": civil_day(n.at)}
        for n in own.select_related("case").order_by("-pk")[:_SHOWN]
    ]
    return render(request, "notices.html", {"language": lang, "lines": lines})


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
            "portal.event_text", lang, news=_called(notice, lang), due=due
        )
    facts = {"month": notice.month, "count": notice.count, "due": due}
    if notice.case is None and notice.state:
        text = messages.text("portal.acts_text", lang, state=_called(notice, lang), **facts)
        return messages.text("portal.acts_subject", lang, month=notice.month), text
    if notice.case is None:
        text = messages.text("portal.month_text", lang, **facts)
        return messages.text("portal.month_subject", lang, month=notice.month), text
    facts = {"number": notice.case_id, "state": _called(notice, lang), "due": due}
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


def _called(notice: Notice, lang: str) -> str:
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
