"""Paths as people type them: each is looked at before a command begins, and named where nothing can
be read or written there."""

from __future__ import annotations

import argparse
import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from qor.law.nouns.refusals import Refusal

_CLOSED = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENXIO,
    errno.ENODEV,
    errno.EINVAL,
    errno.EBUSY,
    errno.ETXTBSY,
    errno.ENOTEMPTY,
    errno.ESTALE,
}


class NotAFolder(Refusal):
    """Where a folder is needed stands something else."""

    key = "path_not_a_folder"


class NotAPlainFile(Refusal):
    """Where a file is needed stands a folder, a pipe, a device or a socket."""

    key = "path_not_a_file"


class DanglingLink(Refusal):
    """A link leads to what is not there."""

    key = "path_dangling"


class PathMissing(Refusal):
    """What is to be read is not there, or what is to be written cannot be made there."""

    key = "path_missing"


class PathClosed(Refusal):
    """The system lets nobody read or write there, or not this account."""

    key = "path_closed"


def a_folder(typed: str) -> Path:
    """A folder that is there or can be made. NotAFolder, DanglingLink, PathClosed."""
    path = Path(typed)
    _look_for_folder(path)
    return path


def a_file(typed: str) -> Path:
    """A plain file that is there, or whose folder is there or can be made. NotAPlainFile,
    NotAFolder, DanglingLink, PathClosed."""
    path = Path(typed)
    state = _state(path)
    if state is None:
        _look_for_folder(path.parent)
    elif not stat.S_ISREG(state.st_mode):
        raise NotAPlainFile(path=typed)
    return path


def a_file_to_read(typed: str) -> Path:
    """A plain file that is there. PathMissing, and what `a_file` refuses."""
    path = a_file(typed)
    if not path.exists():
        raise PathMissing(path=typed)
    return path


def a_folder_or_address(typed: str) -> str:
    """A folder, or an address of a cluster's own (s3a://…) as it was typed."""
    return typed if "://" in typed else str(a_folder(typed))


# What each option that takes a path is, by the key of its sentence. A register handed in is looked
# at by the intake: others of the same command are taken all the same.
KINDS: dict[str, Callable[[str], Path | str]] = {
    "accuracy": a_file,
    "attachments": a_folder,
    "backup_dir": a_folder,
    "checks_edit_file": a_file_to_read,
    "checks_handbook": a_folder,
    "demo_dir": a_folder,
    "dependencies_locked": a_file_to_read,
    "docs_out": a_file,
    "docs_site_out": a_folder,
    "import_dir": a_folder,
    "intake_files": Path,
    "lake": a_folder,
    "ledger_lake": a_folder,
    "orders_out": a_folder,
    "organisations_file": a_file_to_read,
    "out": a_file,
    "spark_out": a_folder_or_address,
}


def path_refusal(error: BaseException, args: argparse.Namespace) -> Refusal | None:
    """The refusal for an error that came of a path which was typed, with the file or folder; None
    for any other error."""
    typed = list(_typed(args))
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and isinstance(cause.filename, str | bytes):
            refusal = _refusal(cause.errno, Path(os.fsdecode(cause.filename)).absolute(), typed)
            if refusal is not None:
                return refusal
        if isinstance(cause, duckdb.IOException):
            named = next((path for path in typed if str(path) in str(cause)), None)
            if named is not None and "No space left" not in str(cause):
                return PathClosed(path=str(named))
        cause = cause.__cause__ or cause.__context__
    return None


def _refusal(code: int | None, place: Path, typed: list[Path]) -> Refusal | None:
    """What an error of the system at a place says, where the place lies in or above a typed one."""
    if not any(place.is_relative_to(each) or each.is_relative_to(place) for each in typed):
        return None
    if code in (errno.EEXIST, errno.ENOTDIR):
        return NotAFolder(path=str(place))
    if code == errno.EISDIR:
        return NotAPlainFile(path=str(place))
    if code == errno.ENOENT:
        return PathMissing(path=str(place))
    return PathClosed(path=str(place)) if code in _CLOSED else None


def _typed(args: argparse.Namespace) -> Iterator[Path]:
    """The paths among the values of a command."""
    for value in vars(args).values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Path):
                yield each.absolute()


def _look_for_folder(path: Path) -> None:
    """Refuse a place that is no folder, or under which none can be made."""
    state = _state(path)
    if state is None:
        if path.parent != path:
            _look_for_folder(path.parent)
    elif not stat.S_ISDIR(state.st_mode):
        raise NotAFolder(path=str(path))


def _state(path: Path) -> os.stat_result | None:
    """What stands at a place; None where nothing does."""
    try:
        return path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise DanglingLink(path=str(path)) from None
        return None
    except NotADirectoryError:
        above = next(each for each in path.parents if each.exists())
        raise NotAFolder(path=str(above)) from None
    except OSError:
        raise PathClosed(path=str(path)) from None
