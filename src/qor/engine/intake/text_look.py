"""A first pass over the bytes of a text file: encoding, line ends, quotes, long lines; what is
damaged is refused at its line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qor.engine.intake.refusals import (
    DamagedText,
    LineTooLong,
    MixedLineEnds,
    NulByte,
    WrongEncoding,
)
from qor.engine.intake.signs import unusual_bytes

_CHUNK = 1 << 20
_WINDOW = 1 << 13
MOST_LINE = 1 << 20
_BOM = codecs.BOM_UTF8
_LETTERS = "".join(chr(code) for code in range(0x410, 0x450)) + "ЁёӘәҒғҚқҢңӨөҰұҮүҺһІі№«»–—"
_OURS = re.compile(b"|".join(re.escape(letter.encode()) for letter in _LETTERS))
_WRONG = re.compile("[\udc80-\udcff]")
_OTHER_THAN_ASCII = re.compile("[^\x00-\x7f]")
_NOT_KAZAKH = re.compile(rb"[\x80\x81\x83\x8a\x8c\x8f\x90\x98\x9a\x9c\x9f]")


@dataclass(frozen=True, slots=True)
class Look:
    """What the bytes of a text say: is it UTF-8 (marked as such?), its line ends by kind, quotes,
    long lines, unusual bytes."""

    utf8: bool
    marked: bool
    line_ends: int
    returns: int
    both: int
    ends_in_one: bool
    quotes: int
    long_lines: bool
    unusual: frozenset[int]


def look_over(path: Path) -> Look:
    """Look a text file over in one pass. Refuses NUL bytes and UTF-16."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, line_ends, returns, both, quotes, first, last = True, 0, 0, 0, 0, b"", b""
    long_lines, unusual = False, frozenset[int]()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            first = first or chunk[:4]
            _refuse_other_texts(path, first, chunk, line_ends)
            both += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            line_ends += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            quotes += chunk.count(b'"')
            long_lines = long_lines or _has_long_line(chunk)
            unusual |= unusual_bytes(
                chunk if len(first) < 3 or not chunk.startswith(_BOM) else chunk[3:]
            )
            last = chunk[-1:]
            utf8 = utf8 and _decodes(decoder, chunk)
    utf8 = utf8 and _decodes(decoder, b"", final=True)
    return Look(
        utf8,
        first.startswith(_BOM),
        line_ends,
        returns,
        both,
        last in (b"\n", b"\r"),
        quotes,
        long_lines,
        unusual,
    )


def readable(path: Path, look: Look, folder: Path) -> tuple[Path, Look]:
    """The file as UTF-8 text with one kind of line end, and its look; a copy in `folder` where it
    was neither.

    Text that is not UTF-8 is read as KZ-1048, which is Windows-1251 with the Kazakh letters.
    Refuses damaged UTF-8, two encodings or two kinds of line end in one file, and letters that
    neither Kazakh nor Russian has, each at its line.
    """
    text = path
    if not look.utf8:
        _refuse_damaged(path, look)
        text = _from_kz1048(path, folder / "utf8.csv")
        look = look_over(text)
    if look.returns and not look.line_ends:
        text = _with_line_feeds(text, folder / "lines.csv")
        look = look_over(text)
    elif look.returns and (look.both < look.returns or look.both < look.line_ends):
        _refuse_mixed_ends(text, path.name)
    return text, look


def refuse_longest(path: Path, called: str) -> None:
    """Refuse a file one of whose lines is longer than any row of a register. LineTooLong, with the
    line."""
    for line, text in _lines(path):
        if len(text) > MOST_LINE:
            raise LineTooLong(file=called, line=line, most=MOST_LINE >> 10)


def cut_wide_lines(path: Path, target: Path, delimiter: bytes, width: int) -> Path:
    """A copy in which lines of far too many cells keep one too many, so that each is one rejected
    line and costs no more."""
    with target.open("wb") as file:
        for _, text in _lines(path):
            if len(text) > _WINDOW and text.count(delimiter) > width:
                cells = delimiter.join(text.split(delimiter, width + 1)[: width + 1])
                text = cells.replace(b'"', b"'") + b"\n"
            file.write(text)
    return target


def _refuse_other_texts(path: Path, first: bytes, chunk: bytes, lines_before: int) -> None:
    if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise WrongEncoding(file=path.name, line=1, found="UTF-16")
    if b"\0" in chunk:
        raise NulByte(
            file=path.name, line=lines_before + chunk[: chunk.index(b"\0")].count(b"\n") + 1
        )


def _has_long_line(chunk: bytes) -> bool:
    starts = range(0, len(chunk) - _WINDOW, _WINDOW)
    return any(chunk.find(b"\n", start, start + _WINDOW) < 0 for start in starts)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_damaged(path: Path, look: Look) -> None:
    """UTF-8 with a fault is not an 8-bit text: where letters of ours stand as UTF-8, or more
    letters than faults of any kind, the line that is otherwise is named."""
    kinds: dict[bool, int] = {}
    fault = surplus = 0
    for line, text in _lines(path):
        if text.isascii():
            continue
        letters = len(_OURS.findall(text))
        decoded = text.decode("utf-8", errors="surrogateescape")
        wrong = len(_WRONG.findall(decoded))
        surplus += len(_OTHER_THAN_ASCII.findall(decoded)) - 2 * wrong
        fault = fault or (line if wrong else 0)
        if letters or wrong:
            kinds.setdefault(letters >= max(wrong, 1), line)
    if look.marked or True in kinds or surplus > 0:
        mixed = len(kinds) > 1 and not look.marked
        raise DamagedText(file=path.name, line=max(kinds.values()) if mixed else fault)


def _from_kz1048(path: Path, target: Path) -> Path:
    line = 1
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as sink:
        while chunk := source.read(_CHUNK):
            foreign = _NOT_KAZAKH.search(chunk)
            if foreign:
                at = line + chunk[: foreign.start()].count(b"\n")
                raise WrongEncoding(file=path.name, line=at, found=f"0x{foreign[0].hex()}")
            sink.write(chunk.decode("kz1048"))
            line += chunk.count(b"\n")
    return target


def _with_line_feeds(path: Path, target: Path) -> Path:
    with path.open("rb") as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            sink.write(chunk.replace(b"\r", b"\n"))
    return target


def _refuse_mixed_ends(path: Path, called: str) -> None:
    """MixedLineEnds at the first record whose end is not that of the first; line ends inside quotes
    belong to their cell."""
    usual, inside = b"", False
    for line, text in _lines(path):
        inside ^= bool(text.count(b'"') % 2)
        body = text.removesuffix(b"\n").removesuffix(b"\r")
        end = text[len(body) :]
        if inside or not end:
            continue
        usual = usual or end
        if end != usual or (b"\r" in body and b'"' not in body):
            raise MixedLineEnds(file=called, line=line)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        yield from enumerate(file, start=1)
