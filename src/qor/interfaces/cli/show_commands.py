"""`qor act`, `findings`, `unconfirmed`: what a run found, on the screen or in a file."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from qor.engine.checks.catalogue import ALL, check_named
from qor.engine.checks.check import Kind
from qor.engine.monitoring.month import NothingToRun
from qor.engine.settlement.unconfirmed_register import list_unconfirmed_cases
from qor.engine.storage.duck import Connection, connect, literal, one, parquet, rows
from qor.engine.storage.lake import Lake
from qor.interfaces.cli.exports import add_export, export_rows
from qor.interfaces.cli.parser import command, in_lake, option
from qor.interfaces.cli.voice import Voice
from qor.interfaces.messages import catalogue
from qor.law.nouns.care_forms import CareForm, title
from qor.law.nouns.months import Month, month
from qor.law.nouns.refusals import Refusal
from qor.law.nouns.regions import region_title
from qor.law.pages import page

_SHOWN = 50
MONEY_ZERO = Decimal("0.00")
MONEY = ("received", "returned", "held", "payable", "at_stake")


class NoSuchLake(Refusal):
    """There is no lake in the folder."""

    key = "no_such_lake"


class NotRunYet(Refusal):
    """The month has no findings yet: it was not run."""

    key = "not_run_yet"


class UnknownProvider(Refusal):
    """The lake knows no provider with that BIN."""

    key = "unknown_provider"


class UnknownCheck(Refusal):
    """No check of that name."""

    key = "unknown_check"


def add(commands: Any) -> None:
    """Add the commands that show a month."""
    for name, run in (("act", _act), ("findings", _findings), ("unconfirmed", _unconfirmed)):
        parser = command(commands, name, name, run)
        option(parser, "month", key="month")
        in_lake(parser)
        option(parser, "--provider", key="provider", metavar="BIN")
        option(parser, "--out", key="out", type=Path, metavar="FILE")
        add_export(parser)
        if name == "findings":
            option(parser, "--check", key="findings_check", metavar="NAME")
        if name == "unconfirmed":
            option(parser, "--show-iin", key="show_iin", action="store_true")


def open_lake(root: Path, *, from_log: bool = False) -> Lake:
    """An existing lake, its checkpoint left aside if so asked. NoSuchLake where there is none."""
    if not (root / "log").is_dir():
        raise NoSuchLake(path=str(root))
    return Lake(root, from_log=from_log)


def month_of_lake(lake: Lake, asked: str) -> Month:
    """A month of which the lake holds services. NothingToRun where it holds none."""
    of = month(asked)
    if str(of) not in lake.months("services"):
        raise NothingToRun(month=str(of))
    return of


def findings_of(lake: Lake, of: Month, table: str = "findings") -> str:
    """SQL: a month's findings (or acts, or returns). NotRunYet if the month was not run."""
    paths = lake.paths(table, [of])
    if not paths:
        raise NotRunYet(month=str(of))
    return f"SELECT * FROM {parquet(paths)}"


def month_facts(lake: Lake, of: Month) -> dict[str, Any]:
    """A month in figures: rows, findings by check, acts; amounts in tenge."""
    with connect() as connection:
        acts, found = findings_of(lake, of, "acts"), findings_of(lake, of)
        sums = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in MONEY)
        rejected = "coalesce(sum(rows_received) FILTER (WHERE care_form IS NULL), 0)"
        counts = one(
            connection,
            f"SELECT coalesce(sum(rows_received), 0) AS received, {rejected} AS rejected "
            f"FROM ({acts})",
        )
        received, turned_away = int(counts["received"]), int(counts["rejected"])
        by_check = rows(
            connection,
            f"""SELECT "check", any_value(kind) AS kind, count(*) AS found,
                sum(proposed_deduction) AS at_stake
            FROM ({found}) GROUP BY "check" ORDER BY "check" """,
        )
        return {
            "rows": {
                "received": received,
                "accepted": received - turned_away,
                "rejected": turned_away,
            },
            "acts": one(connection, f"SELECT {sums} FROM ({acts})"),
            "findings": by_check,
        }


def tell_month(voice: Voice, lake: Lake, of: Month) -> None:
    """Print a month as a fund's director wants to see it."""
    facts = month_facts(lake, of)
    names = ("received", "accepted", "rejected")
    voice.table(
        voice.t("cli.rows_heading", month=of),
        [voice.t(f"terms.{n}") for n in names],
        [[facts["rows"][n] for n in names]],
    )
    voice.table(
        voice.t("cli.acts_heading"),
        [voice.t(f"terms.{n}") for n in MONEY],
        [[facts["acts"][n] for n in MONEY]],
    )
    with connect() as connection:
        _tell_findings(voice, connection, findings_of(lake, of))
        _tell_kinds_of_care(voice, connection, findings_of(lake, of))
        _tell_largest(voice, connection, lake, findings_of(lake, of, "acts"))


