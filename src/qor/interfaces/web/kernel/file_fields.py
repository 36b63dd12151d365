"""Fields of files: one that is handed in, and those beside a statement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from qor.interfaces.web.kernel.access import language_of, user_of
from qor.interfaces.web.kernel.gate import count_try
from qor.interfaces.web.kernel.refused import sentence
from qor.law.nouns.refusals import Refusal
from qor.workflow.disputes.files import Received, look_at


class Upload(forms.FileField):
    """One file that somebody hands in; its tries are counted, its bytes are judged by who takes
    it."""

    widget = forms.FileInput
    request: HttpRequest

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file. TooManyTries is the field's error."""
        try:
            count_try(f"user:{user_of(self.request).pk}")
        except Refusal as refusal:
            raise ValidationError(sentence(refusal, language_of(self.request))) from None
        return super().clean(data, initial)


class _Several(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All files of the field."""
        return files.getlist(name)


class Attachments(forms.Field):
    """Files beside a statement: looked at before anything is done, each by its content."""

    widget = _Several
    request: HttpRequest

    def __init__(self, **facts: Any) -> None:
        endings = {"multiple": True, "accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"}
        super().__init__(required=False, widget=_Several(attrs=endings), **facts)

    def to_python(self, value: Any) -> list[Received]:
        """The files with their kinds; a refusal names the file."""
        try:
            return look_at(list(value or ()), by=user_of(self.request))
        except Refusal as refusal:
            raise ValidationError(sentence(refusal, language_of(self.request))) from None
