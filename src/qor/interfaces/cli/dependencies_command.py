"""`qor dependencies`: asks whether a locked package has a known weakness, and says when it had no
advisories to read."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.law.nouns.refusals import Refusal

_ROOT = Path(__file__).resolve().parents[4]
WEAK, NOT_READ = 1, 3


class NoAuditor(Refusal):
    """The packages that audit the locked ones are not installed."""

    key = "no_auditor"


@dataclass(frozen=True, slots=True)
class Weakness:
    """A known weakness of a locked package, and the versions that mend it."""

    package: str
    version: str
    advisory: str
    mended_in: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit says: how many packages had advisories to read, which had none, and why."""

    read: int
    unread: tuple[str, ...]
    weaknesses: tuple[Weakness, ...]
    trouble: str = ""

    @property
    def exit_code(self) -> int:
        """0 none known; 1 a weakness is known; 3 advisories of some package could not be read."""
        if self.weaknesses:
            return WEAK
        return NOT_READ if self.unread or not self.read else 0


def add(commands: Any) -> None:
    """Add `dependencies`."""
    parser = command(commands, "dependencies", "dependencies", _dependencies)
    default = _ROOT / "requirements.txt"
    option(
        parser, "--locked", key="dependencies_locked", type=Path, default=default, metavar="FILE"
    )


def _dependencies(args: argparse.Namespace, voice: Voice) -> int:
    if find_spec("pip_audit") is None:
        raise NoAuditor()
    audit = judge(*_ask(args.locked))
    if voice.as_json:
        weak = [
            {"package": w.package, "version": w.version, "id": w.advisory, "mended_in": w.mended_in}
            for w in audit.weaknesses
        ]
        voice.json({"read": audit.read, "unread": list(audit.unread), "weaknesses": weak})
        return audit.exit_code
    for each in audit.weaknesses:
        line = {"package": each.package, "version": each.version, "advisory": each.advisory}
        voice.line(voice.t("cli.dependency_weak", **line, mended_in=each.mended_in or "–"))
    if not audit.read:
        voice.line(voice.t("cli.dependencies_unread", why=audit.trouble or "–"))
    elif audit.unread:
        voice.line(voice.t("cli.dependencies_partly", names=", ".join(audit.unread)))
    if audit.read:
        weak_count = len(audit.weaknesses)
        voice.line(voice.t("cli.dependencies_read", read=audit.read, weak=weak_count))
    return audit.exit_code


def _ask(locked: Path) -> tuple[str, str]:
    """The answer of pip-audit over a hashed requirements file: what it printed, what went wrong."""
    flags = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    command_line = [sys.executable, "-m", "pip_audit", "-r", str(locked), *flags]
    answer = subprocess.run(command_line, capture_output=True, text=True, check=False)
    return answer.stdout, answer.stderr


def judge(printed: str, trouble: str) -> Audit:
    """An audit from what pip-audit printed; without an answer that can be read, nothing was read
    and the last line of the trouble says why."""
    try:
        packages = json.loads(printed)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = trouble.strip().splitlines()
        return Audit(0, (), (), lines[-1] if lines else "")
    unread = tuple(each["name"] for each in packages if "skip_reason" in each)
    reasons = [each["skip_reason"] for each in packages if "skip_reason" in each]
    weaknesses = tuple(
        Weakness(each["name"], each["version"], weak["id"], ", ".join(weak["fix_versions"]))
        for each in packages
        for weak in each.get("vulns", ())
    )
    return Audit(len(packages) - len(unread), unread, weaknesses, reasons[0] if reasons else "")
