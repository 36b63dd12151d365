"""Files beside a step: kind by content and name, nothing that can run, a reviewer's without their
author, closed to others."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from tests.workflow.people import World

from qor.law.nouns.refusals import Refusal
from qor.workflow.disputes.file_kinds import FileCanRun, KindNotTaken, NameAndContentDiffer, kind_of
from qor.workflow.disputes.files import FileNotTaken, look_at
from qor.workflow.disputes.nameless import AuthorNotRemovable

AUTHOR = "Reviewer Serikov"


def a_pdf(change: Callable[[PdfWriter], object] | None = None) -> bytes:
    """A page, with its author in the properties, in XMP and in a note."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": AUTHOR, "/Creator": AUTHOR})
    note = Text(text="look here", rect=(10, 10, 20, 20))
    note[NameObject("/T")] = TextStringObject(AUTHOR)
    writer.add_annotation(page_number=0, annotation=note)
    if change is not None:
        change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def a_png() -> bytes:
    """One pixel, with its author in a text and in camera data."""

    def part(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    author = part(b"tEXt", b"Author\0" + AUTHOR.encode()) + part(b"eXIf", AUTHOR.encode())
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + author
        + part(b"IDAT", zlib.compress(b"\0\xff\0\0"))
        + part(b"IEND", b"")
    )


def a_jpeg() -> bytes:
    """Segments as a camera writes them, with its author in EXIF and in a comment."""

    def segment(kind: int, data: bytes) -> bytes:
        return bytes([0xFF, kind]) + struct.pack(">H", len(data) + 2) + data

    head = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    author = segment(0xE1, b"Exif\0\0" + AUTHOR.encode()) + segment(0xFE, AUTHOR.encode())
    picture = (
        segment(0xDB, b"\0" * 65) + segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\x34" + b"\xff\xd9"
    )
    return b"\xff\xd8" + head + author + picture


def _signed(writer: PdfWriter) -> None:
    """A signature on the page, as a signing program leaves it."""
    field = DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/Rect"): ArrayObject(map(NumberObject, (0, 0, 9, 9))),
            NameObject("/V"): DictionaryObject(
                {NameObject("/Type"): NameObject("/Sig"), NameObject("/Name"): _text(AUTHOR)}
            ),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([field])


def _photographed(packed: str) -> Callable[[PdfWriter], None]:
    """A page with a photograph whose camera data name the author."""

    def change(writer: PdfWriter) -> None:
        photo = StreamObject()
        photo.set_data(a_jpeg())
        names = [NameObject(name) for name in packed.split()]
        photo[NameObject("/Filter")] = names[0] if len(names) == 1 else ArrayObject(names)
        images = DictionaryObject({NameObject("/I"): writer._add_object(photo)})
        resources = DictionaryObject({NameObject("/XObject"): images})
        writer.pages[0][NameObject("/Resources")] = resources

    return change


def _text(text: str) -> TextStringObject:
    return TextStringObject(text)


def a_workbook(**extra: bytes) -> bytes:
    """A workbook with its author; `extra`: further parts."""
    book = openpyxl.Workbook()
    book.properties.creator = AUTHOR
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out, "a") as parts:
        for name, content in extra.items():
            parts.writestr(name, content)
    return out.getvalue()


