"""Found against planted: recall and precision of each check, by exact matches of (month,
provider_bin, service_id, check)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qor.engine.checks.catalogue import ALL
from qor.engine.intake.lake_rows import rows_in
from qor.engine.storage.duck import connect, literals, pattern_free
from qor.engine.storage.lake import Lake
from qor.engine.storage.steps import make_view, step_facts
from qor.law.nouns.months import Month


@dataclass(frozen=True, slots=True)
class Score:
    """One check: how many stand in the truth, how many it found, how many of those are in the
    truth, and the tenge at stake."""

    check: str
    code: str
    kind: str
    planted: int
    found: int
    right: int

    @property
    def recall(self) -> str:
        """Right of planted, as a decimal with four places; empty where nothing was planted."""
        return _share(self.right, self.planted)

    @property
    def precision(self) -> str:
        """Right of found, as a decimal with four places; empty where nothing was found."""
        return _share(self.right, self.found)


def score(lake: Lake, months: list[Month], truth: Path) -> list[Score]:
    """The scores of all checks over the findings and returned rows of some months, in the order of
    the catalogue."""
    with connect() as connection:
        for table in ("findings", "returns"):
            make_view(connection, table, rows_in(lake, table, months))
        planted = f"FROM read_csv({pattern_free(truth)}, all_varchar = true)"
        make_view(connection, "planted", planted)
        counted = step_facts(connection, "scores", months=literals(map(str, months)))
    by_slug = {row["slug"]: row for row in counted}
    nothing = {"planted": 0, "found": 0, "hits": 0}
    return [
        _score(check.slug, check.code, check.kind.value, by_slug.get(check.slug, nothing))
        for check in ALL
    ]


def accuracy_table(scores: list[Score], decoys: dict[str, int]) -> str:
    """Recall and precision of every check as a page of Markdown: what CI keeps."""
    head = [
        "# How well each check finds",
        "",
        "Written by `./qor demo --accuracy docs/accuracy.md`; the long tests hold it. The "
        "simulated country plants every defect and its legal",
        "look-alikes; a finding counts only if (month, provider, service, check) is planted.",
        "",
        "| check | code | kind | planted | look-alikes | found | recall | precision |",
        "|---|---|---|---:|---:|---:|---:|---:|",
    ]
    lines = [
        f"| {s.check} | {s.code or '–'} | {s.kind} | {s.planted} | "
        f"{decoys.get(s.check, 0)} | {s.found} | {s.recall} | {s.precision} |"
        for s in scores
    ]
    return "\n".join([*head, *lines]) + "\n"


def _score(slug: str, code: str, kind: str, row: dict[str, int]) -> Score:
    return Score(slug, code, kind, int(row["planted"]), int(row["found"]), int(row["hits"]))


def _share(part: int, whole: int) -> str:
    return f"{part * 10_000 // whole / 10_000:.4f}" if whole else ""
