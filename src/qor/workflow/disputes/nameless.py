"""A reviewer's files without what tells who wrote them: the first reviewer stays hidden (321/2020,
clause 33)."""

from __future__ import annotations

import io
import struct
import zlib

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from qor.law.nouns.citations import Citation
from qor.law.nouns.refusals import Refusal
from qor.workflow.disputes.file_kinds import JPEG, PDF, PNG

_SAYS_WHO = ("/Info", "/Metadata", "/PieceInfo", "/LastModified")
_OF_AN_ANNOTATION = ("/T", "/M", "/CreationDate", "/NM", "/RC")
# Parts of a PNG that are the picture; texts, times and camera data are not.
_PICTURE = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"sBIT",
    b"pHYs",
    b"bKGD",
}
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_JFIF, _ADOBE, _START_OF_SCAN = 0xE0, 0xEE, 0xDA


class AuthorNotRemovable(Refusal):
    """The file would tell the reviewer's name, and it cannot be taken out of this kind of file."""

    key = "author_not_removable"


def without_author(name: str, kind: str, content: bytes) -> bytes:
    """Return the file without data about its author. AuthorNotRemovable. Sources: 321/2020:33."""
    removers = {PDF: _pdf, PNG: _png, JPEG: _jpeg}
    if kind not in removers:
        raise AuthorNotRemovable(file=name, cites=(Citation("321/2020", "33"),))
    try:
        return removers[kind](content)
    except (PyPdfError, ValueError, KeyError, IndexError, struct.error, RecursionError, zlib.error):
        raise AuthorNotRemovable(file=name, cites=(Citation("321/2020", "33"),)) from None


def _pdf(content: bytes) -> bytes:
    """Written anew from its pages: earlier versions, document properties and names in notes are
    gone."""
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise ValueError("encrypted")
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    for stored in list(writer._objects):
        _forget(stored)
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _forget(stored: PdfObject | None) -> None:
    """Take out of an object, and of what stands directly in it, who made it and when."""
    if isinstance(stored, ArrayObject):
        for part in stored:
            if not isinstance(part, IndirectObject):
                _forget(part)
    if not isinstance(stored, DictionaryObject):
        return
    for key in _SAYS_WHO:
        stored.pop(key, None)
    if "/Subtype" in stored and "/Rect" in stored:
        for key in _OF_AN_ANNOTATION:
            stored.pop(key, None)
    for part in list(stored.values()):
        if not isinstance(part, IndirectObject):
            _forget(part)


def _png(content: bytes) -> bytes:
    kept, at = [_PNG_HEAD], len(_PNG_HEAD)
    while at < len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + size
        if end > len(content):
            raise ValueError("cut")
        if name in _PICTURE:
            kept.append(content[at:end])
        at = end
        if name == b"IEND":
            return b"".join(kept)
    raise ValueError("no end")


def _jpeg(content: bytes) -> bytes:
    """Camera data, comments and other makers' segments fall out; how the picture lies (JFIF, Adobe)
    stays."""
    kept, at = [content[:2]], 2
    while True:
        mark, kind = content[at], content[at + 1]
        if mark != 0xFF:
            raise ValueError("no segment")
        if kind == 0xFF:
            at += 1
            continue
        if kind == _START_OF_SCAN:
            end = content.rindex(b"\xff\xd9") + 2
            return b"".join([*kept, content[at:end]])
        (size,) = struct.unpack(">H", content[at + 2 : at + 4])
        is_application = 0xE0 <= kind <= 0xEF or kind == 0xFE
        if not is_application or kind in {_JFIF, _ADOBE}:
            kept.append(content[at : at + 2 + size])
        at += 2 + size
