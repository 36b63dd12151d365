"""DOCX and XLSX judged by what their parts are: content types, relationships, fields and formulas,
never by the names of parts."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from html import unescape
from urllib.parse import urlsplit
from xml.parsers import expat

from qor.workflow.disputes.unpacking import MOST_UNPACKED, UnpacksTooMuch

_MOST_PARTS = 5_000
_TYPES, _RELATIONSHIPS = "[Content_Types].xml", ".rels"
_MAIN = "/officeDocument"
# Content types of parts without XML: pictures, fonts, a printer's settings, a signature's mark.
_BINARY = re.compile(
    r"image/[\w.+-]+|application/x-font-?\w+|application/vnd\.openxmlformats-officedocument\."
    r"(obfuscatedFont|spreadsheetml\.printerSettings|wordprocessingml\.printerSettings)"
    r"|application/vnd\.openxmlformats-package\.digital-signature-origin"
)
_XML = re.compile(
    r"application/(vnd\.(openxmlformats-|ms-)[\w.-]+\+)?xml|image/svg\+xml"
    r"|application/vnd\.openxmlformats-officedocument\.vmlDrawing"
)
_ACTIVE_TYPE = re.compile(
    r"macro|vba|activex|ole|customui|externallink|connections|querytable|volatile|dialogsheet"
    r"|webextension|attachedtoolbars|binary",
    re.IGNORECASE,
)
_ACTIVE_RELATION = re.compile(
    r"(vba\w*|\w*macro\w*|activex\w*|oleobject|package|control|externallink\w*|attachedtemplate"
    r"|afchunk|subdocument|frame|connections|querytable|mailmerge\w*|extensibility|\w*toolbars"
    r"|webextension\w*|\w*customui)",
    re.IGNORECASE,
)
_LINK_SCHEMES = {"", "http", "https", "mailto", "tel"}
_FOREIGN_HEADS = (b"\xd0\xcf\x11\xe0", b"MZ", b"PK\x03\x04", b"\x7fELF", b"%PDF", b"Rar!")
_ENCODING = re.compile(rb"""encoding\s*=\s*["'](?!utf-8|us-ascii)""", re.IGNORECASE)
_TO_END = rb"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*>"""
_FIELD = re.compile(rb"<(?:[\w.-]+:)?(fldChar|instrText|delInstrText)\b" + _TO_END + rb"([^<]*)")
_SIMPLE_FIELD = re.compile(rb"""\binstr\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_BROKEN_UP = re.compile(rb"<!\[CDATA\[|<!--|<\?")
_CALLING_FIELDS = re.compile(
    r"^\s*(DDE|DDEAUTO|INCLUDE\w*|IMPORT|LINK|EMBED|CONTROL|HTMLACTIVEX|DATABASE|MACROBUTTON|RD)\b",
    re.IGNORECASE | re.MULTILINE,
)
_FORMULA = re.compile(
    rb"<(?:[\w.-]+:)?(?:f|formula[12]?|definedName|calculatedColumnFormula|totalsRowFormula)"
    rb"(?=[\s>])" + _TO_END + rb"([^<]+)"
)
_CALLING_FORMULA = re.compile(
    r"\b(WEBSERVICE|RTD|CALL|REGISTER(\.ID)?|EXEC|IMAGE|SQL\.REQUEST|DDE\w*)\s*\("
    r"|\|[^|!]*!"  # cmd|'/c calc'!A0
    r"|\[[^\[\]]+\][\w.]*!"  # [1]Sheet!A1
    r"|\[[^\[\]]+\][^'\[\]]*'!",  # '[Book.xlsx]A sheet'!A1
    re.IGNORECASE,
)


_QUOTED = re.compile(r'"[^"]*"')
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    expat.ExpatError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
)


class NoDocument(Exception):
    """A ZIP that is neither DOCX nor XLSX, or a damaged or locked one."""


class CallsOut(Exception):
    """A link, field or formula fetches or starts something outside the document."""


class HoldsCode(Exception):
    """Macros, objects or parts that nobody declared."""


def main_type(content: bytes) -> str:
    """Return the content type of an Office document's main part, after every part was looked at.
    NoDocument, UnpacksTooMuch, CallsOut, HoldsCode."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_entries(archive.infolist())
            types = _content_types(archive)
            for name in archive.namelist():
                if not name.endswith("/") and name != _TYPES:
                    _check_part(name, _type_of(name, types), archive)
            return _main_of(archive, types)
    except _DAMAGED as wrong:
        raise NoDocument from wrong


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Entries twice, leading out of the document, locked, too many or too large."""
    names = [entry.orig_filename for entry in entries]
    if _TYPES not in names or any(entry.flag_bits & 1 for entry in entries):
        raise NoDocument
    if len(names) > _MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnpacksTooMuch
    if len({name.casefold() for name in names}) < len(names):
        raise HoldsCode
    if any(_leads_out(name) for name in names):
        raise HoldsCode


def _leads_out(name: str) -> bool:
    return name.startswith("/") or bool(set(name) & set("\\:\0")) or ".." in name.split("/")


def _content_types(archive: zipfile.ZipFile) -> dict[str, str]:
    """Content types by `/part` and `.ending`, in lower case."""
    return {
        (each.get("PartName") or f".{each.get('Extension')}").lower(): each["ContentType"]
        for each in _elements(archive.read(_TYPES))
        if "ContentType" in each
    }


def _type_of(name: str, types: dict[str, str]) -> str:
    """HoldsCode for a part that is not declared."""
    lower = name.lower()
    declared = types.get(f"/{lower}") or types.get(f".{lower.rpartition('.')[2]}")
    if not declared:
        raise HoldsCode
    return declared


def _check_part(name: str, declared: str, archive: zipfile.ZipFile) -> None:
    if _ACTIVE_TYPE.search(declared.rpartition("/")[2]):
        raise CallsOut if "external" in declared.lower() else HoldsCode
    content = archive.read(name)
    if _XML.fullmatch(declared):
        _check_xml(name, _xml(content))
    elif not _BINARY.fullmatch(declared) or content.startswith(_FOREIGN_HEADS):
        raise HoldsCode


def _elements(content: bytes) -> list[dict[str, str]]:
    """The attributes of each element of a small part."""
    attributes: list[dict[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, given: attributes.append(given)
    parser.Parse(_xml(content), True)
    return attributes


def _xml(content: bytes) -> bytes:
    """The bytes of an XML part in UTF-8 without definitions of its own. HoldsCode."""
    if b"<!DOCTYPE" in content or b"\0" in content or _ENCODING.search(content[:200]):
        raise HoldsCode
    return content


def _check_xml(name: str, content: bytes) -> None:
    if name.lower().endswith(_RELATIONSHIPS):
        _check_relationships(content)
    fields, formulas = b"instr" in content.lower(), _FORMULA.search(content)
    if (fields or formulas) and _BROKEN_UP.search(content, 2):
        raise HoldsCode
    if b"mailMerge" in content or (fields and _CALLING_FIELDS.search(_fields(content))):
        raise CallsOut
    if formulas and any(map(_calls, set(_FORMULA.findall(content)))):
        raise CallsOut


def _calls(formula: bytes) -> bool:
    """Whether a formula, texts in it left out, reaches outside its workbook."""
    written = unescape(formula.decode("utf-8", "replace"))
    return _CALLING_FORMULA.search(_QUOTED.sub('""', written)) is not None


def _fields(content: bytes) -> str:
    """The instructions of all fields, one a line; pieces of one field are joined."""
    pieces = [b"\n" if tag == b"fldChar" else text for tag, text in _FIELD.findall(content)]
    simple = [double or single for double, single in _SIMPLE_FIELD.findall(content)]
    return unescape(b"\n".join([b"".join(pieces), *simple]).decode("utf-8", "replace"))


def _check_relationships(content: bytes) -> None:
    for each in _elements(content):
        kind = each.get("Type", "").rpartition("/")[2]
        outside = each.get("TargetMode", "").lower() == "external"
        if _ACTIVE_RELATION.fullmatch(kind):
            raise CallsOut if outside or "external" in kind.lower() else HoldsCode
        if outside and (kind != "hyperlink" or _scheme(each.get("Target", "")) is None):
            raise CallsOut


def _scheme(target: str) -> str | None:
    """The scheme of a link that a reader may follow by hand, else None."""
    try:
        scheme = urlsplit(target.strip()).scheme.lower()
    except ValueError:
        return None
    elsewhere = target.strip().replace("\\", "/").startswith("//")
    return scheme if scheme in _LINK_SCHEMES and not elsewhere else None


def _main_of(archive: zipfile.ZipFile, types: dict[str, str]) -> str:
    """The content type of the part that the package names as its document. NoDocument."""
    for each in _elements(archive.read("_rels/.rels")):
        if each.get("Type", "").endswith(_MAIN):
            main = each.get("Target", "").lstrip("/")
            archive.getinfo(main)
            return _type_of(main, types)
    raise NoDocument
