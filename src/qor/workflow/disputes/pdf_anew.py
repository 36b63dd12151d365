"""A PDF written anew from what its pages reach and show; whatever else it held is not copied."""

from __future__ import annotations

import io
import zlib

from pypdf import apply_configuration
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from qor.workflow.disputes.pdf_drawings import drawing_alone, picture_alone
from qor.workflow.disputes.pdf_objects import LIMITS, PdfObjects
from qor.workflow.disputes.pdf_shapes import ANNOTATIONS, DRAWINGS, SHAPES
from qor.workflow.disputes.unpacking import MOST_UNPACKED, UnpacksTooMuch

_MOST_PAGES = 2_000
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_DEVICE = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_PLAIN = (NameObject, NumberObject, BooleanObject, NullObject, float)


def pdf_anew(content: bytes) -> bytes:
    """Return the document's pages written anew; what names its author has no place in them.

    ValueError and the library's errors: it cannot be written so. UnpacksTooMuch.
    """
    with apply_configuration(LIMITS):
        return _Copy(PdfObjects(content)).document()


class _Copy:
    """The objects of the new document, each written once."""

    def __init__(self, objects: PdfObjects) -> None:
        self._objects = objects
        self._new: list[PdfObject] = []
        self._numbers: dict[tuple[int, str], IndirectObject] = {}
        self._left = MOST_UNPACKED

    def document(self) -> bytes:
        """The whole file."""
        root = self._dictionary(self._objects.catalog)
        catalog, pages = DictionaryObject(), DictionaryObject()
        catalog_at, pages_at = self._add(catalog), self._add(pages)
        kids = ArrayObject()
        for page in self._pages(root.raw_get("/Pages"), {}, 0):
            new = self._shape(page, "page")
            new[NameObject("/Parent")] = pages_at
            new[NameObject("/Contents")] = self._add(self._contents(page))
            kids.append(self._add(new))
        if not kids:
            raise ValueError("no page")
        pages.update(_named(Type=NameObject("/Pages"), Kids=kids, Count=NumberObject(len(kids))))
        catalog.update(_named(Type=NameObject("/Catalog"), Pages=pages_at))
        if "/OCProperties" in root:
            layers = self._copy(root.raw_get("/OCProperties"), "layering")
            catalog[NameObject("/OCProperties")] = layers
        return self._written(catalog_at)

    def _pages(
        self, node: PdfObject, above: dict[str, PdfObject], depth: int
    ) -> list[DictionaryObject]:
        """The pages below a node, with what they inherit."""
        each = self._dictionary(node)
        if depth > 50:
            raise ValueError("too deep")
        passed = above | {key: each.raw_get(key) for key in _INHERITED if key in each}
        if "/Kids" not in each:
            page = DictionaryObject({NameObject(key): value for key, value in passed.items()})
            page.update({key: each.raw_get(key) for key in each})
            return [page]
        below: list[DictionaryObject] = []
        for kid in self._list(each.raw_get("/Kids")):
            below += self._pages(kid, passed, depth + 1)
            if len(below) > _MOST_PAGES:
                raise UnpacksTooMuch
        return below

    def _contents(self, page: DictionaryObject) -> StreamObject:
        """All drawings of a page as one."""
        stored = self._meant(page.raw_get("/Contents")) if "/Contents" in page else ArrayObject()
        parts = self._list(stored) if isinstance(stored, ArrayObject) else [stored]
        data = [self._unpacked(part) for part in map(self._meant, parts)]
        return _stream(drawing_alone(b"\n".join(data)))

    def _copy(self, value: PdfObject, kind: str) -> PdfObject:
        """A value as its kind allows; what its kind does not know becomes nothing."""
        if not isinstance(value, IndirectObject):
            return self._of_kind(value, kind)
        known = self._numbers.get((value.idnum, kind))
        if known is None:
            meant = self._meant(value)
            known = self._add(NullObject())
            self._numbers[value.idnum, kind] = known
            self._new[known.idnum - 1] = self._of_kind(meant, kind)
        return known

    def _of_kind(self, value: PdfObject, kind: str) -> PdfObject:
        value = self._meant(value)
        special = getattr(self, f"_as_{kind}", None)
        if special is not None:
            copied: PdfObject = special(value)
            return copied
        if kind[0] == "[":
            return self._each(value, kind[1:-1])
        if kind[0] == "{":
            by_name = self._dictionary(value)
            return DictionaryObject(
                {key: self._copy(by_name.raw_get(key), kind[1:-1]) for key in by_name}
            )
        if not isinstance(value, DictionaryObject):
            return self._as_plain(value)
        return self._shape(value, kind)

    def _each(self, value: PdfObject, kind: str) -> ArrayObject:
        copied = [self._copy(part, kind) for part in self._list(value)]
        return ArrayObject(part for part in copied if not isinstance(part, NullObject))

    def _shape(self, stored: DictionaryObject, kind: str) -> DictionaryObject:
        """A dictionary with the keys of its kind only; its bytes, if it has some, packed anew."""
        if "/ByteRange" in stored or "/Sig" in (self._at(stored, "/Type"), self._at(stored, "/FT")):
            raise ValueError("signed")
        new: DictionaryObject = DictionaryObject()
        if isinstance(stored, StreamObject):
            data = self._unpacked(stored) if kind != "image" else b""
            new = _stream(drawing_alone(data) if kind in DRAWINGS else data)
            if kind == "image":
                new = picture_alone(stored, self._spend)
        for key, inner in SHAPES[kind].items():
            if key in stored:
                new[NameObject(key)] = self._copy(stored.raw_get(key), inner)
        return new

    def _as_plain(self, value: PdfObject) -> PdfObject:
        if isinstance(value, ArrayObject):
            return ArrayObject(self._as_plain(self._meant(part)) for part in self._list(value))
        return value if isinstance(value, _PLAIN) else NullObject()

    def _as_text(self, value: PdfObject) -> PdfObject:
        return value if isinstance(value, (TextStringObject, bytes)) else NullObject()

    def _as_xobject(self, value: PdfObject) -> PdfObject:
        stored = self._dictionary(value)
        return self._shape(stored, "form" if self._at(stored, "/Subtype") == "/Form" else "image")

    def _as_look(self, value: PdfObject) -> PdfObject:
        if isinstance(value, StreamObject):
            return self._shape(value, "form")
        return self._of_kind(value, "{form}")

    def _as_mask(self, value: PdfObject) -> PdfObject:
        return self._as_plain(value) if isinstance(value, ArrayObject) else self._as_image(value)

    def _as_image(self, value: PdfObject) -> PdfObject:
        return self._shape(value, "image") if isinstance(value, StreamObject) else NullObject()

    def _as_functions(self, value: PdfObject) -> PdfObject:
        return self._of_kind(value, "[function]" if isinstance(value, ArrayObject) else "function")

    def _as_sized(self, value: PdfObject) -> PdfObject:
        font, size = self._list(value)
        return ArrayObject([self._copy(font, "font"), self._copy(size, "plain")])

    def _as_layer(self, value: PdfObject) -> PdfObject:
        stored = self._dictionary(value)
        layer = self._shape(stored, "layer")
        if self._at(stored, "/Type") == "/OCG":
            layer[NameObject("/Name")] = TextStringObject("layer")
        return layer

    def _as_layers(self, value: PdfObject) -> PdfObject:
        return self._of_kind(value, "[layer]" if isinstance(value, ArrayObject) else "layer")

    def _as_annotation(self, value: PdfObject) -> PdfObject:
        stored = self._dictionary(value)
        kind = ANNOTATIONS.get(self._at(stored, "/Subtype"))
        if self._at(stored, "/FT") == "/Sig":
            raise ValueError("signed")
        return self._shape(stored, kind) if kind else NullObject()

    def _as_action(self, value: PdfObject) -> PdfObject:
        stored = self._dictionary(value)
        web = self._at(stored, "/URI").lower().startswith(("http://", "https://"))
        follows = web and self._at(stored, "/S") == "/URI"
        return self._shape(stored, "action") if follows else NullObject()

    def _as_colours(self, value: PdfObject) -> PdfObject:
        """A space of colours; a profile, which names its maker, becomes the device's colours."""
        if not isinstance(value, ArrayObject):
            return self._as_plain(value)
        name, *rest = self._list(value)
        if str(self._meant(name)) == "/ICCBased":
            return NameObject(_DEVICE[int(self._at(self._dictionary(rest[0]), "/N"))])
        kinds = {
            "/Indexed": ("colours", "plain", "table"),
            "/Separation": ("plain", "colours", "function"),
            "/DeviceN": ("plain", "colours", "function"),
            "/Pattern": ("colours",),
        }.get(str(self._meant(name)), ("calibrated",))
        return ArrayObject([self._copy(name, "plain"), *map(self._copy, rest, kinds)])

    def _as_table(self, value: PdfObject) -> PdfObject:
        if isinstance(value, StreamObject):
            return self._shape(value, "data")
        return self._as_text(value)

    def _unpacked(self, stored: PdfObject) -> bytes:
        if not isinstance(stored, StreamObject):
            return b""
        data = stored.get_data()
        self._spend(len(data))
        return data

    def _spend(self, unpacked: int) -> None:
        """UnpacksTooMuch when all that was unpacked is more than may be."""
        self._left -= unpacked
        if self._left < 0:
            raise UnpacksTooMuch

    def _meant(self, value: PdfObject) -> PdfObject:
        if isinstance(value, IndirectObject):
            meant = self._objects.get_object(value)
            return NullObject() if meant is None else meant
        return value

    def _at(self, stored: DictionaryObject, key: str) -> str:
        """The name or text at a key, followed where it is a reference."""
        return str(self._meant(stored.raw_get(key))) if key in stored else ""

    def _dictionary(self, value: PdfObject) -> DictionaryObject:
        meant = self._meant(value)
        return meant if isinstance(meant, DictionaryObject) else DictionaryObject()

    def _list(self, value: PdfObject) -> list[PdfObject]:
        meant = self._meant(value)
        return list(list.__iter__(meant)) if isinstance(meant, ArrayObject) else []

    def _add(self, new: PdfObject) -> IndirectObject:
        self._new.append(new)
        return IndirectObject(len(self._new), 0, self._objects)

    def _written(self, catalog: IndirectObject) -> bytes:
        out, places = io.BytesIO(), []
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        for number, new in enumerate(self._new, 1):
            places.append(out.tell())
            out.write(b"%d 0 obj\n" % number)
            new.write_to_stream(out)
            out.write(b"\nendobj\n")
        table = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        out.writelines(b"%010d 00000 n \n" % place for place in places)
        out.write(b"trailer\n<</Size %d /Root %d 0 R>>\n" % (len(places) + 1, catalog.idnum))
        out.write(b"startxref\n%d\n%%%%EOF\n" % table)
        return out.getvalue()


def _named(**values: PdfObject) -> dict[NameObject, PdfObject]:
    return {NameObject(f"/{key}"): value for key, value in values.items()}


def _stream(data: bytes) -> StreamObject:
    """Bytes packed anew."""
    stream = StreamObject()
    stream.set_data(zlib.compress(data, 1))
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    return stream
