"""Sums that wait for a second person: other payments and deductions above the limit, accepted or
declined by somebody else than who entered them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.acts.forms import Decision
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import (
    CONTRACT_NO,
    FUNDING,
    PROVIDER,
    Column,
    Kind,
    Listing,
    Table,
    download,
    money,
    screen,
    words_of,
)
from qor.law.reading.figures import figure
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import OtherSum, ProposedSum
from qor.workflow.acts.penalties import penalty_of_cases
from qor.workflow.acts.second_person import decide_sum, sums_waiting_for
from qor.workflow.disputes.actions import civil_day


def _way(waiting: ProposedSum, lang: str) -> str:
    return messages.text(f"portal.pays_{'yes' if waiting.pays else 'no'}", lang)


SUMS = Table(
    "sums",
    "portal.sums",
    (
        Column("number", "terms.number", Kind.ORDINAL, field="pk"),
        PROVIDER,
        CONTRACT_NO,
        FUNDING,
        Column("way", "terms.status", field="pays", value=_way, filterable=False),
        money("amount", summed=True),
        Column(
            "ground",
            "terms.ground",
            Kind.ENUMERATION,
            says=words_of("portal.ground_"),
            choices=tuple(OtherSum.Ground.values),
        ),
        Column("statement", "portal.statement", cell="sum_statement.html"),
        Column("by", "portal.entered_by", field="by__username"),
        Column("at", "portal.at", Kind.MOMENT),
        Column("decide", "portal.decide", Kind.ACTION, field="pk", cell="sum_decide.html"),
    ),
    order=("pk",),
    page="sums",
)


def sums(request: HttpRequest) -> HttpResponseBase:
    """What waits, with who entered it and why; the buttons stand where the user is a second
    person."""
    return _page(request, Decision(request, blank=True))


def sum_decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Accept or decline a sum that another person entered."""
    user, form = user_of(request), Decision(request)
    proposed = get_object_or_404(sums_waiting_for(user), pk=pk)
    if form.sent():
        with form.refusals():
            decide_sum(proposed.pk, form.cleaned_data["event"] == "accept", by=user, at=now())
            flash.success(request, messages.text("portal.done", language_of(request)))
            return redirect("sums")
    return _page(request, form, proposed.pk)


def _page(request: HttpRequest, form: Decision, of: int = 0) -> HttpResponseBase:
    lang, user = language_of(request), user_of(request)
    decides = user.role in {User.Role.ACCOUNTANT, User.Role.HEAD_OFFICE}

    def beside(waiting: ProposedSum) -> dict[str, Any]:
        second = decides and waiting.by_id != user.pk
        return {"own": False, "second": second, "penalty": penalty_of_cases(waiting)}

    listing = Listing(SUMS, sums_waiting_for(user), beside)
    if (file := download(request, listing)) is not None:
        return file
    limit = figure("second_person_sum", civil_day(now())).value
    facts = {"language": lang, "sums": screen(request, listing, with_row=of), "limit": limit}
    return render(request, "sums.html", facts | {"refused": form}, status=form.status)
