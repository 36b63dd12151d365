"""Requests that nobody meant: every address with strange parts, fields, values and files, drawn by
a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.urls import URLPattern

from qor.interfaces.web.server.urls import urlpatterns

_PORTAL = Path(__file__).resolve().parents[2] / "src/qor/interfaces/web"
_FIELD = re.compile(r"""(?:name="|(?:POST|GET)\.get(?:list)?\("|FILES\.get(?:list)?\(")(\w+)""")
_NUMBERS = [
    "0",
    "1",
    "2",
    "-1",
    "1e9",
    "99999999999999999999",
    "9" * 400,
    "1.5",
    "0x10",
    "١٢",
    " 1",
    "NaN",
    "Infinity",
    "1,000.00",
]
_DAYS = [
    "2026-02-30",
    "2026-03-02",
    "0001-01-01",
    "9999-12-31",
    "02.03.2026",
    "2026-02",
    "2026-13",
    "0000-00",
    "10000-01",
    "2026-W01",
]
_TEXTS = [
    "",
    " ",
    "x",
    "ә" * 300,
    "x" * 20_000,
    "\x00",
    "a\x00b",
    "\ud7ff",
    "😀",
    "\u202e",
    "<script>",
    "'; DROP TABLE x; --",
    "%s%n",
    "{{7*7}}",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "=1+1",
    "null",
    "[]",
    "{}",
    "true",
    "yes",
    "no",
    "object",
    "confirm",
    "agree",
    "paid",
    "csv",
    "xml",
]
_FILES = [
    b"",
    b"\x00" * 50,
    b"%PDF-1.7",
    b"PK\x03\x04" + b"x" * 40,
    b"\x1f\x8b\x08",
    b"PAR1",
    b"a,b\n1,2\n",
    b"{",
    "ә\n".encode("utf-16"),
    b"\xff\xfe",
]
_NAMES = [
    "a.csv",
    "a.xlsx",
    "a.parquet",
    "a.jsonl",
    "a.csv.gz",
    "a.pdf",
    "",
    "..csv",
    "ә.csv",
    "a" * 300 + ".csv",
    "\u202e.exe",
]
_KINDS = [
    "application/json",
    "text/csv",
    "",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "x/y; charset=nothing",
]


@dataclass(frozen=True, slots=True)
class Request:
    """One request: who sends it, how, where to, and with what."""

    who: int
    method: str
    path: str
    fields: dict[str, Any]
    kind: str | None
    headers: dict[str, str]

    def send(self, clients: list[Client]) -> int:
        """Send it; the status of the answer."""
        client = clients[self.who % len(clients)]
        client.raise_request_exception = False
        answer = self._answer(client)
        _let_go(answer)
        status: int = answer.status_code
        return status

    def _answer(self, client: Client) -> Any:
        if self.method == "GET":
            return client.get(self.path, self.fields, headers=self.headers)
        if self.kind is not None:
            body = str(self.fields).encode("utf-8", "replace")
            return client.generic(self.method, self.path, body, self.kind, headers=self.headers)
        return client.post(self.path, self.fields, headers=self.headers)


def _let_go(answer: Any) -> None:
    """Close an answer's files, as a server does, but not the connection of the test's transaction
    (Django's own client takes the receiver away in the same way)."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)


def requests(seed: int, count: int, numbers: list[int]) -> Iterator[Request]:
    """Draw requests. `numbers`: real numbers of cases, acts and orders, drawn as often as strange
    ones."""
    rng = random.Random(seed)
    fields = sorted(_fields())
    patterns = [
        pattern
        for pattern in urlpatterns
        if isinstance(pattern, URLPattern) and "sign-out" not in str(pattern.pattern)
    ]
    for _ in range(count):
        pattern = rng.choice(patterns)
        method = (
            rng.choice(["GET", "POST", "POST", "PUT", "HEAD"])
            if rng.random() < 0.2
            else rng.choice(["GET", "POST"])
        )
        drawn = {rng.choice(fields): _value(rng, numbers) for _ in range(rng.randrange(6))}
        if method == "POST" and rng.random() < 0.3:
            drawn["file"] = drawn["files"] = SimpleUploadedFile(
                rng.choice(_NAMES) or "x", rng.choice(_FILES)
            )
        kind = (
            rng.choice(_KINDS)
            if method == "PUT" or (method == "POST" and rng.random() < 0.1)
            else None
        )
        headers = {"Accept-Language": rng.choice(_TEXTS)} if rng.random() < 0.1 else {}
        headers = {
            name: value
            for name, value in headers.items()
            if value.isascii() and value.isprintable()
        }
        yield Request(
            rng.randrange(1000),
            "GET" if method == "HEAD" else method,
            _path(rng, pattern, numbers),
            drawn,
            kind,
            headers,
        )


def _fields() -> set[str]:
    texts = [path.read_text("utf-8") for kind in ("*.py", "*.html") for path in _PORTAL.rglob(kind)]
    return {name for text in texts for name in _FIELD.findall(text)}


def _value(rng: random.Random, numbers: list[int]) -> str:
    return str(
        rng.choice(
            [rng.choice(_NUMBERS), rng.choice(_DAYS), rng.choice(_TEXTS), rng.choice(numbers)]
        )
    )


def _path(rng: random.Random, pattern: URLPattern, numbers: list[int]) -> str:
    """The address with its parts drawn; those that would not match are part of the trial."""

    def part(named: re.Match[str]) -> str:
        if named[1] == "int":
            return str(rng.choice([rng.choice(numbers), 0, 2**31, 2**63, 10**30]))
        return re.sub(r"[^\w.-]", "", _value(rng, numbers))[:200] or "x"

    return "/" + re.sub(r"<(?:(\w+):)?\w+>", part, str(pattern.pattern))
