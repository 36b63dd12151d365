"""Lists of features: described once, shown as a page, saved as views, handed out as XLSX and CSV.

A feature declares a `Table`, and its view does three things:

    listing = Listing(USERS, User.objects.select_related("organisation"))
    if (file := download(request, listing)) is not None:
        return file
    return render(request, "users.html", {"users": screen(request, listing)})

The template includes `table.html`: `{% include "table.html" with table=users %}`.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import FileResponse, Http404, HttpRequest, QueryDict, StreamingHttpResponse

from qor.interfaces.web.kernel.access import language_of, number, user_of
from qor.interfaces.web.kernel.tables.address import Asked, UnknownInList, read
from qor.interfaces.web.kernel.tables.columns import (
    CARE_FORM,
    CONTRACT_NO,
    FUNDING,
    PROVIDER,
    care_form_name,
    money,
    words_of,
)
from qor.interfaces.web.kernel.tables.declared import TABLES, Column, Kind, Narrowing, Read, Table
from qor.interfaces.web.kernel.tables.files import file_of
from qor.interfaces.web.kernel.tables.screen import Screen, screen_of
from qor.interfaces.web.kernel.tables.sources import Listing, source_of
from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import SavedView
from qor.workflow.accounts.saved_views import views_of

__all__ = [
    "CARE_FORM",
    "CONTRACT_NO",
    "FUNDING",
    "PROVIDER",
    "TABLES",
    "Column",
    "Kind",
    "Listing",
    "Narrowing",
    "Read",
    "Table",
    "UnknownInList",
    "care_form_name",
    "download",
    "money",
    "own_query",
    "read",
    "screen",
    "words_of",
]


def screen(request: HttpRequest, listing: Listing, *, with_row: int = 0) -> Screen:
    """The list as the page shows it; the page of it `with_row`, the key of a row whose form was
    refused. UnknownInList, BadValue; 404 for a view of somebody else."""
    language, views = language_of(request), views_of(user_of(request), listing.table.name)
    asked = _asked(request, listing.table, views)
    source = source_of(listing.rows, asked, language)
    if with_row:
        asked = replace(asked, page=source.place(with_row) // listing.table.size + 1)
    return screen_of(listing, asked, source, views, language)


def download(
    request: HttpRequest, *listings: Listing, kind: str = ""
) -> FileResponse | StreamingHttpResponse | None:
    """The file that the address asks for, of one of the page's lists; None where it asks for
    none. An address of files alone gives the `kind`. UnknownInList, BadValue,
    TooLongForAWorkbook."""
    language = language_of(request)
    for listing in listings:
        if wanted := kind or request.GET.get(f"{listing.table.prefix}as", ""):
            views = views_of(user_of(request), listing.table.name)
            asked = _asked(request, listing.table, views)
            return file_of(asked, source_of(listing.rows, asked, language), wanted, language)
    return None


def _asked(request: HttpRequest, table: Table, views: list[SavedView]) -> Asked:
    """What the address asks for: by itself, through a saved view that it names, or, where it asks
    nothing of this list, through the view that the reader's page begins with."""
    given, prefix = request.GET, table.prefix
    mine = [n for n in given if (n.startswith(prefix) if prefix else "." not in n)]
    named = given.get(f"{prefix}view", "")
    if named and named != "0":
        view = next((each for each in views if each.pk == number(named)), None)
        if view is None:
            raise Http404
        return read(table, _with(given, table, view))
    first = next((each for each in views if each.is_first), None)
    if first is None or set(mine) - set(table.keeps):
        return read(table, given)
    try:
        return read(table, _with(given, table, first))
    except Refusal:  # the list has changed since the view was saved: the page still opens
        return read(table, given)


def _with(given: QueryDict, table: Table, view: SavedView) -> QueryDict:
    """The address with what a view keeps of a list put into it."""
    query = given.copy()
    query.pop(f"{table.prefix}view", None)
    for name, values in QueryDict(view.query).lists():
        query.setlist(table.prefix + name, values)
    return query


def own_query(table: Table, query: QueryDict) -> str:
    """What a view keeps of a list, in one form: unknown names and values are refused.
    UnknownInList, BadValue."""
    prefixed = QueryDict(mutable=True)
    for name, values in query.lists():
        prefixed.setlist(table.prefix + name, values)
    return read(table, prefixed).own()
