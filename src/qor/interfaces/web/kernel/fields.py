"""Fields of forms: each reads what a person typed as what it is; what it refuses stands beside
it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.choices import CallableChoiceIterator

from qor.interfaces.messages import text
from qor.interfaces.typed_days import a_day
from qor.interfaces.web.kernel.access import language_of, number
from qor.interfaces.web.kernel.refused import sentence
from qor.law.nouns.identifiers import has_check_digit, has_check_digits
from qor.law.nouns.money import tenge
from qor.law.nouns.months import Month, month
from qor.law.nouns.refusals import BadValue, Refusal

_BLANK = ("", "–")
_FIGURE = re.compile(r"[-+]?[0-9]{1,15}(?:[.,][0-9]{1,9})?")


class NoSuchNumber(Refusal):
    """An IIN or a BIN whose twelve digits do not hold."""

    key = "no_such_number"


class NoSuchAccount(Refusal):
    """An account number (IBAN) whose check digits do not hold."""

    key = "no_such_account"


class Text(forms.CharField):
    """Words; `lines`: a box of so many lines. `asked`: the browser asks for them, and where they
    lack the action refuses, by its clause."""

    def __init__(self, *, lines: int = 0, asked: bool = False, **facts: Any) -> None:
        attributes: dict[str, Any] = {"required": True} if asked else {}
        if lines:
            facts["widget"] = forms.Textarea(attrs={"rows": lines, "cols": False} | attributes)
        else:
            facts["widget"] = forms.TextInput(attrs=attributes)
        super().__init__(**({"required": False} if asked else {}) | facts)


class Secret(forms.CharField):
    """A password: as it was typed, and never shown again. `asks`: what a browser may offer."""

    def __init__(self, *, asks: str, **facts: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": asks})
        super().__init__(strip=False, widget=widget, **facts)


class Email(forms.EmailField):
    """An address of e-mail; of somebody else, so that no browser fills in one's own."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(widget=forms.EmailInput(attrs={"autocomplete": "off"}), **facts)


class Typed(forms.CharField):
    """What `read` makes of the text; nothing where the field may be empty and is."""

    request: HttpRequest
    kind: ClassVar[str] = "text"
    attributes: ClassVar[dict[str, str]] = {}

    def __init__(self, *, hidden: bool = False, **facts: Any) -> None:
        widget = forms.HiddenInput() if hidden else forms.TextInput(attrs=self.attributes)
        if not hidden:
            widget.input_type = self.kind
        super().__init__(widget=widget, **facts)

    def read(self, value: str) -> Any:
        """The value that a text names. Refusal where it names none."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        """Read the text; a refusal becomes the field's error."""
        typed = str(value or "").strip()
        try:
            return self.read(typed) if typed else None
        except Refusal as refusal:
            raise ValidationError(
                sentence(refusal, language_of(self.request), field=str(self.label))
            ) from None


class Money(Typed):
    """An amount in tenge, exact to the tiyn, by the one reader of amounts. UnreadableAmount."""

    attributes: ClassVar[dict[str, str]] = {"inputmode": "decimal"}

    def read(self, value: str) -> Decimal:
        """Decimal tenge with two digits after the point."""
        return tenge(value)


class Figure(Typed):
    """A number that is no money, as 20 or 0,05."""

    attributes: ClassVar[dict[str, str]] = {"inputmode": "decimal"}

    def read(self, value: str) -> Decimal:
        """The number, exact. BadValue."""
        if not _FIGURE.fullmatch(value):
            raise BadValue(field="value", value=value)
        return Decimal(value.replace(",", "."))


class Day(Typed):
    """A day, as 2026-03-31 or 31.03.2026."""

    kind: ClassVar[str] = "date"

    def read(self, value: str) -> date:
        """The day. BadValue."""
        return a_day(value)


class Hour(Typed):
    """An hour of the day, as 14:30."""

    kind: ClassVar[str] = "time"

    def read(self, value: str) -> time:
        """The hour. BadValue."""
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise BadValue(field="time", value=value) from None


