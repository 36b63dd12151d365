"""`qor docs`: the way of a row by names of steps, the dictionary of all tables, the site."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qor.engine.intake.tables import table, table_names
from qor.engine.storage.lineage import lineage
from qor.engine.storage.steps import made_tables, steps, steps_of
from qor.interfaces.cli.parser import command, option
from qor.interfaces.cli.voice import Voice
from qor.law.nouns.refusals import Refusal

_ROOT = Path(__file__).resolve().parents[4]


class NoSiteBuilder(Refusal):
    """The packages that build the site are not installed."""

    key = "no_site_builder"


def add(commands: Any) -> None:
    """Add `docs` with its commands `lineage`, `tables` and `site`."""
    inside = commands.add_parser("docs", help=_help()).add_subparsers(required=True, metavar="…")
    way = command(inside, "lineage", "docs_lineage", _lineage)
    option(way, "source", key="docs_source")
    option(way, "target", key="docs_target")
    tables = command(inside, "tables", "docs_tables", _tables, needs_json=False)
    option(tables, "--out", key="docs_out", type=Path, metavar="FILE")
    site = command(inside, "site", "docs_site", _site, needs_json=False)
    option(site, "--out", key="docs_site_out", type=Path, default=_ROOT / "site", metavar="DIR")


def _help() -> str:
    from qor.interfaces.cli.parser import Parser
    from qor.interfaces.messages import text

    return text("cli.docs", Parser.language)


def _lineage(args: argparse.Namespace, voice: Voice) -> int:
    way = lineage(args.source, args.target)
    if voice.as_json:
        voice.json([{"table": name, "of": list(of)} for name, of in way])
        return 0
    for name, of in way:
        voice.line(f"{name} ← {', '.join(of)}" if of else name)
    return 0


def _tables(args: argparse.Namespace, voice: Voice) -> int:
    text = dictionary()
    if args.out:
        args.out.write_text(text, "utf-8")
    else:
        voice.line(text)
    return 0


def _site(args: argparse.Namespace, voice: Voice) -> int:
    """Build the site; a link that leads nowhere fails it. NoSiteBuilder."""
    if find_spec("mkdocs") is None or find_spec("material") is None:
        raise NoSiteBuilder()
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir"]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    line = [*build, str(args.out.resolve())]
    failed = subprocess.run(line, cwd=_ROOT, env=quiet, check=False).returncode
    if not failed:
        voice.line(voice.t("cli.docs_site_built", path=str(args.out / "index.html")))
    return 1 if failed else 0


def dictionary() -> str:
    """The data dictionary: every incoming table, every table that the engine makes, every step of
    the engine and the workflow; its owner, key, personal columns, columns with types."""
    parts = ["# Data dictionary\n", "Written by `./qor docs tables --out docs/tables.md`.\n"]
    parts.append("## Incoming tables\n")
    for name in table_names():
        shape = table(name)
        columns = ", ".join(f"`{each.name}` {each.type}" for each in shape.columns)
        key = ", ".join(f"`{each}`" for each in shape.key)
        parts.append(f"**{name}** · owner intake · key {key}\n\n{columns}\n")
    parts.append("## Tables that the engine makes\n")
    for name, facts in made_tables().items():
        personal = ", ".join(f"`{each}`" for each in facts["personal"]) or "none"
        key = ", ".join(f"`{each}`" for each in facts["key"])
        head = f"**{name}** · owner {facts['owner']} · key {key} · personal {personal}"
        parts.append(f"{head}\n\n{_columns(facts['columns'])}\n")
    parts.append("## Steps\n")
    for step in (*steps().values(), *steps_of("qor.workflow", "steps").values()):
        of = ", ".join(f"`{each}`" for each in (*step.reads, *step.through)) or "nothing"
        head = f"**{step.name}** · owner {step.room} · a {step.kind} of {of}"
        parts.append(f"{head}\n\n{_columns(step.columns)}\n")
    return "\n".join(parts)


def _columns(columns: Any) -> str:
    return ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
