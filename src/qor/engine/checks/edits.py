"""Edits of checks: a new text or new values of its parameters, from a day on, kept in the lake's
log with reason, clause and author."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from qor.engine.checks.catalogue import ALL, check_named
from qor.engine.checks.check import Check
from qor.engine.storage.lake import Lake
from qor.law.nouns.citations import cites
from qor.law.nouns.months import month_of
from qor.law.nouns.refusals import Refusal

KIND = "edit"


class BadEdit(Refusal):
    """The file does not say which check changes, from when, to what and why."""

    key = "bad_edit"


class EditTouchesClosedMonth(Refusal):
    """Findings are corrected only while the period is unpaid (321/2020:13): an edit may not begin
    in a closed month."""

    key = "edit_touches_closed_month"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: from `valid_from` (day of completion of the service) the check has these values,
    and this SELECT if one is given."""

    check: str
    valid_from: date
    figures: tuple[tuple[str, Decimal], ...]
    sql: str
    because: str
    cites: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """The edit as plain data, for the log."""
        return {
            "check": self.check,
            "valid_from": self.valid_from.isoformat(),
            "figures": {name: str(value) for name, value in self.figures},
            "sql": self.sql,
            "because": self.because,
            "cites": list(self.cites),
        }


def read_edit(path: Path) -> Edit:
    """Read an edit from a YAML file with check, valid_from, figures and/or sql, because, cites.
    BadEdit says what is wrong."""
    try:
        plain = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadEdit(file=path.name, field="", detail=str(error).splitlines()[0]) from None
    return edit_of(plain, path.name)


def edit_of(plain: Any, file: str) -> Edit:
    """An edit from plain data. BadEdit names the field that is wrong."""
    if not isinstance(plain, dict):
        raise BadEdit(file=file, field="", detail="YAML")
    slugs = {check.slug for check in ALL}
    if plain.get("check") not in slugs:
        raise BadEdit(file=file, field="check", detail=plain.get("check", ""))
    if not plain.get("because") or not plain.get("cites"):
        raise BadEdit(file=file, field="because, cites", detail="")
    figures = _figures(plain, file)
    sql = str(plain.get("sql") or "")
    if not figures and not sql:
        raise BadEdit(file=file, field="figures, sql", detail="")
    try:
        since = date.fromisoformat(str(plain.get("valid_from")))
        cited = tuple(map(str, plain["cites"]))
        cites(list(cited))
    except (ValueError, TypeError):
        raise BadEdit(
            file=file, field="valid_from, cites", detail=plain.get("valid_from", "")
        ) from None
    return Edit(str(plain["check"]), since, figures, sql, str(plain["because"]), cited)


def _figures(plain: dict[str, Any], file: str) -> tuple[tuple[str, Decimal], ...]:
    known = check_named(plain["check"]).figures
    figures = []
    for name, value in sorted((plain.get("figures") or {}).items()):
        if name not in known:
            raise BadEdit(file=file, field=f"figures.{name}", detail=", ".join(known))
        try:
            figures.append((name, Decimal(str(value))))
        except InvalidOperation:
            raise BadEdit(file=file, field=f"figures.{name}", detail=value) from None
    return tuple(figures)


def edits_of(lake: Lake) -> list[Edit]:
    """The edits that the lake holds, in the order in which they were made."""
    return [edit_of(entry.facts["edit"], "") for entry in lake.all_of(KIND)]


def put_in_force(
    lake: Lake, edit: Edit, by: str, at: datetime, *, paid_upto: str | None = None
) -> None:
    """Write an edit into the log. EditTouchesClosedMonth if it would begin in a month that is paid,
    or before one.

    `paid_upto`: the last month that is paid, where the caller knows the payments; else every closed
    month counts as paid. Sources: 321/2020:13.
    """
    with lake.writing() as writer:
        closed = max(lake.frozen(), default="") if paid_upto is None else paid_upto
        if str(month_of(edit.valid_from)) <= closed:
            raise EditTouchesClosedMonth(
                valid_from=edit.valid_from.isoformat(), month=closed, cites=cites(["321/2020:13"])
            )
        writer.commit(KIND, {"edit": edit.told(), "by": by, "at": at.isoformat()})


def in_force(edits: list[Edit], on: date) -> tuple[Check, ...]:
    """The catalogue as the edits leave it on a day; of two edits the later beginning holds, of two
    beginnings the later edit."""
    in_order = sorted(
        (edit for edit in edits if edit.valid_from <= on), key=lambda edit: edit.valid_from
    )
    changed = {check.slug: check for check in ALL}
    for edit in in_order:
        check = changed[edit.check]
        values = tuple((dict(check.set_to) | dict(edit.figures)).items())
        changed[edit.check] = dataclasses.replace(check, sql=edit.sql or check.sql, set_to=values)
    return tuple(changed.values())
