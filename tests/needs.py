"""What some tests need beside Python: skipped with a visible line where it is missing, a failure
where QOR_REQUIRE names it (CI does)."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket

import pytest


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


_THERE = {
    "spark": lambda: (
        importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
    ),
    "postgres": lambda: _listens(5432),
    "chromium": lambda: (
        shutil.which("chromium") is not None and importlib.util.find_spec("playwright") is not None
    ),
    "mkdocs": lambda: importlib.util.find_spec("material") is not None,
}


def need(what: str) -> None:
    """Skip the test where `what` is missing; fail it where QOR_REQUIRE asks for it."""
    if _THERE[what]():
        return
    if what in os.environ.get("QOR_REQUIRE", "").split(","):
        pytest.fail(f"{what} is required here and missing")
    pytest.skip(f"{what} is not here: required in CI")
