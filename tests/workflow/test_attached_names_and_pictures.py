"""Names that look like another file, and what stands in a picture beside the picture."""

from __future__ import annotations

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.workflow.people import World
from tests.workflow.test_attachments import AUTHOR, a_jpeg, a_png

from qor.interfaces.messages import refusal_text
from qor.workflow.disputes.file_kinds import BytesAfterPicture
from qor.workflow.disputes.files import FileNameUnclear, look_at
from qor.workflow.disputes.nameless import AuthorNotRemovable

WHO = AUTHOR.encode()


@pytest.mark.parametrize(
    "sign", list("\u202e\u2066\u200f\u200b\u200d\ufeff\u00ad\u3164\ufe0f\x07\n")
)
def test_a_name_that_turns_or_hides_is_refused(world: World, sign: str) -> None:
    """The refusal itself holds no such sign; it names the file by its number."""
    files = [SimpleUploadedFile("a.png", a_png())]
    wrong = SimpleUploadedFile("b.png", a_png())
    vars(wrong)["_name"] = (
        f"act{sign}gnp.png"  # what a browser sends, whatever is cleaned on the way
    )
    with pytest.raises(FileNameUnclear) as refused:
        look_at([*files, wrong], by=world.providers["71"])
    assert refused.value.facts == {"number": 2}


@pytest.mark.parametrize("name", ["Акт № 5 (копия).png", "Ұйғарым_қ.png", "й\u0306.png", "a b.png"])
def test_an_ordinary_name_is_taken(world: World, name: str) -> None:
    """Kazakh and Russian letters, marks, blanks."""
    (received,) = look_at([SimpleUploadedFile(name, a_png())], by=world.providers["71"])
    assert received.name == name


@pytest.mark.parametrize(("name", "content"), [("a.png", a_png()), ("a.jpg", a_jpeg())])
def test_after_a_providers_picture_only_padding_stands(
    world: World, name: str, content: bytes
) -> None:
    """Zeros and line ends are padding; all else is refused, in words."""
    padded = content + b"\0\0\r\n"
    (received,) = look_at([SimpleUploadedFile(name, padded)], by=world.providers["71"])
    assert received.content == padded
    for more in (b"<script>", content, b"\0" * 9 + b"x"):
        with pytest.raises(BytesAfterPicture):
            look_at([SimpleUploadedFile(name, content + more)], by=world.providers["71"])


def a_chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def a_segment(kind: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, kind]) + struct.pack(">H", len(data) + 2) + data


END = a_chunk(b"IEND", b"")
PACKED = zlib.compress(b"\0\xff\0\0")
ROWS = a_chunk(b"IDAT", PACKED)
HEAD, REST = a_jpeg()[:2], a_jpeg()[2:]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", a_png().replace(END, a_chunk(b"prVt", WHO) + END)),
        ("a.png", a_png().replace(END, a_chunk(b"iCCP", WHO) + END)),
        ("a.jpg", HEAD + a_segment(0xF0, WHO) + REST),
        ("a.jpg", HEAD + a_segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1" + WHO) + REST),
        ("a.jpg", HEAD + a_segment(0xEE, b"Adobe\0d\0\0\0\0\1" + WHO) + REST),
        ("a.jpg", HEAD + a_segment(0xE2, b"ICC_PROFILE\0" + WHO) + REST),
    ],
)
def test_a_reviewers_picture_is_its_known_parts_only(
    world: World, name: str, content: bytes
) -> None:
    """Unknown chunks and segments, profiles, small pictures, tails of marks (321/2020:33)."""
    (received,) = look_at([SimpleUploadedFile(name, content)], by=world.experts["71"][0])
    assert WHO not in received.content
    assert b"\x12\x34\xff\xd9" in received.content or received.content.endswith(END)


@pytest.mark.parametrize(
    "content",
    [
        a_png().replace(END, a_chunk(b"IEND", WHO)),
        a_png().replace(END, a_chunk(b"gAMA", WHO) + END),
    ],
)
def test_a_known_part_that_is_too_long_is_refused(world: World, content: bytes) -> None:
    """It would hold more than its kind says, rows behind the last among it (321/2020:33)."""
    assert content != a_png()
    with pytest.raises(AuthorNotRemovable):
        look_at([SimpleUploadedFile("a.png", content)], by=world.experts["71"][0])


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_refusals_are_said_in_each_language(language: str) -> None:
    """What is wrong and what to do."""
    assert "2" in refusal_text(FileNameUnclear(number=2), language)
