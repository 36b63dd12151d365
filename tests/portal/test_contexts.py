"""A page's context that loses or renames a key is noticed: every key of every page is a mutant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from django.test import Client
from tests.portal.contexts import noticing, rendered
from tests.portal.scene import scene
from tests.workflow.people import World

# Asked for in vain on purpose: what only some pages, or only Django, gives.
OPTIONAL: frozenset[str] = frozenset()


def test_every_lost_key_is_noticed(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    """Each page as each role sees it, once without each key that its view gives: the template asks
    for it in vain, or breaks."""
    addresses, users = scene(world)
    noticed: dict[tuple[str, str], bool] = defaultdict(bool)
    for user in users:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for address in addresses:
            with rendered() as pages:
                client.get(address)
            for page in pages:
                for key in page.facts if page.template.name != "404.html" else ():
                    noticed[str(page.template.name), key] |= page.missed_without(key)
    record_property("mutants", len(noticed))
    assert len(noticed) > 100
    assert sorted(pair for pair, seen in noticed.items() if not seen) == []


def test_no_page_asks_in_vain(world: World) -> None:
    """What a template asks for is there: a name that nobody gives is a page that lost it."""
    addresses, users = scene(world)
    asked: dict[str, set[str]] = {}
    for user in users:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for address in addresses:
            with noticing() as names:
                client.get(address)
            if names - OPTIONAL:
                asked[address] = names - OPTIONAL
    assert asked == {}
