"""DOCX and XLSX beside a step, judged by content types, relationships, fields and formulas."""

from __future__ import annotations

import io
import warnings
import zipfile

import pytest

from qor.law.nouns.refusals import Refusal
from qor.workflow.disputes.file_kinds import (
    FileCallsOut,
    FileCanRun,
    FileUnpacksTooMuch,
    KindNotTaken,
    NameAndContentDiffer,
    kind_of,
)

OPEN = "application/vnd.openxmlformats-officedocument."
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORD = f"{OPEN}wordprocessingml.document.main+xml"
BOOK = f"{OPEN}spreadsheetml.sheet.main+xml"
RELS = "application/vnd.openxmlformats-package.relationships+xml"


def relations(*each: str) -> str:
    """The part of relationships: `kind target [mode]`."""
    lines = []
    for n, one in enumerate(each):
        kind, target, *mode = one.split()
        outside = f' TargetMode="{mode[0]}"' if mode else ""
        lines.append(f'<Relationship Id="r{n}" Type="{kind}" Target="{target}"{outside}/>')
    return f"<Relationships>{''.join(lines)}</Relationships>"


def a_document(
    *parts: tuple[str, str, str | bytes], main: str = WORD, body: str = "<w:p/>", more: str = ""
) -> bytes:
    """A document; `parts`: further ones with name, content type (none: not declared), content."""
    place = "word/document.xml" if "word" in main else "xl/workbook.xml"
    everything: list[tuple[str, str, str | bytes]] = [
        ("_rels/.rels", "", relations(f"{RELATIONS}officeDocument {place}")),
        (place, main, f"<d>{body}</d>"),
        *([("word/_rels/document.xml.rels", "", more)] if more else []),
        *parts,
    ]
    declared = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, kind, _ in everything
        if kind
    )
    types = f'<Types><Default Extension="rels" ContentType="{RELS}"/>{declared}</Types>'
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        archive.writestr("[Content_Types].xml", types)
        for name, _, content in everything:
            archive.writestr(name, content)
    return out.getvalue()


def a_sheet(formula: str) -> tuple[str, str, str]:
    """A worksheet with one formula."""
    cells = f'<s:c r="A1"><s:f t="a>b">{formula}</s:f><s:v>1</s:v></s:c>'
    return "xl/worksheets/sheet1.xml", f"{OPEN}spreadsheetml.worksheet+xml", f"<s>{cells}</s>"


def a_field(*pieces: str) -> str:
    """A field of Word, its instruction in several pieces."""
    runs = "".join(f'<w:r><w:instrText xml:space="p">{each}</w:instrText></w:r>' for each in pieces)
    return f'<w:fldChar w:fldCharType="begin"/>{runs}<w:fldChar w:fldCharType="end"/>'


def in_a_book(formula: str) -> bytes:
    """A workbook with one formula."""
    return a_document(a_sheet(formula), main=BOOK)