def _tell_findings(voice: Voice, connection: Connection, found: str) -> None:
    grouped = rows(
        connection,
        f"""SELECT code, care_form, kind, count(*) AS n, sum(proposed_deduction) AS at_stake
            FROM ({found})
        GROUP BY code, care_form, kind ORDER BY code NULLS LAST, kind, care_form""",
    )
    lines = [
        (
            r["code"] or "–",
            voice.t(f"terms.kind_{r['kind']}"),
            title(CareForm(r["care_form"]), voice.language),
            int(r["n"]),
            r["at_stake"],
        )
        for r in grouped
    ]
    headings = [
        voice.t(f"terms.{name}") for name in ("code", "kind", "care_form", "count", "at_stake")
    ]
    voice.table(voice.t("cli.findings_heading"), headings, lines)


def _tell_kinds_of_care(voice: Voice, connection: Connection, found: str) -> None:
    """Totals count the largest finding of each service (interpretation several_deductions)."""
    forms = page("qor.law.kz.defects", "care_forms.yaml")
    groups = " ".join(
        f"WHEN {literal(form)} THEN {literal(facts['group'])}" for form, facts in forms.items()
    )
    grouped = rows(
        connection,
        f"""SELECT kind_of_care, sum(n) AS n, sum(stake) AS at_stake FROM (
            SELECT CASE care_form {groups} END AS kind_of_care, provider_bin, service_id,
                count(*) AS n, max(proposed_deduction) AS stake
            FROM ({found}) GROUP BY ALL) GROUP BY kind_of_care""",
    )
    by_kind = {row["kind_of_care"]: row for row in grouped}
    order = [
        kind
        for kind in dict.fromkeys(facts["group"] for facts in forms.values())
        if kind in by_kind
    ]
    lines = [
        (
            voice.t(f"terms.group_{kind}"),
            int(by_kind[kind]["n"]),
            by_kind[kind]["at_stake"] or MONEY_ZERO,
        )
        for kind in order
    ]
    total = (
        voice.t("terms.total"),
        sum(line[1] for line in lines),
        sum((line[2] for line in lines), MONEY_ZERO),
    )
    voice.table(
        voice.t("cli.forms_heading"),
        [voice.t(f"terms.{name}") for name in ("care_form", "count", "at_stake")],
        lines,
        total,
    )


def _tell_largest(voice: Voice, connection: Connection, lake: Lake, acts: str) -> None:
    names = {
        row["bin"]: row
        for row in rows(connection, f"SELECT * FROM {parquet(lake.paths('providers'))}")
    }
    sums = ", ".join(f"sum({name}) AS {name}" for name in MONEY)
    largest = rows(
        connection,
        f"""SELECT provider_bin, {sums} FROM ({acts}) GROUP BY provider_bin
        HAVING sum(at_stake) > 0 ORDER BY at_stake DESC, provider_bin LIMIT 10""",
    )
    called = [names.get(row["provider_bin"], {}) for row in largest]
    lines = [
        (
            row["provider_bin"],
            found.get(f"name_{voice.language}"),
            region_title(found.get("region", ""), voice.language),
            *(row[name] for name in MONEY),
        )
        for row, found in zip(largest, called, strict=True)
    ]
    headings = [voice.t(f"terms.{name}") for name in ("provider_bin", "provider", "region", *MONEY)]
    voice.table(voice.t("cli.largest_heading"), headings, lines)


