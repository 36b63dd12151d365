"""Every object of a PDF wherever it stands in its bytes, and whether any of them acts: scripts,
commands, films, sounds, files inside."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from pypdf import Configuration, apply_configuration
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    StreamParsingBudget,
    read_object,
)

from qor.workflow.disputes.unpacking import UnpacksTooMuch

_BEGINS = re.compile(rb"(?<![a-z])obj|\btrailer\b")
_BLANK = rb"(?:[\0\t\n\f\r ]|%[^\r\n]{0,40}[\r\n])++"
_NUMBER = re.compile(rb"(\d{1,10})" + _BLANK + rb"\d{1,5}" + _BLANK + rb"\Z")
_MOST_BEFORE = 64  # bytes before `obj` in which its number stands
_DICTIONARY_OR_LIST = re.compile(_BLANK[:-2] + rb"*+(<<|\[)")
_MOST_OBJECTS, _MOST_VALUES, _MOST_UNPACKED = 100_000, 300_000, 16 << 20
# What a PDF may do by itself or by a click: go to a place in itself, follow a link of the web.
_ACTIONS = {
    "/GoToR",
    "/GoToE",
    "/GoToDp",
    "/Launch",
    "/Thread",
    "/Sound",
    "/Movie",
    "/Hide",
    "/SubmitForm",
    "/ResetForm",
    "/ImportData",
    "/JavaScript",
    "/SetOCGState",
    "/Rendition",
    "/Trans",
    "/GoTo3DView",
    "/RichMediaExecute",
}
_KINDS = {
    "/RichMedia",
    "/Movie",
    "/Sound",
    "/Screen",
    "/3D",
    "/U3D",
    "/PRC",
    "/FileAttachment",
    "/EmbeddedFile",
    "/Rendition",
    "/MediaClip",
    "/Collection",
    "/PS",
}
_KEYS = {
    "/JS",
    "/JavaScript",
    "/EmbeddedFiles",
    "/EF",
    "/XFA",
    "/AA",
    "/RichMediaContent",
    "/RichMediaSettings",
    "/3DD",
    "/Renditions",
    "/AlternatePresentations",
    "/OPI",
    "/Encrypt",
}
LIMITS = Configuration(
    zlib_maximum_output_length=32 << 20,
    zlib_maximum_recovery_input_length=10_000,
    lzw_maximum_output_length=1 << 20,
    run_length_maximum_output_length=32 << 20,
    stream_parsing_work_maximum_count=300_000,
)
# What the library meets in a file that somebody cut, mixed up or made by hand.
BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    AssertionError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
)


class PdfObjects:
    """All definitions of each number in a PDF's bytes, those of earlier versions and of packed
    objects too; stands in for the library's reader where it resolves a reference."""

    strict = True

    def __init__(self, content: bytes) -> None:
        self._stream = io.BytesIO(content)
        self._places: dict[int, list[int]] = defaultdict(list)
        self._budget = StreamParsingBudget(_MOST_VALUES)
        self._left_to_read, self._left_to_unpack = 2 * len(content) + 1, _MOST_UNPACKED
        starts = [each.span() for each in islice(_BEGINS.finditer(content), _MOST_OBJECTS + 1)]
        if len(starts) > _MOST_OBJECTS:
            raise UnpacksTooMuch
        numbers = [_number_before(content, start) for start, _ in starts]
        for number, (_, end) in zip(numbers, starts, strict=True):
            self._places[number].append(end)
        self.catalog: PdfObject = NullObject()
        self.defined: dict[int, list[PdfObject]] = defaultdict(list)
        for number, (_, end) in zip(numbers, starts, strict=True):
            try:
                self._define(number, end)
            except LimitReachedError:
                raise
            except BROKEN:
                if number >= 0 or _DICTIONARY_OR_LIST.match(content, end):
                    raise  # else a word somewhere

    def get_object(self, reference: IndirectObject) -> PdfObject | None:
        """What the last definition of a number says; of a number not read yet, only a number: a
        stream's length."""
        if reference.idnum in self.defined:
            return self.defined[reference.idnum][-1]
        for place in reversed(self._places.get(reference.idnum, [])[-5:]):
            self._stream.seek(place)
            length = re.match(rb"\s*(\d{1,9})\s*endobj", self._stream.read(40))
            if length:
                return NumberObject(int(length[1]))
        return None

    def _define(self, number: int, place: int) -> None:
        self._stream.seek(place)
        parsed = self._parse(self._stream)
        self.defined[number].append(parsed)
        if isinstance(parsed, DictionaryObject) and "/Root" in parsed:
            self.catalog = parsed.raw_get("/Root")
        if isinstance(parsed, StreamObject):
            self._left_to_read -= len(parsed._data)
            if self._left_to_read < 0:
                raise UnpacksTooMuch
            if parsed.get("/Type") == "/ObjStm" or "/First" in parsed:
                self._unpack(parsed)

    def _unpack(self, packed: StreamObject) -> None:
        content = packed.get_data()
        self._left_to_unpack -= len(content)
        if self._left_to_unpack < 0:
            raise UnpacksTooMuch
        first, stream = int(str(packed["/First"])), io.BytesIO(content)
        numbers = [int(each) for each in content[:first].split()]
        for number, place in zip(numbers[::2], numbers[1::2], strict=True):
            stream.seek(first + place)
            self.defined[number].append(self._parse(stream))

    def _parse(self, stream: io.BytesIO) -> PdfObject:
        self._budget.remaining_budget -= 1
        if self._budget.remaining_budget < 0:
            raise UnpacksTooMuch
        while (after := stream.read(1)) and after in b"\0\t\n\f\r ":
            pass
        stream.seek(-len(after), 1)
        return read_object(stream, self, parsing_budget=self._budget)  # type: ignore[arg-type]


