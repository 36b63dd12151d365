"""A citation: act, clause, item. Every rule, figure and refusal carries one."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"^(?P<act>[^:]+):(?P<clause>[^:]+)(?::(?P<item>.+))?$")


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """A place in a regulation, e.g. act 321/2020, clause 26; `item` is a subparagraph such as `1)`
    or a column of an annex."""

    act: str
    clause: str
    item: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.act, self.clause, self.item) if part)

    def as_dict(self) -> dict[str, str]:
        """The citation for machines: {"act", "clause"} and "item" where there is one."""
        place = {"act": self.act, "clause": self.clause}
        return place | {"item": self.item} if self.item else place


def cite(text: str) -> Citation:
    """Read `act:clause` or `act:clause:item`, e.g. `321/2020:26` (the form used in the data files).
    ValueError if malformed."""
    parts = _FORM.match(text)
    if not parts:
        raise ValueError(f"not a citation: {text!r}")
    return Citation(parts["act"], parts["clause"], parts["item"] or "")


def cites(texts: str | list[str]) -> tuple[Citation, ...]:
    """Read one citation or a list of them."""
    return tuple(cite(text) for text in ([texts] if isinstance(texts, str) else texts))
