"""The kernel of forms: what is typed is read once, what is refused stands beside its field in the
language of the page, and what was typed is still there."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory

from qor.interfaces.web.kernel import fields
from qor.interfaces.web.kernel.file_fields import Attachments
from qor.interfaces.web.kernel.forms import Form
from qor.law.nouns.citations import Citation
from qor.law.nouns.refusals import BadValue, Refusal


class Trial(Form):
    """One field of each kind."""

    places: ClassVar[dict[str, str]] = {"last_day": "day", "statement_missing": "why"}
    amount = fields.Money(label="terms.amount", help_text="portal.money_came")
    day = fields.Day(label="terms.due")
    hour = fields.Hour(label="portal.first_time", required=False)
    month = fields.MonthOf(label="terms.month", required=False)
    role = fields.Choice(["provider", "expert"], says="portal.role_", label="portal.role")
    person = fields.PersonOrOrganisation(label="portal.full_name", required=False)
    account = fields.Account(label="portal.organisation", required=False)
    files = Attachments(label="portal.files")
    why = fields.Text(lines=3, label="portal.statement", max_length=20)
    event = fields.Pressed("save", "")


RIGHT = {
    "amount": "12 400,50",
    "day": "31.03.2026",
    "hour": "14:30",
    "month": "2026-03",
    "role": "expert",
    "person": "900101300017",
    "account": "kz96 9990 0000 0000 0000",
    "why": "words",
    "event": "save",
}


def a_trial(language: str = "en", blank: bool = False, **sent: str) -> Trial:
    """The form as a POST of these fields fills it."""
    request: Any = RequestFactory().post("/", sent)
    request.qor_language, request.user = language, SimpleNamespace(role="provider")
    return Trial(request, blank=blank)


def page_of(form: Form) -> str:
    """The summary of errors and the form, as their templates show them."""
    facts = {"form": form, "language": form.lang}
    return "".join(render_to_string(name, facts) for name in ("form_errors.html", "form.html"))


def test_right_values_become_what_they_are() -> None:
    """Exact tenge, days, hours, months; numbers as they stand, an account without blanks."""
    form = a_trial(**RIGHT)
    assert form.sent(), form.errors
    data = form.cleaned_data
    assert (data["amount"], data["day"]) == (Decimal("12400.50"), date(2026, 3, 31))
    assert isinstance(data["amount"], Decimal)
    assert (data["hour"], str(data["month"]), data["role"]) == (time(14, 30), "2026-03", "expert")
    assert (data["person"], data["account"]) == ("900101300017", "KZ969990000000000000")
    assert (data["files"], data["why"], data["event"], form.status) == ([], "words", "save", 200)


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("amount", "12,400", "no single reading"),
        ("amount", "", "Fill this in"),
        ("day", "31.02.2026", "31.02.2026"),
        ("hour", "half past", "half past"),
        ("month", "2026-13", "2026-13"),
        ("role", "janitor", "Choose from the list"),
        ("person", "900101300018", "90••••••••18"),
        ("account", "KZ32 9990 0000 0000 0000", "no IBAN account"),
        ("why", "x" * 21, "at most 20"),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(field: str, wrong: str, said: str) -> None:
    """Beside it and in the summary, which leads to it; every value stays as it was typed."""
    form = a_trial(**(RIGHT | {field: wrong}))
    assert not form.sent() and list(form.errors) == [field] and form.status == 409
    page = page_of(form)
    beside = re.search(rf'id="{field}_error">(.*?)</p>', page, re.DOTALL)
    assert beside is not None and said in beside[1]
    assert f'<a href="#{field}">' in page and 'role="alert"' in page
    shown = re.search(rf'<(?:input|select|textarea)[^>]* name="{field}"[^>]*>', page)
    assert shown is not None and 'aria-invalid="true"' in shown[0]
    assert f"{field}_error" in shown[0] and page.count('aria-invalid="true"') == 1
    for name in {"amount", "day", "hour", "month", "person", "account"} - {field}:
        assert f'name="{name}" value="{RIGHT[name]}"' in page
    assert field == "role" or '<option value="expert" selected>' in page


@pytest.mark.parametrize(
    ("language", "label", "said"),
    [
        ("kk", "Негіздеме", "Толтырыңыз."),
        ("ru", "Обоснование", "Заполните."),
        ("en", "Reasons", "Fill this in."),
    ],
)
def test_words_are_of_the_page(language: str, label: str, said: str) -> None:
    """Labels, help and errors in the language of the page."""
    form = a_trial(language, **(RIGHT | {"why": ""}))
    assert not form.sent()
    assert (form["why"].label, form.errors["why"]) == (label, [said])


def test_a_refusal_of_the_workflow_stands_at_its_field() -> None:
    """By the field that it names, by the form's own places, else above; with its clauses."""
    form = a_trial(**RIGHT)
    assert form.sent()
    for refusal in (
        BadValue(field="amount", value="-5"),
        BadValue(field="last_day", value="2026-03-01"),
        BadValue(field="elsewhere", value="z"),
    ):
        with form.refusals():
            raise refusal
    with form.refusals():
        raise _Missing(cites=(Citation("321/2020", "33"),))
    assert "amount" in form.errors["amount"][0] and "-5" in form.errors["amount"][0]
    assert "last_day" not in form.errors["day"][0]
    assert form.errors["why"][0].endswith("§ 321/2020 33")
    assert "elsewhere" in form.non_field_errors()[0] and form.status == 409


class _Missing(Refusal):
    key = "statement_missing"


class _NotYours(Refusal):
    key = "not_yours"


def test_what_is_no_matter_of_a_form_goes_on() -> None:
    """Rights and failures are nobody's field: they pass to their own pages."""
    form = a_trial(**RIGHT)
    with pytest.raises(_NotYours), form.refusals():
        raise _NotYours
    with pytest.raises(KeyError), form.refusals():
        raise KeyError
    assert form.status == 200


def test_a_blank_form_reads_nothing() -> None:
    """The other forms of a page that one of them was sent to."""
    form = a_trial(blank=True, **RIGHT)
    assert (form.sent(), form.status, form.is_bound) == (False, 200, False)
    assert "12 400,50" not in page_of(form)


def test_a_button_that_is_not_there() -> None:
    """Nothing answers it: 404."""
    with pytest.raises(Http404):
        a_trial(**(RIGHT | {"event": "burn"})).sent()