VBA = "application/vnd.ms-office.vbaProject"
SIGNED = "application/vnd.openxmlformats-package.digital-signature-origin"
DRAWING = f"{OPEN}vmlDrawing"
PICTURE = ("word/media/a.bin", "image/png", b"\x89PNG")


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (a_document(("word/a.xml", VBA, b"x")), FileCanRun),
        (a_document(main="application/vnd.ms-word.document.macroEnabled.main+xml"), FileCanRun),
        (a_document(("word/a.png", f"{OPEN}oleObject", b"x")), FileCanRun),
        (a_document(("word/a.xml", "application/vnd.ms-office.activeX+xml", "<a/>")), FileCanRun),
        (a_document(("word/media/a.png", "image/png", b"\xd0\xcf\x11\xe0x")), FileCanRun),
        (a_document(("word/media/a.png", "image/png", b"MZx")), FileCanRun),
        (a_document(("word/a.txt", "text/plain", b"x")), FileCanRun),
        (a_document(("word/a.exe", "", b"x")), FileCanRun),
        (a_document(PICTURE, PICTURE), FileCanRun),
        (a_document(PICTURE, ("word/Media/a.bin", "image/png", b"x")), FileCanRun),
        (a_document(("../a.xml", "application/xml", "<a/>")), FileCanRun),
        (a_document(("/a.xml", "application/xml", "<a/>")), FileCanRun),
        (a_document(body="<!DOCTYPE a>"), FileCanRun),
        (a_document(body="<w:instrText><![CDATA[DDE]]></w:instrText>"), FileCanRun),
        (a_document(body="<w:instrText>DD<?x?>E</w:instrText>"), FileCanRun),
        (a_document(more=relations(f"{RELATIONS}oleObject a.bin")), FileCanRun),
        (a_document(more=relations(f"{RELATIONS}aFChunk a.htm")), FileCanRun),
        (a_document(more=relations(f"{RELATIONS}attachedTemplate http://x/a.dotm External")), None),
        (a_document(more=relations(f"{RELATIONS}image http://x/a.png External")), None),
        (a_document(more=relations(f"{RELATIONS}image http://x/a.png external")), None),
        (a_document(more=relations(f"{RELATIONS}hyperlink file://x/a External")), None),
        (a_document(more=relations(f"{RELATIONS}hyperlink //host/a External")), None),
        (a_document(body=a_field("DDEAUTO c:\\\\cmd.exe")), None),
        (a_document(body=a_field(" DD", "E c")), None),
        (a_document(body=a_field(" &#68;DE c")), None),
        (a_document(body=a_field("INCLUDEPICTURE &quot;http://x&quot;")), None),
        (a_document(body=a_field(" IncludeText a")), None),
        (a_document(body='<w:fldSimple w:instr=" INCLUDETEXT a"/>'), None),
        (a_document(body="<w:mailMerge/>"), None),
        (in_a_book("cmd|'/c calc'!A0"), None),
        (in_a_book('_xlfn.WEBSERVICE("http://x")'), None),
        (in_a_book("&#87;EBSERVICE(A1)"), None),
        (in_a_book("[1]Sheet1!A1"), None),
        (in_a_book("'[Book 2.xlsx]A sheet'!A1+1"), None),
        (in_a_book("RTD(1,2)"), None),
        (
            a_document(("xl/a.xml", f"{OPEN}spreadsheetml.externalLink+xml", "<a/>"), main=BOOK),
            None,
        ),
    ],
)
def test_what_acts_or_calls_out_is_refused(content: bytes, refused: type[Refusal] | None) -> None:
    """Whatever the part is called; none: it calls out."""
    name = "a.xlsx" if b"xl/workbook" in content else "a.docx"
    with pytest.raises(refused or FileCallsOut):
        kind_of(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", a_document(PICTURE, body=a_field(" PAGE \\* MERGEFORMAT"))),
        ("a.docx", a_document(body=a_field('HYPERLINK "https://x.kz/link"'))),
        ("a.docx", a_document(more=relations(f"{RELATIONS}hyperlink https://x.kz/a External"))),
        ("a.docx", a_document(("a.sigs", SIGNED, b""), ("word/a.vml", DRAWING, "<xml/>"))),
        ("a.xlsx", in_a_book("SUM(A1:A3)+IF(B1=&quot;|&quot;,Sheet2!A1,Table1[Sum])")),
        ("a.xlsx", in_a_book("'Лист 2'!A1-T[A]-'B'!C1")),
    ],
)
def test_a_plain_document_is_taken(name: str, content: bytes) -> None:
    """Page numbers, links that a reader follows by hand, sums, other sheets, tables."""
    assert kind_of(name, content).startswith("application/vnd.openxmlformats")


def test_the_kind_is_that_of_the_main_part() -> None:
    """Not that of a part's name; a template and an archive with the right names are none."""
    with pytest.raises(NameAndContentDiffer):
        kind_of("a.docx", a_document(main=BOOK))
    with pytest.raises(KindNotTaken):
        kind_of("a.docx", a_document(main=f"{OPEN}wordprocessingml.template.main+xml"))


@pytest.mark.parametrize("size", [65 << 20, 150 << 20])
def test_a_bomb_is_refused_before_it_unpacks(size: int) -> None:
    """One part of 65 MiB and of 150 MiB: neither is unpacked whole."""
    content = a_document(("word/a.xml", "application/xml", bytes(size)))
    with pytest.raises(FileUnpacksTooMuch):
        kind_of("a.docx", content)


def test_a_large_plain_sheet_is_taken() -> None:
    """Below the limit a document is read to its end."""
    name, kind, _ = a_sheet("")
    rows = "<c><f>SUM(A1:A2)</f><v>1</v></c>" * 300_000
    assert kind_of("a.xlsx", a_document((name, kind, f"<s>{rows}</s>"), main=BOOK))
