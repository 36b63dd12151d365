"""Protocols and acts: the month's list, one act with its lines down to the services, its documents,
and what each side does with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages as flash
from django.db.models import Case, F, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from qor.engine.storage.lake import Lake
from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.documents.papers import as_pdf, as_workbook, co_executors_of, paper_of
from qor.interfaces.web.features.acts.forms import Move, OtherEntry
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import (
    CONTRACT_NO,
    PROVIDER,
    Column,
    Kind,
    Listing,
    Table,
    download,
    money,
    screen,
)
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.care_forms import title as care_form_title
from qor.law.nouns.months import month
from qor.law.reading.machines import events_in, state
from qor.law.rules.closing_calendar import closing_calendar
from qor.workflow.accounts.models import User
from qor.workflow.acts.actions import MACHINE, acts_visible_to, may_move, move
from qor.workflow.acts.models import ACT_SUMS, Act, Closing, OtherSum, ProposedSum
from qor.workflow.acts.other_sums import Other, enter_other
from qor.workflow.acts.penalty_cases import open_penalty_cases
from qor.workflow.disputes.actions import civil_day

_KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PAPERS = ("register", "protocol", "act")


NO_CONTRACT = "no_contract"


def _state_name(name: Any, lang: str) -> str:
    """What a state of an act's documents is called."""
    if name == NO_CONTRACT:
        return messages.text("portal.no_contract", lang)
    return state(MACHINE, name).in_language(lang)


def _address(act: Act) -> str:
    return reverse("act", args=[act.pk])


ACTS = Table(
    "acts",
    "portal.acts",
    (
        Column("number", "terms.number", Kind.ORDINAL, field="pk", link=_address),
        PROVIDER,
        CONTRACT_NO,
        *(money(name) for name in ("claimed", "held", "disallowed", "beyond", "accepted")),
        money("to_pay", summed=True),
        Column("state", "terms.state", Kind.ENUMERATION, field="stands", says=_state_name),
        Column("due", "terms.due", Kind.DAY, field="due_on", cell="act_due.html"),
    ),
    order=("due_on", "provider__bin", "contract_no"),
    keeps=("month",),
    size=100,
    empty="portal.no_acts",
)


def acts(request: HttpRequest) -> HttpResponseBase:
    """The acts that the user may see, a month at a time, with the closing calendar of the month."""
    lang, user, today = language_of(request), user_of(request), civil_day(now())
    months = list(Closing.objects.order_by("-month").values_list("month", flat=True))
    chosen = request.GET.get("month") or (months[0] if months else "")
    stands = Case(When(contract_no="", then=Value(NO_CONTRACT)), default=F("state"))
    rows = (
        acts_visible_to(user)
        .filter(closing__month=chosen)
        .select_related("provider", "closing")
        .annotate(stands=stands)
    )

    def beside(act: Act) -> dict[str, bool]:
        return {"own": may_move(user, act), "late": _late(act, today)}

    listing = Listing(ACTS, rows, beside)
    if (file := download(request, listing)) is not None:
        return file
    facts = {
        "language": lang,
        "months": months,
        "chosen": chosen,
        "acts": screen(request, listing),
        "calendar": closing_calendar(month(chosen)) if chosen else [],
        "today": today,
    }
    return render(request, "acts.html", facts)


def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One act: its reckoning, lines, documents, history, and what may be done with it."""
    return _act_page(request, act_seen(request, pk))


def act_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, refuse, correct, send again, sign or countersign."""
    act, form = act_seen(request, pk), Move(request)
    if form.sent():
        with form.refusals():
            move(pk, by=user_of(request), at=now(), **form.cleaned_data)
            flash.success(request, messages.text("portal.done", language_of(request)))
            return redirect("act", pk=pk)
    return _act_page(request, act, move_form=form)


