"""The import contracts of pyproject.toml refuse what they are there to refuse."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.application.app_config import settings
from importlinter.configuration import configure
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

ROOT = Path(__file__).parents[2]
KINDS = {
    "layers": LayersContract,
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "protected": ProtectedContract,
    "acyclic_siblings": AcyclicSiblingsContract,
}
# Who would import what, and which contract refuses it (words of its name).
PLANTED = [
    ("qor.law.nouns.months", "qor.engine.storage.duck", "go down only"),
    ("qor.engine.storage.lake.store", "qor.workflow.fields", "go down only"),
    ("qor.workflow.accounts.models", "qor.interfaces.clock", "go down only"),
    ("qor.engine.intake.receive", "qor.engine.monitoring.loop", "road runs forward"),
    ("qor.engine.monitoring.loop", "qor.engine.settlement.act_lines", "road runs forward"),
    ("qor.interfaces.cli.money_commands", "qor.demo.months", "go down only"),
    ("qor.law.nouns.money", "qor.law.rules.debts", "law is said in nouns"),
    ("qor.workflow.audit.journal", "qor.workflow.disputes.models", "rooms before it"),
    ("qor.interfaces.web.features.disputes.cases", "qor.interfaces.cli.voice", "commands, pages"),
    ("qor.workflow.ledger.sealing", "qor.workflow.acts.models", "rooms before it"),
    (
        "qor.interfaces.web.kernel.page",
        "qor.interfaces.web.features.disputes.cases",
        "pages the kernel",
    ),
    (
        "qor.interfaces.web.features.disputes.cases",
        "qor.interfaces.web.features.acts.acts",
        "No feature",
    ),
    ("qor.workflow.acts.debts", "qor.workflow.acts.other_sums", "in a ring"),
    ("qor.engine.monitoring.loop", "django", "no web"),
    ("qor.workflow.treasury.orders", "xlsxwriter", "no workbook"),
    ("qor.law.nouns.months", "duckdb", "no database"),
    ("qor.interfaces.web.features.disputes.cases", "xlsxwriter", "one place"),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Every import of the product."""
    return grimp.build_graph("qor", include_external_packages=True, cache_dir=None)


def contracts() -> list[Any]:
    """The contracts as pyproject.toml says them."""
    configure()
    reader = settings.USER_OPTION_READERS["toml"]
    said = reader.read_options(config_filename=str(ROOT / "pyproject.toml"))
    session = said.session_options | {"root_packages": ["qor"]}
    return [
        KINDS[options["type"]](options["name"], session, options)
        for options in said.contracts_options
    ]


def broken(graph: grimp.ImportGraph) -> list[str]:
    """The names of the contracts that a graph of imports breaks."""
    return [
        each.name
        for each in contracts()
        if not each.check(graph=deepcopy(graph), verbose=False).kept
    ]


def test_there_are_nine_contracts_and_all_are_kept(graph: grimp.ImportGraph) -> None:
    """None is there for show: each is broken by an import of PLANTED."""
    names = [each.name for each in contracts()]
    assert len(names) >= 9 and broken(graph) == []
    assert all(any(words in name for _, _, words in PLANTED) for name in names)


@pytest.mark.parametrize(("importer", "imported", "words"), PLANTED)
def test_a_planted_import_is_refused(
    graph: grimp.ImportGraph, importer: str, imported: str, words: str
) -> None:
    """The contract meant for it breaks."""
    assert importer in graph.modules and imported in graph.modules
    planted = deepcopy(graph)
    planted.add_import(importer=importer, imported=imported)
    assert any(words in name for name in broken(planted)), broken(planted)
