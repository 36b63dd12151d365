"""Forms: what a person sends, read once; what is refused stands beside its field, the values are
kept."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from qor.interfaces.messages import text
from qor.interfaces.web.kernel.access import language_of
from qor.interfaces.web.kernel.fields import Choice, One
from qor.interfaces.web.kernel.file_fields import Attachments
from qor.interfaces.web.kernel.refused import sentence
from qor.law.nouns.refusals import Refusal

REFUSED = 409
_NOT_OURS = frozenset({"not_yours"})  # of rights: a page of its own says it, with 403
_PLACES = {"statement_missing": "statement"}
_ERRORS = {
    "required": "forms.required",
    "missing": "forms.required",
    "invalid_choice": "forms.choice",
    "invalid": "forms.invalid",
    "empty": "forms.empty_file",
}


class Form(forms.Form):
    """A form whose labels, help and errors are sentences of the catalogue, in the page's language.

    A field names the keys of its sentences as `label` and `help_text`. `places`: the field at which
    a refusal of the workflow is shown, by the refusal's key or by the field that it names; a
    refusal that names one of the form's own fields needs no line there. `otherwise`: the field of
    all that no line names. `ids`: how ids of elements are made of names.
    """

    places: ClassVar[dict[str, str]] = {}
    otherwise = ""
    ids = "%s"

    def __init__(
        self, request: HttpRequest, *, blank: bool = False, ids: str = "", **facts: Any
    ) -> None:
        """Filled with what a POST sent, unless `blank`: the form of a page that another one was
        sent to. `ids`: of a form that a page has more than once."""
        sent = request.method == "POST" and not blank
        data, files = (request.POST, request.FILES) if sent else (None, None)
        super().__init__(data, files, auto_id=ids or self.ids, **facts)
        self.request, self.lang = request, language_of(request)
        for field in self.fields.values():
            self._word(field)

    def offer(
        self, name: str, objects: QuerySet[Any], named: Callable[[Any], str], blank: bool = False
    ) -> None:
        """The objects that a field lets choose from."""
        field = cast(One, self.fields[name])
        field.offer(objects, named, blank or not field.required)

    def let(self, name: str, values: list[str] | dict[str, str]) -> None:
        """The values that a field lets choose from; a dict gives each its word."""
        field = cast(Choice, self.fields[name])
        field.values, field.words = values, values if isinstance(values, dict) else None
        field.word(self.request)

    def sent(self) -> bool:
        """Whether something was sent, and all of it can be read."""
        return bool(self.is_valid())

    def demand(self, name: str) -> None:
        """Refuse a field that is empty, where another one asks for it."""
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, text("forms.required", self.lang))

    @property
    def status(self) -> int:
        """The status of the page that shows the form: 409 after a refusal."""
        return REFUSED if self.errors else 200

    def refusals(self) -> _Refusals:
        """Around the action: what it refuses becomes errors of the form."""
        return _Refusals(self)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal beside the field that it is about, else above the form."""
        named = str(refusal.facts.get("field", ""))
        places = _PLACES | self.places
        name = places.get(refusal.key) or places.get(named, named or self.otherwise)
        field = self.fields.get(name)
        label = {"field": str(field.label)} if field is not None else {}
        self.add_error(name if field is not None else None, self._sentence(refusal, label))

    def _sentence(self, refusal: Refusal, label: dict[str, str]) -> str:
        return sentence(refusal, self.lang, **label)

    def _word(self, field: forms.Field) -> None:
        """Give a field its sentences and the request that it reads for."""
        field.request = self.request  # type: ignore[attr-defined]
        field.label = text(str(field.label), self.lang) if field.label else ""
        field.help_text = text(str(field.help_text), self.lang) if field.help_text else ""
        own: dict[str, Any] = {code: text(key, self.lang) for code, key in _ERRORS.items()}
        if most := getattr(field, "max_length", None):
            own["max_length"] = text("forms.too_long", self.lang, most=most)
        field.error_messages = own
        if isinstance(field, Choice):
            field.word(self.request)


class WithFiles(Form):
    """A form that takes files beside a statement; the page calls them `files`."""

    files = Attachments(label="portal.files")  # type: ignore[assignment] # Django keeps its own


class _Refusals:
    """Catches refusals of an action for a form; those of rights, and failures, go on."""

    def __init__(self, form: Form) -> None:
        self.form = form

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Refusal) or error.key in _NOT_OURS:
            return False
        self.form.refuse(error)
        return True
