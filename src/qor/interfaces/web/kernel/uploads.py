"""A file that somebody hands in over the network: on disk under a safe name, bounded in time and
rows."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from qor.engine.storage.duck import Connection
from qor.law.nouns.refusals import BadValue, Refusal


class TookTooLong(Refusal):
    """The file took longer to look at than one may over the network."""

    key = "took_too_long"


class TooManyRows(Refusal):
    """The file has more rows than one may hand in over the network at once."""

    key = "too_many_rows"


@contextmanager
def time_limit(connection: Connection) -> Iterator[None]:
    """Interrupt what the connection does after QOR_UPLOAD_SECONDS. TookTooLong."""
    over = threading.Event()

    def stop() -> None:
        over.set()
        connection.interrupt()

    timer = threading.Timer(settings.QOR_UPLOAD_SECONDS, stop)
    timer.start()
    try:
        yield
    except (duckdb.InterruptException, RuntimeError):
        if over.is_set():
            raise TookTooLong(seconds=settings.QOR_UPLOAD_SECONDS) from None
        raise
    finally:
        timer.cancel()


def check_rows(received: int) -> None:
    """TooManyRows above QOR_MOST_ROWS."""
    if received > settings.QOR_MOST_ROWS:
        raise TooManyRows(rows=received, most=settings.QOR_MOST_ROWS)


def only_file(request: HttpRequest) -> UploadedFile[Any]:
    """The one file of a request that no page sent, under whatever name. BadValue."""
    files = [file for name in request.FILES for file in request.FILES.getlist(name)]
    if len(files) != 1:
        raise BadValue(field="file", value=len(files))
    return files[0]


@contextmanager
def on_disk(given: UploadedFile[Any]) -> Iterator[Path]:
    """The uploaded file on disk, under its own name, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe_name(str(given.name))
        with path.open("wb") as target:
            for chunk in given.chunks():
                target.write(chunk)
        yield path


def safe_name(given: str) -> str:
    """The name of a handed-in file without folders or signs that do not belong in one; the ending,
    which tells the format, stays."""
    allowed = "".join(sign for sign in Path(given).name if sign.isalnum() or sign in "._- ")
    return allowed.strip(". ")[-100:] or "register"
