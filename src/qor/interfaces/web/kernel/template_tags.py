"""Words, money and dates in the pages: every string comes from the catalogue, in the language of
the user."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import template

from qor.engine.checks.catalogue import check_named
from qor.engine.intake.tables import titles
from qor.interfaces import messages
from qor.interfaces.web.kernel.refused import cited
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.care_forms import title as care_form_title
from qor.law.pages import LANGUAGES
from qor.law.reading.calendar import days_in_doubt
from qor.law.reading.figures import titles as figure_titles
from qor.law.reading.machines import state as machine_state
from qor.law.reading.regulations import title as act_title
from qor.law.rules.civil_time import civil_time
from qor.workflow.accounts.models import Organisation

register = template.Library()
COOKIE = "qor_language"
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?P<time> \d\d:\d\d)?(:\d\d)?")
_SHORT = ("жсн", "иин", "бсн", "бин", "ахж", "мкб", "кшт", "кзг", "id")
_ENGLISH = {
    "iin": "IIN",
    "provider_bin": "BIN",
    "icd10_main": "main diagnosis",
    "service_id": "service ID",
    "card_no": "card number",
}
_LISTED = {"setting", "outcome"}
_MONEY = {"amount", "unit_price"}
_WEEKDAYS = {
    "kk": ("дс", "сс", "ср", "бс", "жм", "сн", "жс"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def language_of(request: Any) -> str:
    """The language chosen on the page, else the user's own, else Kazakh."""
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in LANGUAGES:
        return str(chosen)
    own = getattr(request.user, "language", "") if hasattr(request, "user") else ""
    return own if own in LANGUAGES else "kk"


@register.simple_tag(takes_context=True)
def t(context: Any, key: str, **facts: object) -> str:
    """The sentence of that key in the page's language."""
    return messages.text(key, context["language"], **facts)


@register.filter
def money(value: Decimal | str | None) -> str:
    """Tenge as written here; a dash where none is reckoned (a template says '' for what is not
    there)."""
    return messages.money(value) if isinstance(value, Decimal) else "–"


@register.filter
def number(value: int) -> str:
    """A count with blanks between thousands."""
    return messages.count(value)


@register.simple_tag(takes_context=True)
def day(context: Any, value: date | None, weekday: bool = False) -> str:
    """A date as written here, with its weekday where a deadline is near."""
    if value is None:
        return "–"
    written = messages.day(value)
    return f"{_WEEKDAYS[context['language']][value.weekday()]} {written}" if weekday else written


@register.filter
def moment(value: datetime) -> str:
    """A moment in the civil time of Kazakhstan."""
    return f"{civil_time(value):%d.%m.%Y %H:%M}"


@register.simple_tag(takes_context=True)
def doubt(context: Any, start: date | None, end: date | None) -> str:
    """A word where sources differ on a holiday that a term crosses; nothing where they do not."""
    days = days_in_doubt(start, end) if start is not None and end is not None else ()
    return (
        messages.text(
            "terms.in_doubt", context["language"], days=", ".join(map(messages.day, days))
        )
        if days
        else ""
    )


@register.filter
def hour(value: time) -> str:
    """An hour of the day, as 14:30."""
    return value.isoformat("minutes")


register.filter(cited)


@register.simple_tag(takes_context=True)
def regulation_name(context: Any, act: str) -> str:
    """The short name of an act."""
    return act_title(act, context["language"])


@register.simple_tag(takes_context=True)
def column(context: Any, name: str) -> str:
    """The title of a column of the tables."""
    title = (
        _ENGLISH.get(name, name.replace("_", " "))
        if context["language"] == "en"
        else titles(name)[context["language"]][0]
    )
    for short in _SHORT:
        title = re.sub(rf"\b{short}\b", short.upper(), title)
    return title


