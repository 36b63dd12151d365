"""The clock of the demo's portal, which can be moved."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from qor.interfaces.clock import demo_clock, now
from qor.interfaces.web.kernel.fields import Text
from qor.interfaces.web.kernel.forms import Form
from qor.workflow.disputes.actions import tick

_MOST_DAYS = 60


class Ahead(Form):
    """How many days the clock goes forward, and where the user was."""

    days = Text()
    back = Text(required=False)


def move_clock(request: HttpRequest) -> HttpResponse:
    """Move the demo's clock forward by some days, and let what is due happen. There is no such page
    outside the demo."""
    file, form = demo_clock(), Ahead(request)
    form.sent()
    days, back = (form.cleaned_data.get(name, "") for name in ("days", "back"))
    if file is None or not days.isdecimal() or not 0 < int(days) <= _MOST_DAYS:
        raise Http404
    ahead = file.read_text("utf-8") if file.exists() else "0"
    file.write_text(str(int(ahead or 0) + int(days)), "utf-8")
    tick(now())
    return redirect(back if back.startswith("/cases/") else "/")
