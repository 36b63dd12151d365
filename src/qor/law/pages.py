"""Reading the data files of the law floor: YAML beside the code, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("kk", "ru", "en")


@cache
def page(package: str, name: str) -> Any:
    """The parsed YAML file `name` of a package such as `qor.law.kz.figures`. Callers do not change
    what they get."""
    text = files(package).joinpath(name).read_text("utf-8")
    # both loaders are safe
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


@cache
def page_names(package: str) -> tuple[str, ...]:
    """Names of the YAML files of a package, sorted."""
    return tuple(
        sorted(entry.name for entry in files(package).iterdir() if entry.name.endswith(".yaml"))
    )
