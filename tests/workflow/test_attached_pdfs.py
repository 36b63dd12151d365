"""PDFs beside a step, written by hand: what acts is refused however it is spelt or hidden; a
reviewer's is written anew and names nobody."""

from __future__ import annotations

import io
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader
from tests.workflow.people import World
from tests.workflow.test_attachments import AUTHOR, a_jpeg

from qor.workflow.disputes.file_kinds import FileCanRun, FileUnpacksTooMuch, kind_of
from qor.workflow.disputes.files import look_at
from qor.workflow.disputes.nameless import AuthorNotRemovable

WHO = AUTHOR.encode()


def a_stream(keys: bytes, data: bytes) -> bytes:
    """The body of a stream."""
    return b"<<%s /Length %d>>\nstream\n%s\nendstream" % (keys, len(data), data)


def a_pdf(
    *objects: bytes, catalog: bytes = b"", page: bytes = b"", drawing: bytes = b"0 0 9 9 re f"
) -> bytes:
    """One page; `objects` are numbered from 10."""
    numbered = {
        1: b"<</Type /Catalog /Pages 2 0 R %s>>" % catalog,
        2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        3: b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R %s>>" % page,
        4: a_stream(b"", drawing),
        **dict(enumerate(objects, 10)),
    }
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in numbered.items())
    return b"%%PDF-1.7\n%strailer\n<</Size 99 /Root 1 0 R>>\nstartxref\n0\n%%%%EOF\n" % body


def packed_away(*objects: bytes) -> bytes:
    """An object stream with objects from 50 on."""
    places, body = [], b""
    for number, each in enumerate(objects, 50):
        places.append(b"%d %d" % (number, len(body)))
        body += each + b" "
    head = b" ".join(places) + b" "
    keys = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(objects), len(head))
    return a_stream(keys, zlib.compress(head + body))


NOTE = b"/Annots [<</Type /Annot /Rect [0 0 9 9] %s>>]"


@pytest.mark.parametrize(
    "content",
    [
        a_pdf(page=NOTE % b"/Subtype /RichMedia"),
        a_pdf(page=NOTE % b"/Subtype /Movie"),
        a_pdf(page=NOTE % b"/Subtype /Sound"),
        a_pdf(page=NOTE % b"/Subtype /3D"),
        a_pdf(page=NOTE % b"/Subtype /Screen"),
        a_pdf(page=NOTE % b"/Subtype /FileAttachment"),
        a_pdf(b"/RichMedia", page=NOTE % b"/Subtype 10 0 R"),
        a_pdf(b"/Launch", page=NOTE % b"/Subtype /Link /A <</S 10 0 R /F (cmd.exe)>>"),
        a_pdf(b"<</S 11 0 R>>", b"/SubmitForm", page=NOTE % b"/Subtype /Link /A 10 0 R"),
        a_pdf(page=NOTE % b"/Subtype /Link /A <</S /J#61vaScript /J#53 (x)>>"),
        a_pdf(page=NOTE % b"/Subtype /Link /A <</S /GoToR /F (\\\\host\\x.pdf)>>"),
        a_pdf(packed_away(b"<</S /JavaScript /JS (x)>>")),
        a_pdf(packed_away(b"<</A 1>>", b"/RichMedia")),
        a_pdf(catalog=b"/AA <</WC <</S /Named>>>>"),
        a_pdf(catalog=b"/OpenAction <</S /URI /URI (https://x.kz)>>"),
        a_pdf(b"<</S /Named /N /Print>>", catalog=b"/OpenAction 10 0 R"),
        a_pdf(catalog=b"/AcroForm <</XFA 10 0 R>>"),
        a_pdf(a_stream(b"/Type /EmbeddedFile", b"MZ")),
        a_pdf(a_stream(b"/F (http://x.kz/a)", b"")),
        a_pdf().replace(b"/Size", b"/Encrypt 9 0 R /Size"),
        a_pdf(b"<</S /Launch>>").replace(b"\n10 0 obj", b"\n10%\n0%\nobj"),
        a_pdf(b"<</S /Launch>>").replace(b"\n10 0 obj", b"\n10%%%s\n0 obj" % (b"x" * 999)),
        a_pdf(b"<</S /Launch>>") + b"10 0 obj\n<<>>\nendobj\n",
        b"%PDF-1.7\n1 0 obj\n<</Type /Catalog>>\nendobj\n",
        a_pdf(b"<</A"),
    ],
)
def test_what_acts_is_refused_for_everybody(content: bytes) -> None:
    """By kind, by reference, with escaped names, packed away, in an earlier version, opening."""
    with pytest.raises(FileCanRun):
        kind_of("a.pdf", content)


