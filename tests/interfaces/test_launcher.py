"""The launcher in the root: a lock that its holder left behind stops nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_a_lock_without_the_name_of_its_holder_is_taken_over(tmp_path: Path) -> None:
    """Killed between making the lock and writing its number: the next one waits some seconds."""
    shutil.copy(ROOT / "qor", tmp_path / "qor")
    (tmp_path / "requirements.txt").write_text("", "utf-8")
    (tmp_path / ".venv.lock").mkdir()
    answer = subprocess.run(
        ["sh", str(tmp_path / "qor"), "--help"],
        env=os.environ | {"QOR_PYTHON": sys.executable, "QOR_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert "Preparing the environment" in answer.stderr and not (tmp_path / ".venv.lock").exists()
