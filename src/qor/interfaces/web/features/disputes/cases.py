"""The list of cases, its workbook, and files of cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from qor.interfaces import messages
from qor.interfaces.documents.workbook import CONTENT_TYPE, workbook
from qor.interfaces.web.features.disputes import filters
from qor.interfaces.web.features.disputes.case_page import row_of, today
from qor.interfaces.web.features.disputes.forms import Together
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.law.nouns.care_forms import CareForm, title
from qor.law.reading.machines import machine, state
from qor.workflow.disputes.files import place_of
from qor.workflow.disputes.models import Attachment, Case
from qor.workflow.disputes.rights import statement_shown, visible_to

_PAGE = 50


def listed(request: HttpRequest) -> HttpResponse:
    """The user's cases, nearest deadline first; totals of what the filters leave."""
    return list_page(request, Together(request, blank=True))


def list_page(request: HttpRequest, form: Together) -> HttpResponse:
    """The list, with the form of what is done in many cases at once as it was sent."""
    by, day = filters.read(request.GET), today()
    found = filters.narrowed(visible_to(user_of(request)).select_related("provider"), by, day)
    totals = found.aggregate(stake=Sum("proposed_deduction"))
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    lang = language_of(request)
    rows = [row_of(case, lang, day, user_of(request)) for case in page]
    facts = {
        "language": lang,
        "page": page,
        "rows": rows,
        "by": by,
        "count": page.paginator.count,
        "stake": totals["stake"],
        "codes": _choices(request, "code"),
        "forms": [(f, title(CareForm(f), lang)) for f in _choices(request, "care_form")],
        "months": _choices(request, "month"),
        "events": _common_events(rows),
        "form": form,
        "chosen": form.cleaned_data.get("case", ()) if form.is_bound else (),
    }
    return render(request, "cases.html", facts, status=form.status)


def _choices(request: HttpRequest, column: str) -> list[str]:
    return [
        v
        for v in visible_to(user_of(request))
        .order_by(column)
        .values_list(column, flat=True)
        .distinct()
        if v
    ]


def _common_events(rows: list[dict[str, Any]]) -> list[str]:
    """What could be done in many of the rows together; lethal cases are decided one by one."""
    found = {
        event
        for row in rows
        for event in row["events"]
        if not machine(row["case"].route).says_preventable
    }
    return sorted(found)


def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    lang, day = language_of(request), today()
    found = filters.narrowed(
        visible_to(user_of(request)).select_related("provider"), filters.read(request.GET), day
    )
    response = HttpResponse(content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="qor-cases.xlsx"'
    with workbook(response) as sheet:
        sheet.heads(messages.text(f"terms.{name}", lang) for name in _EXPORTED)
        for case in found.iterator(chunk_size=2000):
            sheet.add(_cells(case, lang))
    return response


_EXPORTED = (
    "number",
    "month",
    "provider",
    "service_id",
    "code",
    "kind",
    "care_form",
    "amount",
    "proposed_deduction",
    "state",
    "due",
    "outcome",
)


def _cells(case: Case, lang: str) -> tuple[Any, ...]:
    """A case as a line of the workbook, in the order of `_EXPORTED`."""
    return (
        case.pk,
        case.month,
        case.provider.called(lang),
        case.service_id,
        case.code,
        messages.text(f"terms.kind_{case.kind}", lang),
        title(CareForm(case.care_form), lang),
        case.amount,
        case.proposed_deduction,
        state(case.route, case.state).in_language(lang),
        case.due_on,
        messages.text(f"portal.outcome_{case.outcome or 'open'}", lang),
    )


def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a case that the user may see; never shown inside the page, never guessed at by the
    browser."""
    found = get_object_or_404(Attachment.objects.select_related("step"), pk=pk)
    get_object_or_404(visible_to(user_of(request)), pk=found.step.case_id)
    if not statement_shown(user_of(request), found.step.event, found.step.from_state):
        raise Http404
    path: Path = place_of(found)
    if not path.is_file():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type=found.kind
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
