"""Putting things on the screen: sentences, tables, JSON, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from qor.engine.monitoring.loop import Progress as Step
from qor.interfaces import messages
from qor.law.nouns.citations import Citation
from qor.law.nouns.refusals import Refusal


class _Screen(Console):
    """A console whose reader may leave early, as `head` does."""

    def on_broken_pipe(self) -> None:
        """End as a program does whose pipe was closed."""
        sys.stdout = None
        raise SystemExit(141)


class Voice:
    """Speaks to one user: in their language, to the screen or as JSON."""

    def __init__(self, language: str, as_json: bool = False) -> None:
        self.language = language
        self.as_json = as_json
        self.before_json: Callable[[object], None] | None = None  # sees an answer before it is out
        wide = None if sys.stdout.isatty() else 160
        self._out = _Screen(
            width=wide, highlight=False, markup=False, soft_wrap=not sys.stdout.isatty()
        )

    def t(self, key: str, **facts: object) -> str:
        """The sentence of that key in the user's language."""
        return messages.text(key, self.language, **facts)

    def line(self, sentence: str = "") -> None:
        """Print a sentence."""
        self._out.print(sentence)

    def warning(self, sentence: str) -> None:
        """Print a sentence beside the answer: on the error output where the answer is JSON."""
        if self.as_json:
            print(sentence, file=sys.stderr)
        else:
            self.line(sentence)

    def json(self, value: object) -> None:
        """Print for machines: one JSON value, amounts as text. Where `before_json` refuses, nothing
        is printed."""
        if self.before_json is not None:
            self.before_json(value)
        self._print_json(value)

    def _print_json(self, value: object) -> None:
        print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))

    def table(
        self,
        heading: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        total: Sequence[object] | None = None,
    ) -> None:
        """Print a table: numbers and tenge to the right."""
        listed = [list(row) for row in rows]
        self._out.print()
        self._out.print(heading, style="bold")
        if not listed:
            self.line(self.t("cli.nothing"))
            return
        table = Table(show_header=True, box=None, pad_edge=False, show_footer=total is not None)
        for position, column in enumerate(columns):
            right = isinstance(listed[0][position], int | Decimal)
            footer = self._cell(total[position]) if total is not None else ""
            table.add_column(
                column, justify="right" if right else "left", footer=footer, overflow="fold"
            )
        for row in listed:
            table.add_row(*map(self._cell, row))
        self._out.print(table)

    def refusal(self, refusal: Refusal) -> None:
        """Say a refusal, with its clauses: as JSON to the output, or as a sentence to the error
        output."""
        sentence = messages.refusal_text(refusal, self.language)
        if self.as_json:
            self._print_json(
                {
                    "error": sentence,
                    "key": refusal.key,
                    "cites": [cite.as_dict() for cite in refusal.cites],
                }
            )
            return
        print(self.t("cli.error", what=sentence), file=sys.stderr)
        if refusal.cites:
            print(self.t("cli.source", cites=self.cited(refusal.cites)), file=sys.stderr)

    def cited(self, cites: Iterable[Citation]) -> str:
        """Citations as text: 321/2020 §26; an annex and a budget law by their names in the user's
        language."""
        return "; ".join(dict.fromkeys(map(self._cited, cites)))

    def _cited(self, cite: Citation) -> str:
        place = f"§{cite.clause}"
        if cite.clause.startswith("annex "):
            place = self.t("terms.annex", number=cite.clause.removeprefix("annex "))
        act = cite.act
        if act.startswith("republican budget law "):
            act, place = self.t("terms.budget_law", year=act.rpartition(" ")[2]), ""
        return " ".join(part for part in (act, place, cite.item) if part)

    @contextmanager
    def progress(self, title: str) -> Iterator[Step]:
        """A progress bar on the error output, which a function can move: (what, done, of)."""
        columns = (
            TextColumn("{task.description:<14}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[what]}"),
        )
        console = Console(stderr=True)
        with Progress(
            *columns, console=console, disable=self.as_json or not console.is_terminal
        ) as bar:
            task = bar.add_task(title, total=None, what="")

            def move(what: str, done: int, of: int) -> None:
                bar.update(task, completed=done, total=of, what=what)

            yield move

    def _cell(self, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, Decimal):
            return messages.money(value)
        if isinstance(value, bool):
            return str(value)
        if isinstance(value, int):
            return messages.count(value)
        return messages.day(value) if isinstance(value, date) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Citation):
        return value.as_dict()
    raise TypeError(type(value).__name__)
