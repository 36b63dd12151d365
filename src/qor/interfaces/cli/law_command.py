"""`qor law`: the regulation answers, each answer with its citation; figures, terms, deductions."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal
from typing import Any

from qor.interfaces.cli import regulations_command
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import today
from qor.interfaces.messages import day, money, norm_names
from qor.interfaces.typed_days import a_day
from qor.law.nouns.care_forms import CareForm, title
from qor.law.nouns.money import tenge
from qor.law.reading.calendar import deadline
from qor.law.reading.defects import Cell, DefectCode, classification
from qor.law.reading.figures import figure, titles
from qor.law.rules.deductions import deduction


def add(commands: Any) -> None:
    """Add `law` with its questions."""
    parser = command(commands, "law", "law", needs_json=False)
    questions = parser.add_subparsers(
        required=True, metavar="clause|figure|classification|deadline|deduction|coverage|changes"
    )
    regulations_command.add_clause(questions)
    _add_figure(questions)
    _add_classification(questions)
    _add_deadline(questions)
    _add_deduction(questions)
    regulations_command.add_texts(questions)


def _add_figure(questions: Any) -> None:
    parser = command(questions, "figure", "law_figure", _figure)
    option(parser, "name", key="law_figure_name")
    option(parser, "--on", key="law_on", metavar="DATE")


def _add_classification(questions: Any) -> None:
    parser = command(questions, "classification", "law_classification", _classification)
    option(parser, "--on", key="law_on", metavar="DATE")


def _add_deadline(questions: Any) -> None:
    parser = command(questions, "deadline", "law_deadline", _deadline)
    option(parser, "--from", key="law_from", dest="start", required=True, metavar="DATE")
    option(parser, "--working-days", key="law_working_days", type=int, required=True, metavar="N")


def _add_deduction(questions: Any) -> None:
    parser = command(questions, "deduction", "law_deduction", _deduction)
    option(parser, "--code", key="law_code", required=True)
    option(parser, "--care-form", key="law_care_form", required=True, metavar="FORM")
    option(parser, "--amount", key="law_amount", required=True, metavar="TENGE")
    option(parser, "--norm", key="law_norm", metavar="TENGE")
    option(parser, "--on", key="law_on", metavar="DATE")


def _on(args: argparse.Namespace) -> date:
    return a_day(args.on) if args.on else today()


def _figure(args: argparse.Namespace, voice: Voice) -> int:
    figure_of_day = figure(args.name, _on(args))
    if voice.as_json:
        voice.json(
            {
                "name": figure_of_day.name,
                "value": str(figure_of_day.value),
                "unit": figure_of_day.unit,
                "valid_from": figure_of_day.valid_from,
                "valid_to": figure_of_day.valid_to,
                "status": figure_of_day.status,
                "cites": figure_of_day.cites,
            }
        )
        return 0
    facts = {
        "title": titles(figure_of_day.name)[voice.language],
        "value": figure_of_day.value,
        "unit": voice.t(f"terms.unit_{figure_of_day.unit}"),
    }
    voice.line(
        voice.t(
            "cli.stands",
            **facts,
            since=day(figure_of_day.valid_from),
            status=voice.t(f"terms.source_{figure_of_day.status}"),
        )
    )
    voice.line(voice.t("cli.source", cites=voice.cited(figure_of_day.cites)))
    return 0


def _classification(args: argparse.Namespace, voice: Voice) -> int:
    codes = classification(_on(args))
    if voice.as_json:
        voice.json([_cell_row(code, form) for code in codes.values() for form in CareForm])
        return 0
    for code in codes.values():
        rows = [
            (title(form, voice.language), _cell_text(code.cells[form], voice.language))
            for form in CareForm
        ]
        severity = voice.t(f"terms.severity_{code.severity}")
        voice.table(
            f"{code.code} {code.names[voice.language]} ({severity})",
            (voice.t("terms.care_form"), voice.t("terms.value")),
            rows,
        )
    return 0


def _cell_row(code: DefectCode, form: CareForm) -> dict[str, object]:
    cell = code.cells[form]
    row: dict[str, object] = {
        "code": code.code,
        "care_form": form.value,
        **_cell_facts(cell),
        "severity": code.severity,
    }
    return row | {"alternative": _cell_facts(cell.alternative)} if cell.alternative else row


def _cell_facts(cell: Cell) -> dict[str, object]:
    unit = "%" if cell.kind == "percent" else cell.unit
    return {
        "kind": cell.kind.value,
        "value": None if cell.value is None else str(cell.value),
        "unit": unit or None,
    }


def _cell_text(cell: Cell, language: str) -> str:
    signs = {"none": "–", "applies": "+", "zero": "0", "unprinted": "?"}
    own = (
        signs.get(cell.kind.value)
        or f"{cell.value}{'%' if cell.kind == 'percent' else ' ' + norm_names(cell.unit, language)}"
    )
    return f"{own} / {_cell_text(cell.alternative, language)}" if cell.alternative else own


def _deadline(args: argparse.Namespace, voice: Voice) -> int:
    term = deadline(a_day(args.start), args.working_days)
    if voice.as_json:
        voice.json(
            {
                "from": term.started_on,
                "working_days": term.working_days,
                "due_on": term.due_on,
                "in_doubt": list(term.in_doubt),
                "cites": term.cites,
            }
        )
        return 0
    voice.line(
        voice.t("cli.due", start=day(term.started_on), days=term.working_days, due=day(term.due_on))
    )
    if term.in_doubt:
        voice.line(voice.t("terms.in_doubt", days=", ".join(map(day, term.in_doubt))))
    voice.line(voice.t("cli.source", cites=voice.cited(term.cites)))
    return 0


def _deduction(args: argparse.Namespace, voice: Voice) -> int:
    norm: Decimal | None = tenge(args.norm) if args.norm else None
    on = _on(args)
    to_deduct = deduction(args.code, args.care_form, tenge(args.amount), on, norm)
    if voice.as_json:
        voice.json(
            {
                "amount": str(to_deduct.amount),
                "code": args.code,
                "care_form": args.care_form,
                "on": on,
                "cites": to_deduct.cites,
            }
        )
        return 0
    voice.line(voice.t("cli.taken", amount=money(to_deduct.amount)))
    voice.line(voice.t("cli.source", cites=voice.cited(to_deduct.cites)))
    return 0
