"""Sums that wait for a second person: other payments and deductions above the limit, accepted or
declined by somebody else than who entered them."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.acts.forms import Decision
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.law.reading.figures import figure
from qor.workflow.accounts.models import User
from qor.workflow.acts.penalties import penalty_of_cases
from qor.workflow.acts.second_person import decide_sum, sums_waiting_for
from qor.workflow.disputes.actions import civil_day

_SHOWN = 200


def sums(request: HttpRequest) -> HttpResponse:
    """What waits, with who entered it and why; the buttons stand where the user is a second
    person."""
    return _page(request, Decision(request, blank=True))


def sum_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline a sum that another person entered."""
    user, form = user_of(request), Decision(request)
    proposed = get_object_or_404(sums_waiting_for(user), pk=pk)
    if form.sent():
        with form.refusals():
            decide_sum(proposed.pk, form.cleaned_data["event"] == "accept", by=user, at=now())
            flash.success(request, messages.text("portal.done", language_of(request)))
            return redirect("sums")
    return _page(request, form)


def _page(request: HttpRequest, form: Decision) -> HttpResponse:
    lang, user = language_of(request), user_of(request)
    decides = user.role in {User.Role.ACCOUNTANT, User.Role.HEAD_OFFICE}
    lines = [
        {
            "sum": each,
            "provider": each.provider.called(lang),
            "penalty": penalty_of_cases(each),
            "second": decides and each.by_id != user.pk,
        }
        for each in sums_waiting_for(user)[:_SHOWN]
    ]
    limit = figure("second_person_sum", civil_day(now())).value
    facts = {"language": lang, "lines": lines, "limit": limit, "refused": form}
    return render(request, "sums.html", facts, status=form.status)