def a_zip(**parts: bytes) -> bytes:
    """An archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _with_script(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")}
    )
    writer.root_object[NameObject("/OpenAction")] = action


def _with_file(writer: PdfWriter) -> None:
    writer.add_attachment("x.exe", b"MZ")


@pytest.mark.parametrize(
    ("name", "content", "refused"),
    [
        ("a.pdf", a_png(), NameAndContentDiffer),
        ("a.png", a_pdf(), NameAndContentDiffer),
        ("a.exe", a_pdf(), NameAndContentDiffer),
        ("a.pdf.html", a_pdf(), NameAndContentDiffer),
        ("a.docx", a_workbook(), NameAndContentDiffer),
        ("a.zip", a_zip(x=b"y"), KindNotTaken),
        ("a.docx", a_zip(x=b"y"), KindNotTaken),
        ("a.xlsx", a_workbook()[:200], KindNotTaken),
        ("a.rar", b"Rar!\x1a\x07\x00", KindNotTaken),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", KindNotTaken),
        ("a.html", b"<script>", KindNotTaken),
        ("a.svg", b"<svg/>", KindNotTaken),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", KindNotTaken),
        ("a.xlsx", a_workbook(**{"xl/vbaProject.bin": b"x"}), FileCanRun),
        ("a.xlsx", a_workbook(**{"xl/embeddings/oleObject1.bin": b"x"}), FileCanRun),
        ("a.pdf", a_pdf(_with_script), FileCanRun),
        ("a.pdf", a_pdf(_with_file), FileCanRun),
        ("a.pdf", a_pdf(lambda writer: writer.encrypt("secret")), FileCanRun),
        ("a.pdf", b"%PDF-1.7\nnothing", FileCanRun),
        ("a.xlsm", a_workbook(), NameAndContentDiffer),
    ],
)
def test_what_is_not_taken(name: str, content: bytes, refused: type[Refusal]) -> None:
    """Archives, macros, scripts, locked and damaged files, and names that lie."""
    with pytest.raises(refused):
        kind_of(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.PDF", a_pdf()), ("a.png", a_png()), ("a.jpeg", a_jpeg()), ("a.xlsx", a_workbook())],
)
def test_a_providers_evidence_keeps_its_bytes(world: World, name: str, content: bytes) -> None:
    """Signatures in it stay valid."""
    (attached,) = look_at([SimpleUploadedFile(name, content)], by=world.providers["71"])
    assert (attached.name, attached.content) == (name, content)


@pytest.mark.parametrize(
    ("name", "content"), [("Serikov.pdf", a_pdf()), ("a.png", a_png()), ("a.jpg", a_jpeg())]
)
def test_a_reviewers_file_does_not_tell_its_author(world: World, name: str, content: bytes) -> None:
    """Properties, camera data, texts, names in notes and the file's own name are gone; the picture
    or page stays."""
    assert AUTHOR.encode() in content or AUTHOR in str(PdfReader(io.BytesIO(content)).metadata)
    (attached,) = look_at([SimpleUploadedFile(name, content)], by=world.experts["71"][0])
    assert AUTHOR.encode() not in attached.content and "Serikov" not in attached.name
    assert kind_of(attached.name, attached.content) == attached.kind
    if attached.kind == "application/pdf":
        reader = PdfReader(io.BytesIO(attached.content))
        everything = " ".join(str(reader.get_object(number)) for number in sorted(reader.xref[0]))
        assert AUTHOR not in everything and "look here" in everything
        assert len(reader.pages) == 1


_SECOND = a_jpeg()[:-2] + b"\xff\xfe\x00\x12" + AUTHOR.encode() + a_jpeg()[-14:]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", a_jpeg() + AUTHOR.encode()),
        ("a.jpg", a_jpeg() + a_jpeg()),
        ("a.jpg", _SECOND),
        ("a.png", a_png() + AUTHOR.encode()),
        ("a.pdf", a_pdf() + b"\n% " + AUTHOR.encode()),
        ("a.pdf", a_pdf(_photographed("/DCTDecode"))),
    ],
)
def test_nothing_tells_the_author_from_behind(world: World, name: str, content: bytes) -> None:
    """After the end, in a second picture, between two scans, in a photograph inside a document."""
    assert AUTHOR.encode() in content
    (attached,) = look_at([SimpleUploadedFile(name, content)], by=world.experts["71"][0])
    assert AUTHOR.encode() not in attached.content
    assert (b"\x12\x34\xff" in attached.content) == (b"\x12\x34\xff" in content)


@pytest.mark.parametrize(
    "content", [a_pdf(_signed), a_pdf(_photographed("/ASCIIHexDecode /DCTDecode"))]
)
def test_a_reviewers_signature_is_refused_a_providers_stays(world: World, content: bytes) -> None:
    """A signature is a name; so may be a photograph packed twice. A provider's stays as it is."""
    with pytest.raises(AuthorNotRemovable):
        look_at([SimpleUploadedFile("a.pdf", content)], by=world.experts["71"][0])
    (attached,) = look_at([SimpleUploadedFile("a.pdf", content)], by=world.providers["71"])
    assert attached.content == content


def test_what_cannot_lose_its_author_is_refused(world: World) -> None:
    """A workbook of a reviewer: to be saved as PDF; a damaged picture too."""
    for name, content in (
        ("a.xlsx", a_workbook()),
        ("a.png", a_png()[:60]),
        ("a.jpg", a_jpeg()[:30]),
    ):
        with pytest.raises(AuthorNotRemovable):
            look_at([SimpleUploadedFile(name, content)], by=world.office)


def test_too_many_or_too_large(world: World) -> None:
    """Named by the first that is one too many."""
    with pytest.raises(FileNotTaken):
        look_at([SimpleUploadedFile("a.png", a_png())] * 11, by=world.office)
    with pytest.raises(FileNotTaken):
        look_at([SimpleUploadedFile("a.png", a_png() + b"x" * (11 << 20))], by=world.office)


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", a_pdf()), ("a.png", a_png()), ("a.jpg", a_jpeg())]
)
def test_an_archive_after_the_end_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileCanRun):
        kind_of(name, content + a_zip(x=b"MZ"))


@pytest.mark.parametrize("action", ["/SubmitForm", "/ImportData", "/Rendition", "/GoToE"])
def test_a_pdf_that_acts_is_refused(action: str) -> None:
    def acts(writer: PdfWriter) -> None:
        stored = DictionaryObject({NameObject("/S"): NameObject(action)})
        writer.root_object[NameObject("/OpenAction")] = stored

    with pytest.raises(FileCanRun):
        kind_of("a.pdf", a_pdf(acts))
