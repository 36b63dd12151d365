"""Advances in the portal: what was paid ahead, what acts kept of it, what is left; a refund that
came to the Fund's account is entered here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.acts.forms import Refund
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Advance
from qor.workflow.acts.rights import covers
from qor.workflow.fields import total
from qor.workflow.treasury.advances import advances_visible_to, refund_advance, refundable

_PAGE = 100


def advances(request: HttpRequest) -> HttpResponse:
    """The advances that the user may see, newest first, each with what is left of it."""
    return _page(request, request.GET.get("page"))


def advance_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what a provider paid back of an advance."""
    user = user_of(request)
    advance = get_object_or_404(advances_visible_to(user), pk=pk)
    if not covers(user, advance.provider.region):
        raise Http404
    form = Refund(request, ids=f"refund-{pk}-%s")
    if form.sent():
        with form.refusals():
            refund_advance(advance.pk, form.cleaned_data["amount"], by=user, at=now())
            flash.success(request, messages.text("portal.done", language_of(request)))
            return redirect("advances")
    before = list(advances_visible_to(user).values_list("pk", flat=True)).index(pk)
    return _page(request, before // _PAGE + 1, (pk, form))


def _page(
    request: HttpRequest, page_no: int | str | None, refused: tuple[int, Refund] | None = None
) -> HttpResponse:
    """The list; one row may have the form that was refused."""
    lang, user = language_of(request), user_of(request)
    page = Paginator(advances_visible_to(user), _PAGE).get_page(page_no)
    number, form = refused or (0, Refund(request, blank=True))
    lines = [
        _line(each, user, lang)
        | {
            "form": form
            if each.pk == number
            else Refund(request, blank=True, ids=f"refund-{each.pk}-%s")
        }
        for each in page
    ]
    facts = {"language": lang, "page": page, "lines": lines, "refused": form}
    return render(request, "advances.html", facts, status=form.status)


def _line(advance: Advance, user: User, lang: str) -> dict[str, Any]:
    left = refundable(advance)
    enters = user.role in {User.Role.ACCOUNTANT, User.Role.HEAD_OFFICE} and covers(
        user, advance.provider.region
    )
    return {
        "advance": advance,
        "provider": advance.provider.called(lang),
        "kept": total(advance.kept.filter(act__isnull=False)),
        "refunded": total(advance.kept.filter(act__isnull=True)),
        "left": left,
        "may_refund": enters and left > 0,
    }
