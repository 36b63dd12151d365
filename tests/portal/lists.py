"""What tests of lists share: the rows of a screen, of a workbook and of a CSV file."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import openpyxl
from django.test import Client

_CELL = re.compile(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def body(answer: Any) -> bytes:
    """The bytes of an answer, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def rows_on_screen(page: str, name: str) -> list[list[str]]:
    """The texts of the cells of a list on its page, headings first, without the marks of the
    order."""
    table = re.search(rf'<table id="list-{name}">(.*?)</table>', page, re.DOTALL)
    if table is None:
        return []
    lines = table[1].split("<tr")[1:]
    return [
        [_words(cell).removesuffix(" ▲").removesuffix(" ▼") for cell in _CELL.findall(line)]
        for line in lines
    ]


def rows_of_csv(answer: Any) -> list[list[str]]:
    """The rows of a CSV file, headings first."""
    text = body(answer).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def rows_of_workbook(answer: Any) -> list[list[Any]]:
    """The rows of a workbook, headings first."""
    sheet = openpyxl.load_workbook(io.BytesIO(body(answer))).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def column_on_screen(client: Client, address: str, name: str, place: int) -> list[str]:
    """One column of the rows that an address shows."""
    return [row[place] for row in rows_on_screen(client.get(address).content.decode(), name)[1:]]


def _words(cell: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", cell)).split())
