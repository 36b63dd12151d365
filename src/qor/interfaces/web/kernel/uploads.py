"""A file that somebody hands in over the network: bounded in time, rows and tries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from django.conf import settings

from qor.engine.storage.duck import Connection
from qor.law.nouns.refusals import Refusal


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
