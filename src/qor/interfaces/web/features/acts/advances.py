"""Advances in the portal: what was paid ahead, what acts kept of it, what is left; a refund that
came to the Fund's account is entered here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from qor.interfaces import messages
from qor.interfaces.clock import now
from qor.interfaces.web.features.acts.forms import Refund
from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.table import (
    CONTRACT_NO,
    FUNDING,
    PROVIDER,
    Column,
    Kind,
    Listing,
    Read,
    Table,
    download,
    money,
    screen,
    words_of,
)
from qor.law.rules.advances import AdvanceKind
from qor.workflow.accounts.models import User
from qor.workflow.acts.models import Advance
from qor.workflow.acts.rights import covers
from qor.workflow.fields import total
from qor.workflow.treasury.advances import advances_visible_to, refund_advance, refundable


def _kept(advance: Advance, _: str) -> Decimal:
    return total(advance.kept.filter(act__isnull=False))


def _refunded(advance: Advance, _: str) -> Decimal:
    return total(advance.kept.filter(act__isnull=True))


def _left(advance: Advance, _: str) -> Decimal:
    return refundable(advance)


def _reckoned_alone(name: str, title: str, value: Read) -> Column:
    """A sum that is reckoned of each advance by itself: nothing in the database to sort by."""
    return Column(name, title, Kind.MONEY, value=value, sortable=False, filterable=False)


ADVANCES = Table(
    "advances",
    "portal.advances",
    (
        Column("number", "terms.number", Kind.ORDINAL, field="pk"),
        PROVIDER,
        CONTRACT_NO,
        Column(
            "kind",
            "portal.advance_for",
            Kind.ENUMERATION,
            says=words_of("portal.advance_"),
            choices=tuple(kind.value for kind in AdvanceKind),
        ),
        FUNDING,
        Column("month", "terms.month", Kind.ENUMERATION, field="first_month"),
        money("amount", summed=True),
        _reckoned_alone("kept", "terms.advance_kept", _kept),
        _reckoned_alone("refunded", "portal.refunded", _refunded),
        _reckoned_alone("left", "portal.advance_left", _left),
        Column("refund", "portal.decide", Kind.ACTION, field="pk", cell="advance_refund.html"),
    ),
    order=("-pk",),
    size=100,
    page="advances",
)


def advances(request: HttpRequest) -> HttpResponseBase:
    """The advances that the user may see, newest first, each with what is left of it."""
    return _page(request, Refund(request, blank=True))


def advance_refund(request: HttpRequest, pk: int) -> HttpResponseBase:
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
    return _page(request, form, pk)


def _page(request: HttpRequest, form: Refund, of: int = 0) -> HttpResponseBase:
    """The list; one row may have the form that was refused."""
    user = user_of(request)
    enters = user.role in {User.Role.ACCOUNTANT, User.Role.HEAD_OFFICE}

    def beside(advance: Advance) -> dict[str, Any]:
        may = enters and covers(user, advance.provider.region) and refundable(advance) > 0
        blank = Refund(request, blank=True, ids=f"refund-{advance.pk}-%s")
        return {"own": False, "may_refund": may, "form": form if advance.pk == of else blank}

    listing = Listing(ADVANCES, advances_visible_to(user), beside)
    if (file := download(request, listing)) is not None:
        return file
    facts = {"advances": screen(request, listing, with_row=of), "refused": form}
    facts["language"] = language_of(request)
    return render(request, "advances.html", facts, status=form.status)
