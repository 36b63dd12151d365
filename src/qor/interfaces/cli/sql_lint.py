"""The step of `qor test` that lints SQL: a file that was clean as it stands, under the same rules
and the same linter, is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

CLEAN = ".sqlfluff_cache"  # in the checkout: digests of what was clean


def lint_sql(root: Path, fails: Callable[[list[str]], bool]) -> bool:
    """Lint what is new or changed of the SQL files of a checkout; whether anything is wrong.

    `fails` runs the linter on files and says whether it found anything; only what it passes is
    noted as clean.
    """
    digests = _digests(root)
    noted = root / CLEAN
    clean = set(noted.read_text("utf-8").split()) if noted.exists() else set()
    changed = [path for path, digest in digests.items() if digest not in clean]
    if changed and fails(changed):
        return True
    noted.write_text("\n".join(sorted(digests.values())) + "\n", "utf-8")
    return False


def _digests(root: Path) -> dict[str, str]:
    """Each SQL file by its place in the checkout: a digest of it, of the rules and of the linter's
    version."""
    rules = (root / "pyproject.toml").read_bytes() + version("sqlfluff").encode()
    common = hashlib.sha256(rules)
    digests = {}
    for path in sorted((root / "src").rglob("*.sql")):
        place, digest = path.relative_to(root).as_posix(), common.copy()
        digest.update(place.encode() + b"\0" + path.read_bytes())
        digests[place] = digest.hexdigest()
    return digests
