"""The filters of the list of cases: all in the address, so that a list can be bookmarked and
mailed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import QueryDict

from qor.law.reading.machines import machine_names
from qor.workflow.disputes.models import Case

_WHEN = ("overdue", "today", "week")


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the cases is shown: their month, code, care form, route and state, nearness of the
    deadline; open ones unless said otherwise."""

    month: str = ""
    code: str = ""
    form: str = ""
    route: str = ""
    state: str = ""
    due: str = ""
    closed: bool = False
    text: str = ""

    @property
    def address(self) -> str:
        """The filters as the query of an address."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return urlencode(
            {name: "1" if value is True else value for name, value in told.items() if value}
        )


def read(query: QueryDict) -> Filters:
    """Filters from an address; what is unknown in it is not applied."""
    route, due = query.get("route", ""), query.get("due", "")
    return Filters(
        month=query.get("month", "")[:7],
        code=query.get("code", "")[:8],
        form=query.get("form", "")[:30],
        route=route if route in machine_names() else "",
        state=query.get("state", "")[:40],
        due=due if due in _WHEN else "",
        closed=query.get("closed") == "1",
        text=query.get("text", "")[:100],
    )


def narrowed(cases: QuerySet[Case], by: Filters, today: date) -> QuerySet[Case]:
    """The cases that the filters leave, nearest deadline first."""
    exact = {
        "month": by.month,
        "code": by.code,
        "care_form": by.form,
        "route": by.route,
        "state": by.state,
    }
    found = cases.filter(**{name: value for name, value in exact.items() if value})
    if not by.closed:
        found = found.filter(outcome="")
    if by.text:
        found = found.filter(service_id__icontains=by.text)
    if by.due == "overdue":
        found = found.filter(due_on__lt=today)
    elif by.due:
        last = today if by.due == "today" else today + timedelta(days=7)
        found = found.filter(due_on__range=(today, last))
    return found.order_by(F("due_on").asc(nulls_last=True), "pk")
