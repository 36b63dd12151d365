"""A reviewer's files without what tells who wrote them: the first reviewer stays hidden (321/2020,
clause 33)."""

from __future__ import annotations

import struct
import zlib

from qor.law.nouns.citations import Citation
from qor.law.nouns.refusals import Refusal
from qor.workflow.disputes.file_kinds import JPEG, PDF, PNG
from qor.workflow.disputes.pdf_anew import pdf_anew
from qor.workflow.disputes.pdf_objects import BROKEN
from qor.workflow.disputes.pictures import jpeg_alone, png_alone
from qor.workflow.disputes.unpacking import UnpacksTooMuch

_REMOVERS = {PDF: pdf_anew, PNG: png_alone, JPEG: jpeg_alone}


class AuthorNotRemovable(Refusal):
    """The file would tell the reviewer's name, and it cannot be taken out of this kind of file."""

    key = "author_not_removable"


def without_author(name: str, kind: str, content: bytes) -> bytes:
    """Return the file without data about its author. AuthorNotRemovable. Sources: 321/2020:33."""
    if kind in _REMOVERS:
        try:
            return _REMOVERS[kind](content)
        except (*BROKEN, UnpacksTooMuch, struct.error, zlib.error):
            pass
    raise AuthorNotRemovable(file=name, cites=(Citation("321/2020", "33"),))
