"""Drawings and pictures inside a PDF without what was written into them unseen: comments,
descriptions, camera data, bytes behind the end."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Any

from pypdf.filters import decode_stream_data
from pypdf.generic import (
    ArrayObject,
    ContentStream,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
    StreamObject,
)

from qor.workflow.disputes.pictures import jpeg_alone

_MARKED = re.compile(rb"/[\w#.+-]+\s*(<<\s*/MCID\s+\d+\s*>>|/[\w#.+-]+)\s*BDC\b")
_UNSEEN = re.compile(rb"%|\bBI\b|\bDP\b|\bMP\b")
_JPEG, _FLATE, _FAX = "/DCTDecode", "/FlateDecode", "/CCITTFaxDecode"
_NOT_LOOKED_INTO = {"/JPXDecode", "/JBIG2Decode", "/Crypt"}
_PIECE = 1 << 20


def drawing_alone(data: bytes) -> bytes:
    """Return what a drawing draws, without comments and without descriptions of its parts.
    ValueError: a photograph stands in its middle."""
    described = data.count(b"BDC") - len(_MARKED.findall(data))
    if not described and not _UNSEEN.search(data):
        return data
    stream = ContentStream(_stream_of(data), None)
    stream.operations = [
        (operands, operator)
        for written in stream.operations
        for operands, operator in _operation(*written)
    ]
    return stream.get_data()


def _operation(operands: Any, operator: bytes) -> list[tuple[Any, bytes]]:
    if operator == b"INLINE IMAGE":
        if "DCT" in str(operands["settings"]):
            raise ValueError("a photograph in a drawing")
        return [({**operands, "data": operands["data"] + b"\n"}, operator)]
    if operator in {b"MP", b"DP"}:
        return []
    if operator == b"BDC" and isinstance(operands[1], DictionaryObject):
        return [([operands[0]], b"BMC")]
    return [(operands, operator)]


def picture_alone(stored: StreamObject, spend: Callable[[int], None]) -> StreamObject:
    """Return a picture's bytes without camera data or bytes behind their end; `spend` is called
    with the number of bytes unpacked. ValueError: a kind that is not looked into."""
    names = [str(each) for each in _list(stored, "/Filter")]
    if {"/DCT", "/Fl", "/CCF"} & set(names) or _NOT_LOOKED_INTO & set(names):
        raise ValueError("a picture that may tell its author")
    new = StreamObject()
    if names and names[-1] in {_JPEG, _FAX}:
        data, last = _before_last(stored, names, spend), names[-1]
        new.set_data(jpeg_alone(data) if last == _JPEG else data)
    elif names == [_FLATE]:
        new.set_data(_without_rest(stored._data, spend))
        last = _FLATE
    else:
        data, last = stored.get_data(), _FLATE
        spend(len(data))
        new.set_data(zlib.compress(data, 1))
    new[NameObject("/Filter")] = NameObject(last)
    if last == _FAX or names == [_FLATE]:
        _keep_parameters(new, stored)
    return new


def _before_last(stored: StreamObject, names: list[str], spend: Callable[[int], None]) -> bytes:
    """The bytes as the last of several packings left them."""
    if len(names) == 1:
        return stored._data
    outer = StreamObject()
    outer.set_data(stored._data)
    outer[NameObject("/Filter")] = ArrayObject(map(NameObject, names[:-1]))
    parameters = _list(stored, "/DecodeParms")[: len(names) - 1]
    parameters += [DictionaryObject()] * (len(names) - 1 - len(parameters))
    outer[NameObject("/DecodeParms")] = ArrayObject(parameters)
    data = decode_stream_data(outer)
    spend(len(data))
    return data


def _without_rest(data: bytes, spend: Callable[[int], None]) -> bytes:
    """Packed bytes up to their end."""
    unpack = zlib.decompressobj()
    waiting = data
    while waiting and not unpack.eof:
        spend(len(unpack.decompress(waiting, _PIECE)))
        waiting = unpack.unconsumed_tail
    if not unpack.eof:
        raise ValueError("cut")
    return data[: len(data) - len(unpack.unused_data)]


def _keep_parameters(new: StreamObject, stored: StreamObject) -> None:
    """Numbers that say how to unpack."""
    for each in _list(stored, "/DecodeParms")[-1:]:
        if isinstance(each, DictionaryObject):
            numbers = {key: each[key] for key in each if isinstance(each[key], (int, float))}
            booleans = {key: each[key] for key in each if str(each[key]) in {"True", "False"}}
            new[NameObject("/DecodeParms")] = DictionaryObject({**numbers, **booleans})


def _list(stored: StreamObject, key: str) -> list[PdfObject]:
    """The value of a key, of one or several, each by itself and not by reference."""
    value = stored.get(key, NullObject())
    parts = list.__iter__(value) if isinstance(value, ArrayObject) else [value]
    meant = [each.get_object() if isinstance(each, IndirectObject) else each for each in parts]
    return [each for each in meant if each is not None and not isinstance(each, NullObject)]


def _stream_of(data: bytes) -> StreamObject:
    stream = StreamObject()
    stream.set_data(data)
    return stream
