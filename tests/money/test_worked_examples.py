"""The worked examples of the documentation are run as they stand."""

import doctest
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "worked-examples.md"


def test_worked_examples() -> None:
    """Every sum in the text is what the law functions give."""
    result = doctest.testfile(str(DOCS), module_relative=False)
    assert (result.failed, result.attempted > 20) == (0, True)
