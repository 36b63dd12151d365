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
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.law.nouns.money import tenge
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Advance
from qor.workflow.acts.rights import covers
from qor.workflow.fields import total
from qor.workflow.treasury.advances import advances_visible_to, refund_advance, refundable

_PAGE = 100


def advances(request: HttpRequest) -> HttpResponse:
    """The advances that the user may see, newest first, each with what is left of it."""
    lang, user = language_of(request), user_of(request)
    page = Paginator(advances_visible_to(user), _PAGE).get_page(request.GET.get("page"))
    facts = {"language": lang, "page": page, "lines": [_line(each, user, lang) for each in page]}
    return render(request, "advances.html", facts)


def advance_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what a provider paid back of an advance."""
    user = user_of(request)
    advance = get_object_or_404(advances_visible_to(user), pk=pk)
    if not covers(user, advance.provider.region):
        raise Http404
    refund_advance(advance.pk, tenge(request.POST.get("amount", "")), by=user, at=now())
    flash.success(request, messages.text("portal.done", language_of(request)))
    return redirect("advances")


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
