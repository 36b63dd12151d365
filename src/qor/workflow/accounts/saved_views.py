"""Views of lists that people save for themselves: nobody else sees them, and nothing but a page
reads them, so the journal does not hold them."""

from __future__ import annotations

from django.db import transaction

from qor.law.nouns.refusals import Refusal
from qor.workflow.accounts.models import SavedView, User

MOST_VIEWS = 20  # of one person for one list
_LONGEST_NAME = 60


class ViewHasNoName(Refusal):
    """A view is saved under a name of up to sixty characters."""

    key = "view_has_no_name"


class TooManyViews(Refusal):
    """The person keeps as many views of the list as there may be."""

    key = "too_many_views"


class NoSuchView(Refusal):
    """The person has no view of that number."""

    key = "no_such_view"


def views_of(user: User, name: str) -> list[SavedView]:
    """The views that a person saved for a list, by name."""
    return list(SavedView.objects.filter(user=user, list=name).order_by("name", "pk"))


def save_view(name: str, *, of: str, query: str, first: bool, by: User) -> SavedView:
    """Save what a list shows under a name; the same name again is written over. ViewHasNoName,
    TooManyViews."""
    if not name.strip() or len(name.strip()) > _LONGEST_NAME:
        raise ViewHasNoName()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        views = SavedView.objects.filter(user=by, list=of)
        if views.exclude(name=name.strip()).count() >= MOST_VIEWS:
            raise TooManyViews(most=MOST_VIEWS)
        if first:
            views.update(is_first=False)
        saved, _ = SavedView.objects.update_or_create(
            user=by, list=of, name=name.strip(), defaults={"query": query, "is_first": first}
        )
    return saved


def begin_with(number: int, first: bool, *, by: User) -> None:
    """Let a list begin with a view, or no longer with it. NoSuchView."""
    with transaction.atomic():
        view = _own(number, by)
        SavedView.objects.filter(user=by, list=view.list).update(is_first=False)
        SavedView.objects.filter(pk=view.pk).update(is_first=first)


def drop_view(number: int, *, by: User) -> None:
    """Forget a view. NoSuchView."""
    _own(number, by).delete()


def _own(number: int, by: User) -> SavedView:
    view = SavedView.objects.filter(user=by, pk=number).first()
    if view is None:
        raise NoSuchView()
    return view
