"""The page of notices, and their words in e-mails."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from qor.interfaces import words
from qor.interfaces.clock import now
from qor.interfaces.portal.access import for_roles, language_of, user_of
from qor.law.machines import state
from qor.workflow.accounts.models import User
from qor.workflow.disputes.models import Notice

_SHOWN = 100


@require_http_methods(["GET", "POST"])
@for_roles(User.Role.PROVIDER, User.Role.EXPERT, User.Role.HEAD_OFFICE, User.Role.ACCOUNTANT)
def notices(request: HttpRequest) -> HttpResponse:
    """What came to the user, newest first; a button that marks all as read."""
    own = Notice.objects.filter(user=user_of(request))
    if request.method == "POST":
        own.filter(read_at__isnull=True).update(read_at=now())
        return redirect("notices")
    lang = language_of(request)
    lines = [{"notice": n, "state": _called(n, lang)} for n in own.select_related("case").order_by("-pk")[:_SHOWN]]
    return render(request, "notices.html", {"language": lang, "lines": lines})


def worded(notice: Notice) -> tuple[str, str]:
    """Subject and text of the e-mail of a notice, in the user's language: the number of the case, its state, by when; never a person's data."""
    lang = notice.user.language
    due = words.day(notice.due_on) if notice.due_on else "–"
    if notice.case is None and notice.state:
        told = words.text(
            "portal.acts_text", lang, month=notice.month, state=_called(notice, lang), count=notice.count, due=due
        )
        return words.text("portal.acts_subject", lang, month=notice.month), told
    if notice.case is None:
        text = words.text("portal.month_text", lang, month=notice.month, count=notice.count, due=due)
        return words.text("portal.month_subject", lang, month=notice.month), text
    subject = words.text("portal.notice_subject", lang, number=notice.case_id)
    return subject, words.text("portal.notice_text", lang, number=notice.case_id, state=_called(notice, lang), due=due)


def _called(notice: Notice, lang: str) -> str:
    if notice.case_id is None and not notice.state:
        return words.text("portal.month_came", lang, month=notice.month, count=notice.count)
    route, name = notice.state.split(".")
    return state(route, name).in_language(lang)