@pytest.mark.parametrize(
    "content",
    [
        a_pdf(),
        a_pdf(catalog=b"/OpenAction [3 0 R /Fit]"),
        a_pdf(b"<</S /GoTo /D [3 0 R /Fit]>>", catalog=b"/OpenAction 10 0 R"),
        a_pdf(page=NOTE % b"/Subtype /Link /A <</S /URI /URI (https://x.kz)>>"),
        a_pdf(page=b"/Group <</S /Transparency>>"),
        a_pdf(packed_away(b"<</Type /StructElem /S /P>>")),
        a_pdf(drawing=b"(an obj or two) Tj"),
    ],
)
def test_a_plain_document_is_taken(world: World, content: bytes) -> None:
    """Its bytes are kept; opening at a place and links of the web are no danger."""
    (received,) = look_at([SimpleUploadedFile("a.pdf", content)], by=world.providers["71"])
    assert received.content == content


@pytest.mark.parametrize(
    "content",
    [
        a_pdf(
            a_stream(
                b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode",
                zlib.compress(b"50 0 " + b" " * (150 << 20)),
            )
        ),
        a_pdf(packed_away(b"[" + b"1 " * 700_000 + b"]")),
        a_pdf().replace(b"trailer", b"11 0 obj <<>> endobj\n" * 100_001 + b"trailer"),
    ],
)
def test_a_bomb_is_refused_before_it_unpacks(content: bytes) -> None:
    """150 MiB of blanks, 700,000 numbers, 100,001 objects: answered before they are all read."""
    with pytest.raises(FileUnpacksTooMuch):
        kind_of("a.pdf", content)


