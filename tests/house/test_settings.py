"""Every setting that Qor reads stands in one table of the operators' handbook, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_READ = re.compile(
    r"""(?:environ(?:\.get\(|\[)|setdefault\(|listed\()\s*f?["'](QOR_[A-Z0-9_]+)|\$\{(QOR_[A-Z0-9_]+)"""
)
_KEPT = re.compile(r"`(QOR_[A-Z0-9_]+)`")


def test_every_setting_stands_in_the_table() -> None:
    """Read in the product, the launcher, tests and benches; named in
    docs/operations/settings.md."""
    files = [
        ROOT / "qor",
        *(p for folder in ("src", "tests", "bench") for p in (ROOT / folder).rglob("*.py")),
    ]
    read = {
        name
        for file in files
        for pair in _READ.findall(file.read_text("utf-8"))
        for name in pair
        if name
    }
    lines = (ROOT / "docs/operations/settings.md").read_text("utf-8").splitlines()
    named = {
        name
        for line in lines
        if line.startswith("| `")
        for name in _KEPT.findall(line.split("|")[1])
    }
    assert read - named == set()
    assert named - read == set()