@register.simple_tag(takes_context=True)
def value(context: Any, name: str, cell: Any) -> str:
    """A cell as written here: money, moments, dates, counts; words of a list in the page's
    language."""
    if cell is None or cell == "":
        return "–"
    key = f"values.{name}_{cell}"
    if name in _LISTED and key in messages.catalogue():
        return messages.text(key, context["language"])
    if name == "care_form":
        return care_form_title(CareForm(cell), context["language"])
    if name in _MONEY:
        return messages.money(cell)
    return plain(cell)


@register.filter
def plain(cell: Any) -> str:
    """A moment, a date or a number as written here; a date in a text of evidence too."""
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, date):
        return messages.day(cell)
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}".replace(".", ",")
    iso = _ISO.fullmatch(str(cell))
    return f"{iso['d']}.{iso['m']}.{iso['y']}{iso['time'] or ''}" if iso else str(cell)


@register.simple_tag(takes_context=True)
def evidence(context: Any, seen: Any) -> str:
    """What a check saw or expected: a form of care by its title, all else as written here."""
    if seen in set(CareForm):
        return care_form_title(CareForm(seen), context["language"])
    return plain(seen)


@register.simple_tag(takes_context=True)
def role(context: Any, name: str) -> str:
    """What a role is called."""
    return role_name(name, context["language"])


def role_name(name: str, language: str) -> str:
    """What a role is called in a language."""
    return messages.text(f"portal.role_{name}", language)


@register.simple_tag(takes_context=True)
def row_reason(context: Any, reason: str) -> str:
    """Why a row was rejected, and what to do."""
    return messages.text(f"rows.{reason}", context["language"])


@register.simple_tag(takes_context=True)
def check_says(context: Any, slug: str) -> str:
    """What a check finds, in its own sentence; never how (321/2020:15)."""
    return check_named(slug).says.in_language(context["language"])


@register.simple_tag(takes_context=True)
def figure_title(context: Any, name: str) -> str:
    """What a figure of law is called."""
    return figure_titles(name)[context["language"]]


@register.simple_tag(takes_context=True)
def term(context: Any, name: str) -> str:
    """A term of the catalogue by its name."""
    return messages.text(f"terms.{name}", context["language"])


@register.simple_tag(takes_context=True)
def funding(context: Any, name: str) -> str:
    """What a funding is called; a dash where a line has none."""
    return messages.text(f"terms.funding_{name}", context["language"]) if name else "–"


@register.simple_tag(takes_context=True)
def act_state(context: Any, name: str) -> str:
    """What a state of an act's documents is called."""
    return machine_state("protocol", name).in_language(context["language"])


def _named(prefix: str, meaning: str) -> None:
    def tag(context: Any, name: str) -> str:
        return messages.text(
            f"portal.{prefix}_{name}" if name else "portal.paid_in_full", context["language"]
        )

    tag.__doc__ = meaning
    register.simple_tag(tag, takes_context=True, name=_NAMED[prefix])


_NAMED = {
    "event": "event_name",
    "ground": "ground",
    "order": "order_state",
    "paper": "paper_title",
    "reason": "settled_reason",
    "alarm": "alarm",
    "file": "file_kind",
    "advance": "advance_kind",
}
for _prefix, _meaning in (
    ("event", "What is done with a case, or with an act's documents."),
    ("ground", "The ground of another payment or deduction."),
    ("order", "Where a payment order is."),
    ("paper", "What a document is called."),
    ("reason", "What became of a service in an act, and why."),
    ("alarm", "What a passed threshold asks for."),
    ("file", "How a bank file is written."),
    ("advance", "What an advance is for."),
):
    _named(_prefix, _meaning)


@register.simple_tag(takes_context=True)
def who(context: Any, name: str) -> str:
    """Who took a step: a side by what it is called, anyone who may be named by name."""
    key = f"portal.who_{name}"
    return messages.text(key, context["language"]) if key in messages.catalogue() else name


@register.simple_tag(takes_context=True)
def called(context: Any, organisation: Organisation | None) -> str:
    """An organisation's name in the language of the page; nothing for none."""
    return organisation.called(context["language"]) if organisation is not None else ""
