"""The handbook of checks, written from the checks themselves, with a finding and a look-alike of
each from the simulated country."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qor.engine.checks.catalogue import ALL
from qor.engine.checks.check import Check, Kind
from qor.engine.checks.proposed_deduction import forms_of
from qor.engine.simulate.examples import Example, examples
from qor.law.nouns.care_forms import CareForm
from qor.law.reading.defects import ACT
from qor.law.reading.diagnoses import diagnosis_group, group_titles
from qor.law.reading.figures import history
from qor.law.reading.regulations import editions


def pages() -> dict[str, str]:
    """File name -> Markdown: one page a check, and an index."""
    shown = examples()
    of_checks = {f"{check.slug}.md": _page(check, *shown[check.slug]) for check in ALL}
    return of_checks | {"README.md": _index()}


def write_handbook(folder: Path) -> None:
    """Write the handbook into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


def _index() -> str:
    lines = [
        f"| [{c.slug}]({c.slug}.md) | {c.code or '–'} | {c.kind.value} | {c.says.en} |" for c in ALL
    ]
    head = [
        "# Handbook of checks",
        "",
        "Written by `./qor checks --handbook docs/handbook`; a test holds that it is up to date.",
        "",
    ]
    return "\n".join([*head, "| check | code | kind | finds |", "|---|---|---|---|", *lines]) + "\n"


def _page(check: Check, finding: Example, look_alike: Example) -> str:
    parts = [
        f"# {check.slug}",
        "",
        f"- kk: {check.says.kk}",
        f"- ru: {check.says.ru}",
        f"- en: {check.says.en}",
        "",
        *_facts(check),
    ]
    silent = [f"- kk: {s.kk}\n- ru: {s.ru}\n- en: {s.en}\n" for s in check.stays_silent]
    text = "\n".join(line.removeprefix("        ") for line in check.sql.strip("\n").splitlines())
    shown = [
        "## Found",
        "",
        *_example(finding),
        "",
        f"Seen: {finding.seen or '–'}; expected: {finding.expected or '–'}.",
    ]
    shown += ["", "## Not found", "", *_example(look_alike), ""]
    return "\n".join(
        [
            *parts,
            "",
            "## Stays silent",
            "",
            *silent,
            *shown,
            "## The check",
            "",
            "```sql",
            text,
            "```",
            "",
        ]
    )


_SHOWN = (
    "care_form",
    "setting",
    "identity_kind",
    "service_code",
    "group_code",
    "icd10_main",
    "started_at",
    "ended_at",
    "registered_at",
    "admission",
    "outcome",
    "quantity",
    "amount",
    "performer_id",
)


def _example(example: Example) -> list[str]:
    """A service of the simulated country as a table of the columns that are filled; its scene in
    words."""
    filled = [
        (column, example.row[column]) for column in _SHOWN if example.row[column] not in (None, [])
    ]
    head = "| " + " | ".join(column for column, _ in filled) + " |"
    return [
        f"*{example.scene}*",
        "",
        head,
        "|---" * len(filled) + "|",
        "| " + " | ".join(str(v) for _, v in filled) + " |",
    ]


def _facts(check: Check) -> list[str]:
    cites = "; ".join(str(cite) for cite in check.cites)
    others = "".join(f", {form.value}: {code}" for form, code in check.code_by_form)
    others += "".join(f", from order {order}: {code}" for order, code in check.code_by_order)
    lines = [
        f"| code | {check.code or '–'}{others} |",
        f"| kind | {check.kind.value} |",
        f"| source | {cites} |",
    ]
    lines += [f"| needs | {', '.join(check.needs)} |"] if check.needs else []
    lines += [f"| {name} | {_values(name)} |" for name in check.figures]
    lines += [f"| diagnoses | {_blocks(name)} |" for name in check.diagnoses]
    lines += [
        f"| {edition.order}, from {edition.in_force_on} | {_forms(check, edition.in_force_on)} |"
        for edition in editions(ACT)
    ]
    return ["| | |", "|---|---|", *lines]


def _values(name: str) -> str:
    return "; ".join(
        f"{value.value} {value.unit} from {value.valid_from} ({value.status}; {value.cites[0]})"
        for value in history(name)
    )


def _blocks(name: str) -> str:
    group = diagnosis_group(name)
    blocks = ", ".join(f"{first}–{last}" for first, last in group.blocks)
    return f"{group_titles(name)['en']}: {blocks} ({group.cites[0]})"


def _forms(check: Check, on: date) -> str:
    forms = forms_of(check, on)
    if forms and (check.kind is Kind.RETURN or check.all_forms):
        return "all care forms"
    if not forms:
        return "not in force"
    missing = [form.value for form in CareForm if form not in forms]
    return "all care forms" if not missing else ", ".join(form.value for form in forms)
