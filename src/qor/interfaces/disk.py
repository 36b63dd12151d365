"""A disk that is full, read-only or closed to us: said in words, without paths of the server."""

from __future__ import annotations

import errno
import sqlite3

import duckdb

from qor.law.nouns.refusals import Refusal

# What Qor writes is for its own account alone: files 0600, folders 0700.
PRIVATE = 0o077
_TROUBLE = {
    errno.ENOSPC,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EDQUOT,
    errno.EIO,
    errno.EFBIG,
}
_SAID_BY_ENGINE = (
    "No space left",
    "File too large",
    "Permission denied",
    "Read-only file system",
    "could not write",
    "Failed to write",
)
_SAID_BY_DATABASE = (
    "disk is full",
    "readonly database",
    "unable to open database",
    "No space left",
)


class DiskTrouble(Refusal):
    """Nothing could be written: the disk is full, read-only, or the folder is not ours."""

    key = "disk_trouble"


def disk_trouble(error: BaseException) -> DiskTrouble | None:
    """Return the refusal for an error that the disk caused, or None for any other error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _TROUBLE:
            return DiskTrouble()
        if isinstance(cause, duckdb.IOException) and any(
            part in str(cause) for part in _SAID_BY_ENGINE
        ):
            return DiskTrouble()
        if isinstance(cause, sqlite3.OperationalError) and any(
            part in str(cause) for part in _SAID_BY_DATABASE
        ):
            return DiskTrouble()
        cause = cause.__cause__ or cause.__context__
    return None
