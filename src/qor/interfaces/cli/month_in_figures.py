"""A month that was run, in figures: rows, acts, findings by code and by kind of care, and where
most is at stake."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qor.engine.results.months import (
    care_form_stakes,
    check_totals,
    code_totals,
    largest_acts,
    month_sums,
)
from qor.engine.results.services import provider_names
from qor.engine.storage.lake import Lake
from qor.interfaces.cli.lake_of_month import refuse_not_run
from qor.interfaces.cli.voice import Voice
from qor.law.nouns.care_forms import CareForm, title
from qor.law.nouns.months import Month
from qor.law.nouns.regions import region_title
from qor.law.pages import page

MONEY = ("received", "returned", "held", "payable", "at_stake")
_NOTHING = Decimal("0.00")
_LARGEST = 10


def month_facts(lake: Lake, of: Month) -> dict[str, Any]:
    """A month in figures: rows, findings by check, acts; amounts in tenge. NotRunYet."""
    refuse_not_run(lake, of, "acts")
    refuse_not_run(lake, of)
    sums = month_sums(lake, of)
    received, rejected = int(sums["rows_received"]), int(sums["rows_rejected"])
    return {
        "rows": {"received": received, "accepted": received - rejected, "rejected": rejected},
        "acts": {name: sums[name] for name in MONEY},
        "findings": check_totals(lake, of),
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
    _tell_findings(voice, lake, of)
    _tell_kinds_of_care(voice, lake, of)
    _tell_largest(voice, lake, of)


def _tell_findings(voice: Voice, lake: Lake, of: Month) -> None:
    lines = [
        (
            r["code"] or "–",
            voice.t(f"terms.kind_{r['kind']}"),
            title(CareForm(r["care_form"]), voice.language),
            int(r["n"]),
            r["at_stake"],
        )
        for r in code_totals(lake, of)
    ]
    headings = [
        voice.t(f"terms.{name}") for name in ("code", "kind", "care_form", "count", "at_stake")
    ]
    voice.table(voice.t("cli.findings_heading"), headings, lines)


def _tell_kinds_of_care(voice: Voice, lake: Lake, of: Month) -> None:
    """Totals count the largest finding of each service (interpretation several_deductions)."""
    forms = page("qor.law.kz.defects", "care_forms.yaml")
    kinds = {form: facts["group"] for form, facts in forms.items()}
    by_kind = {row["kind_of_care"]: row for row in care_form_stakes(lake, of, kinds)}
    lines = [
        (
            voice.t(f"terms.group_{kind}"),
            int(by_kind[kind]["n"]),
            by_kind[kind]["at_stake"] or _NOTHING,
        )
        for kind in dict.fromkeys(kinds.values())
        if kind in by_kind
    ]
    total = (
        voice.t("terms.total"),
        sum(line[1] for line in lines),
        sum((line[2] for line in lines), _NOTHING),
    )
    voice.table(
        voice.t("cli.forms_heading"),
        [voice.t(f"terms.{name}") for name in ("care_form", "count", "at_stake")],
        lines,
        total,
    )


def _tell_largest(voice: Voice, lake: Lake, of: Month) -> None:
    providers = {row["bin"]: row for row in provider_names(lake)}
    largest = largest_acts(lake, of, _LARGEST)
    called = [providers.get(row["provider_bin"], {}) for row in largest]
    lines = [
        (
            row["provider_bin"],
            names.get(f"name_{voice.language}"),
            region_title(names.get("region", ""), voice.language),
            *(row[name] for name in MONEY),
        )
        for row, names in zip(largest, called, strict=True)
    ]
    headings = [voice.t(f"terms.{name}") for name in ("provider_bin", "provider", "region", *MONEY)]
    voice.table(voice.t("cli.largest_heading"), headings, lines)
