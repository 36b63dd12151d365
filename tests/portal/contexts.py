"""Contexts of pages and their mutants: what a template asks for and does not find is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.template import RequestContext
from django.template.base import Template
from django.template.context import BaseContext
from django.test.signals import template_rendered

_SHARED = {"language"}  # said by the server for every page too
_VIEW = 3  # after what is built in and what the server gives to every page


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it was made: its template, what its view gave, and the request."""

    template: Template
    facts: dict[str, Any]
    request: Any

    def missed_without(self, key: str) -> bool:
        """Whether the template notices that a key is not there: it asks for it in vain, or breaks
        on it."""
        facts = {name: value for name, value in self.facts.items() if name != key}
        with noticing() as asked:
            context = RequestContext(self.request)
            context.push(facts)
            try:
                self.template.render(context)
            except Exception:
                return True
        return key in asked


@contextmanager
def noticing() -> Iterator[set[str]]:
    """The names that templates ask of their contexts in vain meanwhile."""
    asked: set[str] = set()
    known = BaseContext.__getitem__

    def noticed(self: BaseContext, key: str) -> Any:
        try:
            return known(self, key)
        except KeyError:
            asked.add(key)
            raise

    BaseContext.__getitem__ = noticed  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        BaseContext.__getitem__ = known  # type: ignore[method-assign]


@contextmanager
def rendered() -> Iterator[list[Rendered]]:
    """The pages that are made meanwhile, each once; templates that they include are not pages."""
    pages: list[Rendered] = []
    requests: set[int] = set()

    def keep(template: Template, context: Any, **_: Any) -> None:
        request = getattr(context, "request", None)
        if request is None or id(request) in requests or len(context.dicts) <= _VIEW:
            return
        requests.add(id(request))
        given = context.dicts[_VIEW].items()
        facts = {name: value for name, value in given if name not in _SHARED}
        pages.append(Rendered(template, facts, request))

    template_rendered.connect(keep)
    try:
        yield pages
    finally:
        template_rendered.disconnect(keep)