@pytest.mark.parametrize("more", [b"1%", b"1 ", b"1 1 ", b"1 0 obj<<", b"obj ", b"/A[", b"(("])
def test_a_tangle_is_answered(more: bytes) -> None:
    """Ten mebibytes of half an object."""
    with pytest.raises((FileCanRun, FileUnpacksTooMuch)):
        kind_of("a.pdf", b"%PDF-1.7\n1 0 obj\n" + more * ((10 << 20) // len(more)))


PHOTO = b"/Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
A_BOMB = zlib.compress(bytes(65 << 20))
SHOWN = b"/Resources <</XObject <</I 10 0 R>>>>"


@pytest.mark.parametrize(
    "content",
    [
        a_pdf(a_stream(b"/Type /Metadata /Subtype /XML", WHO)),
        a_pdf(catalog=b"/Metadata 10 0 R /PTEX.Fullbanner (%s)" % WHO),
        a_pdf(page=b"/PieceInfo <</X <</Private (%s)>>>>" % WHO),
        a_pdf(page=b"/Resources <</ProcSet [/PDF] /PTEX.InfoDict <</A (%s)>>>>" % WHO),
        a_pdf(page=NOTE % (b"/Subtype /Text /Contents (look) /T (%s)" % WHO)),
        a_pdf(page=b"/Annots [<</Subtype /Highlight /T (%s) /RC (%s)>>]" % (WHO, WHO)),
        a_pdf(page=NOTE % (b"/Subtype /Popup /T (%s)" % WHO)),
        a_pdf(page=NOTE % (b"/Subtype /Link /A <</S /URI /URI (mailto:%s)>>" % WHO)),
        a_pdf(
            b"<</Type /OCG /Name (%s) /Usage <</CreatorInfo <</Creator (%s)>>>>>>" % (WHO, WHO),
            catalog=b"/OCProperties <</OCGs [10 0 R] /D <</ON [10 0 R] /Creator (%s)>>>>" % WHO,
            page=b"/Resources <</Properties <</L 10 0 R>>>>",
        ),
        a_pdf().replace(b"/Size", b"/Info <</Author (%s)>> /ID [(%s) ()] /Size" % (WHO, WHO)),
        a_pdf(drawing=b"%% by %s\n0 0 9 9 re f" % WHO),
        a_pdf(drawing=b"/Span <</Alt (%s)>> BDC 0 0 9 9 re f EMC" % WHO),
        a_pdf(a_stream(b"/Subtype 11 0 R", b"%" + WHO), b"/Form", page=SHOWN),
        a_pdf(a_stream(PHOTO + b"/Filter /DCTDecode", a_jpeg()), page=SHOWN),
        a_pdf(a_stream(PHOTO + b"/Filter 11 0 R", a_jpeg()), b"/DCTDecode", page=SHOWN),
        a_pdf(a_stream(PHOTO + b"/Filter [11 0 R]", a_jpeg()), b"/DCTDecode", page=SHOWN),
        a_pdf(
            a_stream(PHOTO + b"/Filter [/FlateDecode /DCTDecode]", zlib.compress(a_jpeg(), 0)),
            page=SHOWN,
        ),
        a_pdf(a_stream(PHOTO + b"/Filter /FlateDecode", zlib.compress(b"123") + WHO), page=SHOWN),
        a_pdf(a_stream(PHOTO + b"/Metadata 11 0 R", b"123"), a_stream(b"", WHO), page=SHOWN),
        a_pdf() + a_pdf(a_stream(b"", WHO)),
    ],
)
def test_a_reviewers_document_names_nobody(world: World, content: bytes) -> None:
    """Properties, XMP, other programs' data, layers, notes, comments, photographs, earlier
    versions: what no page shows is not copied; the page stays (321/2020:33)."""
    assert WHO in content
    (received,) = look_at([SimpleUploadedFile("a.pdf", content)], by=world.experts["71"][0])
    unpacked = received.content + b"".join(_streams(received.content))
    assert WHO not in unpacked and b"Serikov" not in unpacked
    assert b"0 0 9 9 re" in unpacked and b"/MediaBox" in unpacked
    assert kind_of(received.name, received.content) == "application/pdf"


def _streams(content: bytes) -> list[bytes]:
    """What is packed in a file."""
    unpacked = []
    for after in content.split(b"stream\n")[1::2]:
        try:
            unpacked.append(zlib.decompress(after.split(b"\nendstream")[0]))
        except zlib.error:
            unpacked.append(after)
    return unpacked


@pytest.mark.parametrize(
    "content",
    [
        a_pdf(a_stream(PHOTO + b"/Filter /DCT", a_jpeg()), page=SHOWN),
        a_pdf(a_stream(PHOTO + b"/Filter 11 0 R", a_jpeg()), b"/JPXDecode", page=SHOWN),
        a_pdf(page=NOTE % b"/Subtype /Widget /FT /Sig /V <</Type /Sig /Name (x)>>"),
        a_pdf(drawing=b"BI /W 1 /H 1 /F /DCT ID " + a_jpeg() + b" EI"),
        a_pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
        a_pdf(a_stream(PHOTO + b"/Filter /FlateDecode", A_BOMB), page=SHOWN),
    ],
)
def test_what_cannot_be_written_anew_is_refused(world: World, content: bytes) -> None:
    """Kinds of photographs that are not looked into, signatures, a ring of pages, a bomb."""
    with pytest.raises(AuthorNotRemovable):
        look_at([SimpleUploadedFile("a.pdf", content)], by=world.experts["71"][0])


def test_what_a_page_shows_stays(world: World) -> None:
    """Drawings, fonts, colours, pictures, small drawings in the middle, links of the web."""
    font = b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 12 0 R>>"
    profile = b"[/Indexed [/ICCBased 13 0 R] 1 (abcdef)]"
    content = a_pdf(
        a_stream(PHOTO.replace(b"/DeviceRGB", profile) + b"/SMask 14 0 R", b"123"),
        font,
        a_stream(b"", b"begincmap"),
        a_stream(b"/N 3", WHO),
        a_stream(PHOTO, b"\7"),
        drawing=b"% seen\n/F 9 Tf (50%) Tj /I Do BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q",
        page=b"/Resources <</XObject <</I 10 0 R>> /Font <</F 11 0 R>>>>"
        + NOTE % b"/Subtype /Link /A <</S /URI /URI (https://x.kz)>>",
    )
    (received,) = look_at([SimpleUploadedFile("a.pdf", content)], by=world.experts["71"][0])
    shown = b" ".join([received.content, *_streams(received.content)])
    assert b"123" in shown and b"begincmap" in shown
    annotations = PdfReader(io.BytesIO(received.content)).pages[0].annotations
    assert annotations and annotations[0].get_object()["/A"]["/URI"] == "https://x.kz"
    assert b"/Indexed /DeviceRGB 1 (abcdef)" in shown and b"/BaseFont /Helvetica" in shown
    assert b"(50\\045) Tj" in shown and b"/I Do" in shown and b"ID x\nEI" in shown
    assert WHO not in shown and b"seen" not in shown


def test_inherited_pages_and_several_drawings_stay(world: World) -> None:
    """What a page has from above it, and drawings in several parts."""
    content = a_pdf(a_stream(b"", b"1 1 2 2 re"), a_stream(b"", b"3 3 4 4 re"))
    content = content.replace(b"/Contents 4 0 R", b"/Contents [10 0 R 11 0 R]")
    content = content.replace(b"/Count 1", b"/Count 1 /Rotate 90").replace(b"4 0 obj", b"4 1 obj")
    (received,) = look_at([SimpleUploadedFile("a.pdf", content)], by=world.experts["71"][0])
    assert b"/Rotate 90" in received.content
    assert b"1 1 2 2 re\n3 3 4 4 re" in b" ".join(_streams(received.content))
