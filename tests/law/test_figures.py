"""Dated figures: a value on a date with its citation, or an error that names figure and date."""

from datetime import date

import pytest

from qor.law.figures import figure, figure_names, history, titles
from qor.law.refusals import NoFigureOnDate, UnknownFigure


@pytest.mark.parametrize(
    ("on", "value"),
    [(date(2025, 12, 31), 3932), (date(2026, 1, 1), 4325), (date(2022, 3, 31), 2917), (date(2022, 4, 1), 3063)],
)
def test_mci_on_both_sides_of_a_change(on: date, value: int) -> None:
    """The monthly calculation index, the last day of one value and the first of the next."""
    assert figure("mci", on).whole == value


def test_no_value_is_an_error() -> None:
    """Neither next year's index nor a term before the rules is guessed."""
    with pytest.raises(NoFigureOnDate, match=r"mci.*2027-01-01"):
        figure("mci", date(2027, 1, 1))
    with pytest.raises(NoFigureOnDate, match=r"objection_term.*2025-07-31"):
        figure("objection_term", date(2025, 7, 31))
    assert figure("objection_term", date(2025, 8, 1)).whole == 5


def test_unknown_figure() -> None:
    """A name that is not kept is refused with the names that are."""
    with pytest.raises(UnknownFigure, match="mci"):
        figure("gdp", date(2026, 1, 1))


@pytest.mark.parametrize("name", figure_names())
def test_every_value_cites_an_act(name: str) -> None:
    """Each value: an act, a status, values without overlap; each figure: a title in three languages."""
    assert set(titles(name)) == {"kk", "ru", "en"}
    for value in history(name):
        assert value.cites
        assert value.status in {"text", "inferred", "press", "recalled", "setting"}
        assert value.valid_to is None or value.valid_to >= value.valid_from
