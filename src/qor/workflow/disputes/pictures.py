"""PNG and JPEG: where a picture ends, and the picture alone, without what was written about it."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from qor.workflow.disputes.unpacking import MOST_UNPACKED, UnpacksTooMuch

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# Chunks of a PNG that are the picture, each with the most bytes it may have; texts, times, profiles
# and camera data are none of them.
_CHUNKS = {
    b"IHDR": 13,
    b"PLTE": 768,
    b"IDAT": 1 << 31,
    b"IEND": 0,
    b"tRNS": 256,
    b"gAMA": 4,
    b"cHRM": 32,
    b"sRGB": 1,
    b"sBIT": 4,
    b"pHYs": 9,
    b"bKGD": 6,
}
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Segments of a JPEG that are the picture: frames, tables, restarts, lines, scans.
_SEGMENTS = {*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD} - {0xC8}
_JFIF, _ADOBE, _END, _START_OF_SCAN = 0xE0, 0xEE, 0xD9, 0xDA
_NEXT_SEGMENT = re.compile(rb"\xff(?=[^\x00\xd0-\xd7])", re.DOTALL)
_PADDING = b"\0\r\n\t "


def png_alone(content: bytes) -> bytes:
    """Return a PNG of its known chunks only, nothing after its end. ValueError, struct.error: it is
    damaged."""
    chunks = [_PNG_HEAD]
    for name, start, end in _png_chunks(content):
        if end - start - 12 > _CHUNKS.get(name, 1 << 32):
            raise ValueError("too long")
        if name in _CHUNKS:
            chunks.append(content[start:end])
    _check_raster(chunks)
    return b"".join(chunks)


def jpeg_alone(content: bytes) -> bytes:
    """Return a JPEG of its known segments only, nothing after its end. ValueError, IndexError,
    struct.error: it is damaged."""
    segments = [
        _segment_alone(kind, content[start:end]) for kind, start, end in _jpeg_segments(content)
    ]
    return b"".join([content[:2], *segments, b"\xff\xd9"])


def something_after_png(content: bytes) -> bool:
    """Whether bytes other than padding follow a PNG's end; False for one that has no end."""
    try:
        *_, (_, _, end) = _png_chunks(content)
    except (ValueError, struct.error):
        return False
    return bool(content[end:].strip(_PADDING))


def something_after_jpeg(content: bytes) -> bool:
    """Whether bytes other than padding follow a JPEG's end; False for one that has no end."""
    try:
        end = max((end for _, _, end in _jpeg_segments(content)), default=2)
    except (ValueError, IndexError, struct.error):
        return False
    return bool(content[content.index(b"\xff\xd9", end) + 2 :].strip(_PADDING))


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, first byte and end of each chunk, IEND the last."""
    at, name = len(_PNG_HEAD), b""
    while name != b"IEND":
        size, name = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + size
        if end > len(content):
            raise ValueError("cut")
        yield name, at, end
        at = end


def _check_raster(chunks: list[bytes]) -> None:
    """ValueError when more is packed in a PNG than its rows, or something stands behind them."""
    wide, high, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[1][8:21])
    row = 1 + (wide * depth * _SAMPLES[colour] + 7) // 8
    left, unpack = row * high * (2 if interlaced else 1), zlib.decompressobj()
    if left > MOST_UNPACKED:
        raise UnpacksTooMuch
    for chunk in (each[8:-4] for each in chunks if each[4:8] == b"IDAT"):
        left -= len(unpack.decompress(chunk, left + 1))
        if left < 0 or unpack.unconsumed_tail or unpack.unused_data:
            raise ValueError("more than the picture")


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, first byte and end of each segment before the picture's end; a scan ends where the next
    segment begins."""
    at = 2
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
        yield kind, at, end
        at = end
    if content[at] != 0xFF:
        raise ValueError("no end")


def _end_of_scan(content: bytes, at: int) -> int:
    following = _NEXT_SEGMENT.search(content, at)
    if following is None:
        raise ValueError("no end")
    return following.start()


def _segment_alone(kind: int, segment: bytes) -> bytes:
    """A segment as it lies; JFIF without its small picture, Adobe's mark of colours; of others
    nothing."""
    if kind in _SEGMENTS:
        return segment
    if kind == _JFIF and segment[4:9] == b"JFIF\0" and len(segment) >= 18:
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"
    if kind == _ADOBE and segment[4:9] == b"Adobe" and len(segment) >= 16:
        return b"\xff\xee\x00\x0e" + segment[4:16]
    return b""