def _act(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    query = (
        f"SELECT * FROM ({findings_of(lake, month(args.month), 'acts')}) WHERE "
        f"{_of_provider(args, lake)} ORDER BY provider_bin, care_form, funding"
    )
    show = ("provider_bin", "care_form", "funding", "rows_received", *MONEY)
    return _give(
        args,
        voice,
        query,
        show,
        {"care_form": _form_title(voice), "funding": _funding_title(voice)},
    )


def _findings(args: argparse.Namespace, voice: Voice) -> int:
    lake = open_lake(args.lake)
    if args.check and args.check not in {check.slug for check in ALL}:
        raise UnknownCheck(check=args.check, known=", ".join(check.slug for check in ALL))
    if args.check and check_named(args.check).kind is Kind.RETURN:
        return _returns(args, voice, lake)
    only = f'AND "check" = {literal(args.check)}' if args.check else ""
    query = f"""SELECT * EXCLUDE (evidence), evidence.seen AS seen, evidence.expected AS expected,
        evidence.other_provider_bin AS other_provider_bin,
        evidence.other_service_id AS other_service_id FROM ({findings_of(lake, month(args.month))})
            WHERE {_of_provider(args, lake)} {only}
        ORDER BY provider_bin, service_id, "check" """
    show = (
        "provider_bin",
        "service_id",
        "check",
        "code",
        "kind",
        "care_form",
        "amount",
        "proposed_deduction",
        "seen",
        "expected",
    )
    return _give(
        args,
        voice,
        query,
        show,
        {"care_form": _form_title(voice), "kind": lambda kind: voice.t(f"terms.kind_{kind}")},
    )


def _returns(args: argparse.Namespace, voice: Voice, lake: Lake) -> int:
    """The rows that go back to their providers for one reason: no findings, but found by a check
    all the same."""
    query = f"""SELECT *, reason AS "check" FROM ({findings_of(lake, month(args.month), "returns")})
        WHERE {_of_provider(args, lake)} AND reason = {literal(args.check)}
            ORDER BY provider_bin, service_id"""
    show = ("provider_bin", "service_id", "check", "care_form", "amount", "seen", "expected")
    return _give(args, voice, query, show, {"care_form": _form_title(voice)})


def _unconfirmed(args: argparse.Namespace, voice: Voice) -> int:
    lake, of = open_lake(args.lake), month(args.month)
    rejected = _rejected(args, voice, of)
    findings_of(lake, of)
    hidden = (
        "iin"
        if args.show_iin
        else (
            "CASE WHEN iin IS NOT NULL THEN substr(iin, 1, 2) || '••••••••' || substr(iin, "
            "11, 2) END"
        )
    )
    with connect() as connection:
        list_unconfirmed_cases(connection, lake, of, rejected)
        query = f"""SELECT number, region, provider_bin, name_{voice.language} AS name, card_no,
            {hidden} AS iin, service_date, amount, service_id, found_on
            FROM unconfirmed_cases WHERE {_of_provider(args, lake)} ORDER BY number"""
        show = (
            "number",
            "region",
            "provider_bin",
            "name",
            "card_no",
            "iin",
            "service_date",
            "amount",
            "service_id",
            "found_on",
        )
        return _give(
            args,
            voice,
            query,
            show,
            {"region": lambda code: region_title(code, voice.language)},
            connection,
        )


def _rejected(args: argparse.Namespace, voice: Voice, of: Month) -> list[tuple[str, str, str]]:
    """The findings of a month that people rejected, from the portal's database; where none is
    named, that is said."""
    if not args.database:
        voice.warning(voice.t("cli.without_decisions"))
        return []
    from qor.interfaces.cli.database import open_portal

    open_portal(args.database, must_exist=True)
    from qor.workflow.disputes.rejected import rejected_findings

    return rejected_findings(of)


def _of_provider(args: argparse.Namespace, lake: Lake) -> str:
    if not args.provider:
        return "TRUE"
    with connect() as connection:
        known = (
            f"SELECT count(*) AS n FROM {parquet(lake.paths('providers'))} WHERE bin = "
            f"{literal(args.provider)}"
        )
        if not one(connection, known)["n"]:
            raise UnknownProvider(bin=args.provider)
    return f"provider_bin = {literal(args.provider)}"


def _form_title(voice: Voice) -> Callable[[str], str]:
    return lambda form: title(CareForm(form), voice.language)


def _funding_title(voice: Voice) -> Callable[[str], str]:
    return lambda funding: voice.t(f"terms.funding_{funding}")


def _give(
    args: argparse.Namespace,
    voice: Voice,
    query: str,
    show: tuple[str, ...],
    shown_as: dict[str, Callable[[str], str]],
    connection: Connection | None = None,
) -> int:
    """Write the rows to the file asked for, or print the first of them."""
    connection = connection or connect()
    if args.out:
        written = export_rows(args, voice, connection, query, lambda name: _heading(voice, name))
        if voice.as_json:
            voice.json({"file": str(args.out), "rows": written})
        else:
            voice.line(voice.t("cli.written", file=args.out, count=written))
        return 0
    if voice.as_json:
        voice.json(rows(connection, query))
        return 0
    first = rows(connection, f"SELECT * FROM ({query}) LIMIT {_SHOWN}")
    count = int(one(connection, f"SELECT count(*) AS n FROM ({query})")["n"])
    lines = [
        [shown_as[c](row[c]) if c in shown_as and row[c] else row[c] for c in show] for row in first
    ]
    voice.table(f"{args.month}", [_heading(voice, column) for column in show], lines)
    if count > len(first):
        voice.line(voice.t("cli.more_rows", count=count - len(first)))
    return 0


def _heading(voice: Voice, column: str) -> str:
    key = f"terms.{column}"
    return voice.t(key) if key in catalogue() else column
