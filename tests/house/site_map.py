"""The site map, written from the pages' own lines: `python -m tests.house.site_map`."""

from __future__ import annotations

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "site-map.md"
_HEAD = """# Site map

Written by `python -m tests.house.site_map` from the line of each page; a test holds that it is up
to date. Who is not named finds nothing at the address (404).

| address | page | takes | who | in the menu |
|---|---|---|---|---|
"""


def site_map() -> str:
    """The page: a row an address, features in the order of their names."""
    from qor.interfaces.messages import text
    from qor.interfaces.web.kernel.page import ANYBODY, SIGNED_IN, Page
    from qor.interfaces.web.server.site import SITE

    def who(page: Page) -> str:
        if page.roles == ANYBODY:
            return "anybody"
        if page.roles == SIGNED_IN:
            return "whoever is signed in"
        return ", ".join(sorted(text(f"portal.role_{role}", "en") for role in page.roles))

    rows = [
        f"| `/{page.address}` | {page.name} | {', '.join(page.takes)} | {who(page)} | "
        f"{text(f'portal.{page.name}', 'en') if page.menu is not None else ''} |"
        for page in SITE
    ]
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.web.server.settings")
    import django

    django.setup()
    PAGE.write_text(site_map(), "utf-8")