class MonthOf(Typed):
    """A reporting month, as 2026-03."""

    attributes: ClassVar[dict[str, str]] = {"pattern": "[0-9]{4}-[0-9]{2}"}

    def read(self, value: str) -> Month:
        """The month. BadValue."""
        return month(value)


class PersonOrOrganisation(Typed):
    """An IIN or a BIN: twelve digits with their check digit (order 521 of 29 June 2023)."""

    attributes: ClassVar[dict[str, str]] = {"inputmode": "numeric", "maxlength": "12"}

    def read(self, value: str) -> str:
        """The twelve digits. NoSuchNumber."""
        if not has_check_digit(value):
            raise NoSuchNumber(value=value)
        return value


class Account(Typed):
    """An account number, written with blanks or without (ISO 13616)."""

    def read(self, value: str) -> str:
        """The number without blanks, in capitals. NoSuchAccount."""
        plain = "".join(value.split()).upper()
        if not has_check_digits(plain):
            raise NoSuchAccount(value=value)
        return plain


class Choice(forms.ChoiceField):
    """One of some values, each with its sentence; `says` begins the sentence's key; without it a
    value is its own word. `radio`: shown all at once."""

    def __init__(
        self, values: Iterable[str] = (), *, says: str = "", radio: bool = False, **facts: Any
    ) -> None:
        super().__init__(widget=forms.RadioSelect if radio else forms.Select, **facts)
        self.says = says
        self.words: dict[str, str] | None = None
        self.values: Iterable[str] = list(values)

    def word(self, request: HttpRequest) -> None:
        """Give each value its sentence in the language of the page."""
        lang = language_of(request)
        said, says = self.words, self.says
        if said is None:
            said = {each: text(f"{says}{each}", lang) if says else each for each in self.values}
        named = list(said.items())
        self.choices = named if self.required else [_BLANK, *named]


class One(forms.Field):
    """One of some objects of the database; one that is not among them is not there (404)."""

    objects: QuerySet[Any]

    def __init__(self, *, hidden: bool = False, **facts: Any) -> None:
        super().__init__(widget=forms.HiddenInput() if hidden else forms.Select(), **facts)

    def offer(self, objects: QuerySet[Any], named: Callable[[Any], str], blank: bool) -> None:
        """The objects to choose from, and what each is called. `blank`: none is chosen at first."""

        def choices() -> list[tuple[Any, str]]:
            shown = [(each.pk, named(each)) for each in objects]
            return [_BLANK, *shown] if blank else shown

        self.objects = objects
        if isinstance(self.widget, forms.Select):
            self.widget.choices = CallableChoiceIterator(choices)

    def to_python(self, value: Any) -> Model | None:
        """The object of that number; none for an empty value. Http404."""
        if not value:
            return None
        chosen: Model | None = self.objects.filter(pk=number(str(value))).first()
        if chosen is None:
            raise Http404
        return chosen


class Numbers(forms.Field):
    """Numbers of what is ticked in a list: the first `most`."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, most: int, **facts: Any) -> None:
        super().__init__(**facts)
        self.most = most

    def to_python(self, value: Any) -> list[int]:
        """The numbers; zero for what is none."""
        return [number(str(each)) for each in value or ()][: self.most]


class _Unseen(forms.HiddenInput):
    def render(self, *_: Any, **__: Any) -> Any:
        """Nothing: the template writes the buttons."""
        return ""


class Pressed(forms.CharField):
    """Which button was pressed; what no button is called is not there (404). Without names: any."""

    widget = _Unseen

    def __init__(self, *names: str, label: str = "") -> None:
        super().__init__(required=False, label=label)
        self.names = names

    def clean(self, value: Any) -> str:
        """The button's value. Http404."""
        name = str(super().clean(value))
        if self.names and name not in self.names:
            raise Http404
        return name
