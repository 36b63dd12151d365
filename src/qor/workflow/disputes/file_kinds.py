"""What kind of file an attachment is: its content and its name must agree; nothing that can run is
taken."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from qor.law.nouns.refusals import Refusal

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ENDINGS = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}
_OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_RUNS = ("vbaproject.bin", "vbadata.xml", "activex", "oleobject", "/embeddings/", "macrosheets/")
_PDF_KEYS, _PDF_ACTIONS = (
    {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA"},
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE"},
)
_MOST_PARTS, _MOST_UNPACKED = 5_000, 200 << 20


class NameAndContentDiffer(Refusal):
    """The name says one kind of file, the content is another."""

    key = "name_and_content_differ"


class FileCanRun(Refusal):
    """The file holds macros, scripts or files inside it, or is locked, so that nobody can tell."""

    key = "file_can_run"


class KindNotTaken(Refusal):
    """Neither PDF, PNG, JPEG, DOCX nor XLSX; archives and formats with macros are not."""

    key = "kind_not_taken"


def kind_of(name: str, content: bytes) -> str:
    """Return the media type of a file by its content. KindNotTaken, NameAndContentDiffer,
    FileCanRun."""
    kind = _by_content(content)
    if not kind:
        raise KindNotTaken(file=name)
    if Path(name).suffix.lower() not in _ENDINGS[kind]:
        raise NameAndContentDiffer(file=name, kind=_ENDINGS[kind][0])
    if kind not in {DOCX, XLSX} and zipfile.is_zipfile(io.BytesIO(content)):
        raise FileCanRun(file=name)
    if (kind == PDF and _pdf_runs(content)) or (kind in {DOCX, XLSX} and _runs(content)):
        raise FileCanRun(file=name)
    return kind


def _by_content(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    return _office(content) if content.startswith(b"PK\x03\x04") else ""


def _office(content: bytes) -> str:
    """The kind of a ZIP that is a document; an archive of anything else has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
            size = sum(part.file_size for part in parts.infolist())
            if (
                len(names) > _MOST_PARTS
                or size > _MOST_UNPACKED
                or "[Content_Types].xml" not in names
            ):
                return ""
            if any(part.flag_bits & 1 for part in parts.infolist()):
                return ""
            return next((kind for main, kind in _OFFICE.items() if main in names), "")
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return ""


def _runs(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if any(mark in f"/{name}".lower() for name in parts.namelist() for mark in _RUNS):
            return True
        try:
            return b"macroEnabled" in parts.read("[Content_Types].xml")
        except (zipfile.BadZipFile, NotImplementedError, EOFError):
            return True


def _pdf_runs(content: bytes) -> bool:
    """Whether a PDF holds scripts, commands or files; one that cannot be read to its end may."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted or not len(reader.pages):
            return True
        for stored in _dictionaries(reader):
            if _PDF_KEYS & set(stored) or stored.get("/S") in _PDF_ACTIONS:
                return True
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
    ):
        return True
    return False


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, those inside others too."""
    numbers = {number for generation in reader.xref.values() for number in generation}
    for number in sorted(numbers | set(reader.xref_objStm)):
        waiting = [reader.get_object(number)]
        while waiting:
            stored = waiting.pop()
            if isinstance(stored, DictionaryObject):
                yield stored
                waiting += stored.values()
            elif isinstance(stored, list):
                waiting += stored
