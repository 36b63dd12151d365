"""What kind of file an attachment is: its content and its name must agree; nothing that can run is
taken."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from qor.law.nouns.refusals import Refusal
from qor.workflow.disputes.office_parts import CallsOut, HoldsCode, NoDocument, main_type
from qor.workflow.disputes.pdf_objects import pdf_acts
from qor.workflow.disputes.pictures import something_after_jpeg, something_after_png
from qor.workflow.disputes.unpacking import MOST_UNPACKED, UnpacksTooMuch

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
_OFFICE = {f"{DOCX}.main+xml": DOCX, f"{XLSX}.main+xml": XLSX}
_ENDS = {PNG: something_after_png, JPEG: something_after_jpeg}


class NameAndContentDiffer(Refusal):
    """The name says one kind of file, the content is another."""

    key = "name_and_content_differ"


class FileCanRun(Refusal):
    """The file holds macros, scripts or files inside it, or is locked, so that nobody can tell."""

    key = "file_can_run"


class KindNotTaken(Refusal):
    """Neither PDF, PNG, JPEG, DOCX nor XLSX; archives and formats with macros are not."""

    key = "kind_not_taken"


class FileCallsOut(Refusal):
    """A link, field or formula of the document fetches something from outside."""

    key = "file_calls_out"


class FileUnpacksTooMuch(Refusal):
    """What is packed in the file is too large, or of too many parts, to be looked at."""

    key = "file_unpacks_too_much"


class BytesAfterPicture(Refusal):
    """Something stands in the file after the picture's end."""

    key = "bytes_after_picture"


def kind_of(name: str, content: bytes) -> str:
    """Return the media type of a file by its content. KindNotTaken, NameAndContentDiffer,
    FileCanRun, FileCallsOut, FileUnpacksTooMuch."""
    try:
        kind = _by_content(content)
        if not kind:
            raise KindNotTaken(file=name)
        if Path(name).suffix.lower() not in _ENDINGS[kind]:
            raise NameAndContentDiffer(file=name, kind=_ENDINGS[kind][0])
        if kind not in {DOCX, XLSX} and zipfile.is_zipfile(io.BytesIO(content)):
            raise FileCanRun(file=name)
        if kind == PDF and pdf_acts(content):
            raise FileCanRun(file=name)
    except CallsOut:
        raise FileCallsOut(file=name) from None
    except HoldsCode:
        raise FileCanRun(file=name) from None
    except UnpacksTooMuch:
        raise FileUnpacksTooMuch(file=name, most=MOST_UNPACKED >> 20) from None
    return kind


def check_end(name: str, kind: str, content: bytes) -> None:
    """BytesAfterPicture when more than padding follows a picture's end."""
    if kind in _ENDS and _ENDS[kind](content):
        raise BytesAfterPicture(file=name)


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
        return _OFFICE.get(main_type(content), "")
    except NoDocument:
        return ""
