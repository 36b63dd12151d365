"""The protocol and the act on paper (PDF) and as a workbook, in Kazakh, Russian or English; the
same rows in each (291/2020:13, 18, 21)."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal

import typst

from qor.interfaces import messages
from qor.interfaces.documents.workbook import workbook
from qor.law.nouns.care_forms import CareForm
from qor.law.nouns.care_forms import title as care_form_title
from qor.workflow.acts.models import ACT_SUMS, LINE_SUMS, Act

_NOT_DISPLAYED = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed')
_CONTROL = re.compile(r"(?<!\\)\\u00([01][0-9a-f])")
_FAR, _MOST_SIGNS = (
    0x2E80,
    60,
)  # beyond the alphabets that the fonts hold; how many others one paper may have
# The paper's shape; what it says comes as data, so nothing that a person typed can be read as
# markup.
_SHAPE = """
#let d = json(bytes(sys.inputs.paper))
#set page(paper: "a4", flipped: true, margin: 15mm, numbering: "1 / 1")
#set text(size: 9pt, lang: d.lang)
#align(center)[#text(size: 13pt, weight: "bold")[#d.title]]
#grid(columns: (auto, 1fr), column-gutter: 8pt, row-gutter: 5pt,
  ..d.facts.map(f => (text(weight: "bold")[#f.at(0)], [#f.at(1)])).flatten())
#v(6pt)
#table(columns: (auto,) * d.head.len(), align: (x, y) => if x < 3 { left } else { right },
  inset: 4pt, stroke: 0.4pt,
  table.header(..d.head.map(h => text(weight: "bold", size: 8pt)[#h])),
  ..d.rows.flatten().map(c => [#c]))
#v(6pt)
#table(columns: (auto, auto), align: (left, right), inset: 4pt, stroke: 0.4pt,
  ..d.sums.flatten().map(c => [#c]))
#v(18pt)
#grid(columns: (1fr, 1fr), column-gutter: 30pt,
  ..d.signs.map(s => [#s #box(width: 1fr, line(length: 100%, stroke: 0.4pt))]))
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as rows of text: title, facts, head and rows of the table, sums, who signs."""

    title: str
    facts: list[tuple[str, str]]
    head: list[str]
    rows: list[list[str]]
    figures: list[list[Decimal]]
    sums: list[tuple[str, Decimal]]
    signs: list[str]


def paper_of(act: Act, kind: str, language: str) -> Paper:
    """The `register`, `protocol` or `act` of a month as rows; a register tells only what was
    claimed. Sources: 291/2020:16, 18, 21."""
    lines, columns = (
        list(act.lines.order_by("service_month", "care_form", "funding", "kind")),
        LINE_SUMS,
    )
    if kind == "register":
        lines, columns = (
            [line for line in lines if line.service_month == act.closing.month],
            LINE_SUMS[:1],
        )
    head = [
        messages.text(f"terms.{name}", language)
        for name in ("month", "care_form", "funding", "services", *columns)
    ]
    rows = [
        [
            line.service_month,
            _form(line.care_form, language, line.kind),
            _funding(line.funding, language),
            messages.count(line.services),
        ]
        for line in lines
    ]
    figures = [[Decimal(getattr(line, name)) for name in columns] for line in lines]
    facts = [
        (
            messages.text("terms.provider", language),
            f"{act.provider.called(language)}, {act.provider.bin}",
        ),
        (messages.text("terms.contract_no", language), act.contract_no or "–"),
        (messages.text("terms.month", language), act.closing.month),
        (messages.text("terms.version", language), str(act.version)),
    ]
    facts += [
        (messages.text("terms.co_executor", language), named)
        for named in co_executors_of(act, language)
    ]
    sums = [
        (messages.text(f"terms.{name}", language), Decimal(getattr(act, name)))
        for name in (ACT_SUMS[:1] if kind == "register" else ACT_SUMS)
    ]
    signs = [
        messages.text("portal.signs_fund", language),
        messages.text("portal.signs_provider", language),
    ]
    return Paper(
        messages.text(f"portal.paper_{kind}", language), facts, head, rows, figures, sums, signs
    )


def co_executors_of(act: Act, language: str) -> list[str]:
    """Each co-executor of the act in a sentence: who, by which contract, how many services, its
    share, what is due within its limit.

    Sources: 291/2020:33, 291/2020:37.
    """
    return [
        messages.text(
            "portal.co_executor" if each.co_contract_no else "portal.co_executor_without_contract",
            language,
            bin=each.subcontract_bin,
            contract=each.co_contract_no,
            form=_form(each.care_form, language),
            services=messages.count(each.services),
            accepted=messages.money(each.accepted),
            share=each.share,
            due=messages.money(each.due),
            most=messages.money(each.most) if each.most is not None else "–",
            above=messages.money(each.above),
        )
        for each in act.co_executions.order_by("subcontract_bin", "care_form")
    ]


def as_pdf(paper: Paper, language: str) -> bytes:
    """The document as PDF/A: Typst, with its own fonts, which hold every Kazakh letter."""
    inputs = {
        "lang": language,
        "title": paper.title,
        "facts": paper.facts,
        "head": paper.head,
        "rows": [
            [*row, *map(messages.money, figures)]
            for row, figures in zip(paper.rows, paper.figures, strict=True)
        ],
        "sums": [(name, messages.money(amount)) for name, amount in paper.sums],
        "signs": paper.signs,
    }
    return _compiled(json.dumps(inputs, ensure_ascii=False))


def _compiled(inside: str) -> bytes:
    """The paper; a sign that no font of ours has is printed as its number, [U+4E2D], so that
    nothing is lost."""
    inside = _CONTROL.sub(r"[U+00\1]", inside)
    for _ in range(_MOST_SIGNS):
        try:
            return typst.compile(
                _SHAPE.encode(),
                sys_inputs={"paper": inside},
                ignore_system_fonts=True,
                pdf_standards="a-2b",
            )
        except typst.TypstError as error:
            if (missing := _NOT_DISPLAYED.search(str(error))) is None:
                raise
            text = _sign(missing["text"])
            inside = "".join(
                f"[U+{ord(sign):04X}]" if sign in text or ord(sign) >= _FAR else sign
                for sign in inside
            )
    raise AssertionError("a paper that no font can print")


def _sign(shown: str) -> str:
    """The text that Typst shows between quotes, its escapes read."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), shown)


def as_workbook(paper: Paper) -> bytes:
    """The document as an XLSX workbook: text as text, sums as numbers with two decimals."""
    out = io.BytesIO()
    with workbook(out) as sheet:
        sheet.heads([paper.title])
        for fact in paper.facts:
            sheet.add(fact)
        sheet.skip()
        sheet.heads(paper.head)
        for row, figures in zip(paper.rows, paper.figures, strict=True):
            sheet.add([*row, *figures])
        sheet.skip()
        for line in paper.sums:
            sheet.add(line)
    return out.getvalue()


def _form(form: str, language: str, kind: str = "") -> str:
    named = (
        care_form_title(CareForm(form), language)
        if form
        else messages.text("terms.unread_rows", language)
    )
    return f"{named}: {messages.text(f'line_kinds.{kind}', language)}" if kind else named


def _funding(funding: str, language: str) -> str:
    return messages.text(f"terms.funding_{funding}", language) if funding else "–"
