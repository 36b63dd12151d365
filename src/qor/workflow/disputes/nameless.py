"""A reviewer's files without what tells who wrote them: the first reviewer stays hidden (321/2020,
clause 33)."""

from __future__ import annotations

import io
import re
import struct
import zlib

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

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
# Segments of a JPEG that say how the picture lies; all other segments of applications fall out.
_HOW_IT_LIES = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}
_COMMENT, _END, _START_OF_SCAN = 0xFE, 0xD9, 0xDA
_NEXT_SEGMENT = re.compile(rb"\xff(?=[^\x00\xd0-\xd7])", re.DOTALL)


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
        _forget_camera(stored)
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
    _forget_keys(stored)
    for part in list(stored.values()):
        if not isinstance(part, IndirectObject):
            _forget(part)


def _forget_keys(stored: DictionaryObject) -> None:
    if "/ByteRange" in stored or "/Sig" in (stored.get("/Type"), stored.get("/FT")):
        raise ValueError("signed")
    for key in _SAYS_WHO:
        stored.pop(key, None)
    if "/Subtype" in stored and "/Rect" in stored:
        for key in _OF_AN_ANNOTATION:
            stored.pop(key, None)


def _forget_camera(stored: PdfObject | None) -> None:
    """Take camera data out of a photograph inside a PDF; one packed in another way is refused."""
    if not isinstance(stored, StreamObject):
        return
    packed = stored.get("/Filter", [])
    filters = packed if isinstance(packed, list) else [packed]
    if list(filters) == ["/DCTDecode"]:
        stored._data = _jpeg(stored._data)
    elif {"/DCTDecode", "/JPXDecode"} & set(filters):
        raise ValueError("a picture that may tell its author")


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
    """Camera data, comments and other makers' segments fall out, between scans too; nothing stands
    after the picture's end."""
    kept, at = [content[:2]], 2
    while content[at + 1] != _END:
        mark, kind = content[at], content[at + 1]
        if mark != 0xFF:
            raise ValueError("no segment")
        if kind == 0xFF:
            at += 1
            continue
        (size,) = struct.unpack(">H", content[at + 2 : at + 4])
        end = at + 2 + size
        if kind == _START_OF_SCAN:
            end = _end_of_scan(content, end)
        if _is_picture(kind, content[at + 4 : end]):
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, b"\xff\xd9"])


def _end_of_scan(content: bytes, at: int) -> int:
    following = _NEXT_SEGMENT.search(content, at)
    if following is None:
        raise ValueError("no end")
    return following.start()


def _is_picture(kind: int, payload: bytes) -> bool:
    if 0xE0 <= kind <= 0xEF:
        return kind in _HOW_IT_LIES and payload.startswith(_HOW_IT_LIES[kind])
    return kind != _COMMENT
