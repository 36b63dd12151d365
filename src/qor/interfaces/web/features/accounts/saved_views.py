"""Saving, preferring and forgetting the views of one's own lists."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from qor.interfaces.web.features.accounts.forms import ViewOfList
from qor.interfaces.web.kernel.access import number, user_of
from qor.interfaces.web.kernel.table import TABLES, own_query
from qor.workflow.accounts.saved_views import begin_with, drop_view, save_view

_LONGEST = 2000


def saved_views(request: HttpRequest) -> HttpResponse:
    """Do what the button says with a view of the user's own; go back to the list. UnknownInList,
    BadValue, ViewHasNoName, TooManyViews, NoSuchView."""
    user, form = user_of(request), ViewOfList(request)
    if not form.sent():
        raise Http404
    sent = form.cleaned_data
    event, view = sent["event"], number(sent["view"])
    if event == "save":
        table, query = TABLES.get(sent["list"]), sent["query"][:_LONGEST]
        if table is None:
            raise Http404
        query = own_query(table, QueryDict(query))
        save_view(sent["name"], of=table.name, query=query, first=sent["first"] == "1", by=user)
    elif event == "drop":
        drop_view(view, by=user)
    else:
        begin_with(view, event == "first", by=user)
    return redirect(_back(request, sent["back"]))


def _back(request: HttpRequest, back: str) -> str:
    """The page that the user came from, if it is one of ours."""
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}
    )
    return back if ours else "/"