def act_other(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter another payment or deduction under the act's contract; the next protocol, or the
    correction of this one, takes it in."""
    act = act_seen(request, pk)
    if not act.contract_no:
        raise Http404
    form = OtherEntry(request, ids="other-%s").of(act)
    if form.sent():
        with form.refusals():
            _enter(request, act, form.cleaned_data)
            return redirect("act", pk=pk)
    return _act_page(request, act, other_form=form)


def _enter(request: HttpRequest, act: Act, sent: dict[str, Any]) -> None:
    """Enter the sum, and say whether it waits for a second person."""
    other = Other(
        act.provider,
        act.contract_no,
        sent["pays"] == "yes",
        OtherSum.Ground(sent["ground"]),
        sent["amount"],
        sent["statement"],
        sent.get("funding", ""),
        sent["found_on"],
        tuple(sent["case"]),
    )
    entered = enter_other(other, by=user_of(request), at=now(), lake=_lake())
    key = "portal.sum_waits" if isinstance(entered, ProposedSum) else "portal.done"
    flash.success(request, messages.text(key, language_of(request)))


def _act_page(
    request: HttpRequest,
    act: Act,
    *,
    move_form: Move | None = None,
    other_form: OtherEntry | None = None,
) -> HttpResponse:
    """The act's page; one of its forms may be one that was refused."""
    mine = bool(act.contract_no) and may_move(user_of(request), act)
    moves = move_form or Move(request, blank=True)
    enters = other_form or OtherEntry(request, blank=True, ids="other-%s").of(act)
    facts = _facts(act, user_of(request), language_of(request)) | {
        "mine": mine,
        "events": [step.event for step in events_in(MACHINE, act.state)] if mine else [],
        "move_form": moves,
        "other_form": enters,
        "penalty_cases": _penalty_cases(user_of(request), act, enters),
    }
    return render(request, "act.html", facts, status=max(moves.status, enters.status))


def _penalty_cases(user: User, act: Act, form: OtherEntry) -> list[dict[str, Any]]:
    """The cases that a penalty under the act's contract may be for, to who may enter it: all
    marked, or as they were sent (321/2020:10)."""
    if not _may_enter(user, act):
        return []
    waiting = open_penalty_cases(_lake(), [act.provider])
    return [
        {"of": case, "marked": form.has_marked(case.pk)}
        for case in waiting.get((act.provider_id, act.contract_no), [])
    ]


def _may_enter(user: User, act: Act) -> bool:
    return user.role in {User.Role.ACCOUNTANT, User.Role.HEAD_OFFICE} and bool(act.contract_no)


def _lake() -> Lake | None:
    return Lake(Path(settings.QOR_LAKE)) if settings.QOR_LAKE else None


def _facts(act: Act, user: User, lang: str) -> dict[str, Any]:
    """What the page of an act shows to everybody who may see it."""
    lines = [
        {
            "line": line,
            "form": form_name(line.care_form, lang, line.kind),
            "query": urlencode(
                {
                    "form": line.care_form,
                    "funding": line.funding,
                    "of": line.service_month,
                    "kind": line.kind,
                }
            ),
        }
        for line in act.lines.order_by("service_month", "care_form", "funding")
    ]
    return {
        "language": lang,
        "act": act,
        "provider": act.provider.called(lang),
        "state": _state(act, lang),
        "lines": lines,
        "sums": [(name, getattr(act, name)) for name in ACT_SUMS],
        "steps": act.steps.select_related("by"),
        "papers": _PAPERS,
        "late": _late(act, civil_day(now())),
        "others": act.other_sums.all(),
        "debts": act.debts_taken.select_related(
            "debt__act__closing", "debt__other", "debt__deduction"
        ),
        "may_enter": _may_enter(user, act),
        "cites": state(MACHINE, act.state).cites,
        "orders": act.orders.all(),
        "co_executors": co_executors_of(act, lang),
    }


def act_paper(request: HttpRequest, pk: int, paper: str, kind: str) -> HttpResponse:
    """The protocol or the act as PDF or workbook, in the page's language."""
    if paper not in _PAPERS or kind not in _KINDS:
        raise Http404
    act, lang = act_seen(request, pk), language_of(request)
    printed = paper_of(act, paper, lang)
    response = HttpResponse(
        as_pdf(printed, lang) if kind == "pdf" else as_workbook(printed), content_type=_KINDS[kind]
    )
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{paper}-{act.closing.month}-{act.pk}.{kind}"'
    )
    return response


def act_seen(request: HttpRequest, pk: int) -> Act:
    """An act that the user may see, or nothing (404)."""
    return get_object_or_404(
        acts_visible_to(user_of(request)).select_related("provider", "closing"), pk=pk
    )


def _state(act: Act, lang: str) -> str:
    return (
        state(MACHINE, act.state).in_language(lang)
        if act.contract_no
        else messages.text("portal.no_contract", lang)
    )


def _late(act: Act, today: Any) -> bool:
    return bool(
        act.contract_no
        and act.due_on
        and act.due_on < today
        and not state(MACHINE, act.state).final
    )


def form_name(form: str, lang: str, kind: str = "") -> str:
    """What a line of an act is for: a care form, and the kind of the line."""
    named = (
        care_form_title(CareForm(form), lang) if form else messages.text("terms.unread_rows", lang)
    )
    return f"{named}: {messages.text(f'line_kinds.{kind}', lang)}" if kind else named
