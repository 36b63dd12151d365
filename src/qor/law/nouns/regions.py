"""Regions of Kazakhstan by KATO (the state classifier of administrative-territorial objects)."""

from __future__ import annotations

from qor.law.pages import page


def region_codes() -> list[str]:
    """The two-digit KATO prefixes of the twenty regions, sorted."""
    return sorted(page("qor.law.kz.regions", "regions.yaml"))


def region_title(code: str, language: str) -> str:
    """The region's name in kk, ru or en; a code that is not a region's is its own name."""
    known = page("qor.law.kz.regions", "regions.yaml").get(code)
    return str(known[language]) if known else code