def _number_before(content: bytes, at: int) -> int:
    """The number of the object whose `obj` stands there; -1: none, or spelt in an odd way."""
    number = _NUMBER.search(content[max(0, at - _MOST_BEFORE) : at])
    return int(number[1]) if number else -1


def pdf_acts(content: bytes) -> bool:
    """Whether a PDF holds scripts, commands, films, sounds or files, is locked, or cannot be read
    to its end. UnpacksTooMuch."""
    try:
        with apply_configuration(LIMITS):
            objects = PdfObjects(content)
            everything = [each for several in objects.defined.values() for each in several]
            return not _has_pages(everything) or any(_acts(each, objects) for each in everything)
    except LimitReachedError as wrong:
        raise UnpacksTooMuch from wrong
    except BROKEN:
        return True


def _has_pages(everything: list[PdfObject]) -> bool:
    return any(
        isinstance(each, DictionaryObject) and each.get("/Type") == "/Page" for each in everything
    )


def _acts(stored: PdfObject, objects: PdfObjects) -> bool:
    if isinstance(stored, NameObject):  # alone: a name that another object refers to
        return stored in _ACTIONS | _KINDS
    return any(_dictionary_acts(each, objects) for each in _dictionaries(stored))


def _dictionaries(stored: PdfObject) -> Iterator[DictionaryObject]:
    """A dictionary and all that stand directly in it."""
    waiting = [stored]
    while waiting:
        each = waiting.pop()
        if isinstance(each, DictionaryObject):
            yield each
            waiting += [value for key in each for value in [each.raw_get(key)]]
        elif isinstance(each, ArrayObject):
            waiting += list.__iter__(each)


def _dictionary_acts(stored: DictionaryObject, objects: PdfObjects) -> bool:
    if _KEYS & stored.keys() or (isinstance(stored, StreamObject) and "/F" in stored):
        return True
    if _meant(stored, "/S", objects) & _ACTIONS:
        return True
    if (_meant(stored, "/Subtype", objects) | _meant(stored, "/Type", objects)) & _KINDS:
        return True
    return "/OpenAction" in stored and not _plain_view(stored.raw_get("/OpenAction"), objects)


def _meant(stored: DictionaryObject, key: str, objects: PdfObjects) -> set[str]:
    """The names that a key may mean: by reference, those of every definition of its number."""
    if key not in stored:
        return set()
    return {str(each) for each in _all_meanings(stored.raw_get(key), objects)}


def _all_meanings(value: PdfObject, objects: PdfObjects) -> list[PdfObject]:
    if isinstance(value, IndirectObject):
        return objects.defined.get(value.idnum, [])
    return [value]


def _plain_view(opens: PdfObject, objects: PdfObjects) -> bool:
    """Whether opening shows a place of the document and no more."""
    meanings = _all_meanings(opens, objects)
    return bool(meanings) and all(
        isinstance(each, ArrayObject)
        or (isinstance(each, DictionaryObject) and _meant(each, "/S", objects) == {"/GoTo"})
        for each in meanings
    )
