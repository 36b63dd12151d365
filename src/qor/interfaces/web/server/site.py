"""All pages of the site: each feature's, and the demo's clock."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from qor.interfaces.web import features
from qor.interfaces.web.demo import pages as demo
from qor.interfaces.web.kernel.page import Page


def pages_of_features() -> tuple[Page, ...]:
    """The pages of every folder of features: `PAGES` of its module `pages`."""
    return tuple(
        page
        for feature in iter_modules(features.__path__)
        for page in import_module(f"{features.__name__}.{feature.name}.pages").PAGES
    )


SITE: tuple[Page, ...] = (*pages_of_features(), *demo.PAGES)
