"""`qor law`: the regulation answers, each answer with its citation."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal
from typing import Any

from qor.interfaces.cli.citations import clause_typed, paragraph_typed
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.clock import today
from qor.interfaces.messages import day, money, norm_names
from qor.interfaces.typed_days import a_day
from qor.law.nouns.care_forms import CareForm, title
from qor.law.nouns.money import tenge
from qor.law.nouns.refusals import UnknownClause
from qor.law.reading.calendar import deadline
from qor.law.reading.coverage import Covered, coverage
from qor.law.reading.defects import ACT, Cell, DefectCode, classification
from qor.law.reading.figures import figure, titles
from qor.law.reading.regulations import Clause, Edition, changed_clauses, clauses_on, edition
from qor.law.rules.deductions import deduction


def add(commands: Any) -> None:
    """Add `law` with its questions."""
    parser = command(commands, "law", "law", needs_json=False)
    questions = parser.add_subparsers(
        required=True, metavar="clause|figure|classification|deadline|deduction|coverage|changes"
    )
    _add_clause(questions)
    _add_figure(questions)
    _add_classification(questions)
    _add_deadline(questions)
    _add_deduction(questions)
    _add_coverage(questions)
    changes = command(questions, "changes", "law_changes", _changes)
    option(changes, "order", key="law_order")
    option(changes, "--act", key="law_act", default="321/2020")


def _add_clause(questions: Any) -> None:
    parser = command(questions, "clause", "law_clause", _clause)
    option(parser, "number", key="law_clause_number")
    option(parser, "--act", key="law_act")
    option(parser, "--on", key="law_on", metavar="DATE")


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


def _add_coverage(questions: Any) -> None:
    parser = command(questions, "coverage", "law_coverage", _coverage)
    option(parser, "--all", key="law_all", action="store_true")


def _on(args: argparse.Namespace) -> date:
    return a_day(args.on) if args.on else today()


def _clause(args: argparse.Namespace, voice: Voice) -> int:
    on = _on(args)
    act, number, item_asked = clause_typed(args.number, args.act, ACT)
    items = _items(clauses_on(act, number, on), item_asked)
    order = edition(act, on).order
    if not items:
        raise UnknownClause(act=act, clause=f"{number} {item_asked}", order=order)
    if voice.as_json:
        told = [
            {
                **i.cites.as_dict(),
                "paragraph": i.paragraph,
                "kind": i.kind,
                "edition": order,
                "says": i.says,
                "status": i.status,
                "text_not_held_from": _not_held_from(i, on),
            }
            for i in items
        ]
        voice.json(told)
        return 0
    for item in items:
        voice.line(f"{voice.cited([item.cites])}: {item.says[voice.language]}")
        if since := _not_held_from(item, on):
            voice.line(
                voice.t(
                    "cli.later_text_not_held", since=day(since), parts=item.text_not_held_of or "–"
                )
            )
    _say_edition(edition(act, on), voice)
    return 0


def _items(held: list[Clause], asked: str) -> list[Clause]:
    """Those of a clause that were asked for, an item or a paragraph; where its sentence is not told
    by items, the whole clause."""
    if (paragraph := paragraph_typed(asked)) is not None:
        return [item for item in held if item.paragraph == paragraph]
    itemised = any(item.cites.item for item in held)
    return [item for item in held if item.cites.item == asked] if asked and itemised else held


def _not_held_from(item: Clause, on: date) -> date | None:
    """Since when another text of the clause is in force that is not held, on a day; None where what
    is shown is in force."""
    since = item.text_not_held_from
    return since if since is not None and since <= on else None


def _say_edition(held: Edition, voice: Voice) -> None:
    """Which edition was read, and how sure its first day is."""
    facts = {
        "order": held.order,
        "since": day(held.in_force_on),
        "status": voice.t(f"terms.source_{held.status}"),
    }
    voice.line(voice.t("cli.edition_read", **facts))
    if held.or_on is not None:
        voice.line(voice.t("cli.edition_or", since=day(held.or_on)))


def _figure(args: argparse.Namespace, voice: Voice) -> int:
    found = figure(args.name, _on(args))
    if voice.as_json:
        voice.json(
            {
                "name": found.name,
                "value": str(found.value),
                "unit": found.unit,
                "valid_from": found.valid_from,
                "valid_to": found.valid_to,
                "status": found.status,
                "cites": found.cites,
            }
        )
        return 0
    facts = {
        "title": titles(found.name)[voice.language],
        "value": found.value,
        "unit": voice.t(f"terms.unit_{found.unit}"),
    }
    voice.line(
        voice.t(
            "cli.stands",
            **facts,
            since=day(found.valid_from),
            status=voice.t(f"terms.source_{found.status}"),
        )
    )
    voice.line(voice.t("cli.source", cites=voice.cited(found.cites)))
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
    found = deadline(a_day(args.start), args.working_days)
    if voice.as_json:
        voice.json(
            {
                "from": found.started_on,
                "working_days": found.working_days,
                "due_on": found.due_on,
                "in_doubt": list(found.in_doubt),
                "cites": found.cites,
            }
        )
        return 0
    voice.line(
        voice.t(
            "cli.due", start=day(found.started_on), days=found.working_days, due=day(found.due_on)
        )
    )
    if found.in_doubt:
        voice.line(voice.t("terms.in_doubt", days=", ".join(map(day, found.in_doubt))))
    voice.line(voice.t("cli.source", cites=voice.cited(found.cites)))
    return 0


def _deduction(args: argparse.Namespace, voice: Voice) -> int:
    norm: Decimal | None = tenge(args.norm) if args.norm else None
    on = _on(args)
    found = deduction(args.code, args.care_form, tenge(args.amount), on, norm)
    if voice.as_json:
        voice.json(
            {
                "amount": str(found.amount),
                "code": args.code,
                "care_form": args.care_form,
                "on": on,
                "cites": found.cites,
            }
        )
        return 0
    voice.line(voice.t("cli.taken", amount=money(found.amount)))
    voice.line(voice.t("cli.source", cites=voice.cited(found.cites)))
    return 0


def _coverage(args: argparse.Namespace, voice: Voice) -> int:
    found = coverage(definitions=args.all)
    if voice.as_json:
        voice.json([_covered_row(row) for row in found])
        return 0
    headings = tuple(voice.t(f"terms.{name}") for name in ("act", "clause", "status", "where"))
    voice.table(voice.t("cli.law_coverage"), headings, (_covered_line(row, voice) for row in found))
    return 0


def _covered_row(row: Covered) -> dict[str, object]:
    item = row.clause
    return {
        "act": item.cites.act,
        "clause": item.cites.clause,
        "item": item.cites.item,
        "paragraph": item.paragraph,
        "editions": item.orders,
        "kind": item.kind,
        "status": row.status,
        "where": list(row.where),
        "reason": row.reason or None,
        "tests": list(row.tests),
        "lacks": item.lacks or None,
        "text_not_held_from": item.text_not_held_from,
        "text_not_held_of": item.text_not_held_of or None,
    }


def _covered_line(row: Covered, voice: Voice) -> tuple[str, ...]:
    item = row.clause.cites
    status = voice.t(f"terms.status_{row.status.replace(' ', '_')}")
    where = ", ".join(row.where) or voice.t(f"terms.reason_{row.reason}")
    if lacks := row.clause.lacks.get(voice.language):
        where = f"{where}; {lacks}"
    if since := row.clause.text_not_held_from:
        parts = row.clause.text_not_held_of or "–"
        where = f"{where}; {voice.t('cli.later_text_not_held', since=day(since), parts=parts)}"
    return item.act, f"{item.clause} {item.item}".strip(), status, where


def _changes(args: argparse.Namespace, voice: Voice) -> int:
    found = changed_clauses(args.act, args.order)
    if voice.as_json:
        voice.json({"act": args.act, "order": args.order, "clauses": found})
    else:
        voice.line(voice.t("cli.changes_of", order=args.order, clauses=", ".join(found)))
    return 0
