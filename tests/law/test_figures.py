"""Dated figures: a value on a date with its citation, or an error that names figure and date."""

import itertools
from datetime import date

import pytest

from qor.law.nouns.refusals import NoFigureOnDate, UnknownFigure
from qor.law.reading.figures import figure, figure_names, history, titles


@pytest.mark.parametrize(
    ("on", "value"),
    [
        (date(2025, 12, 31), 3932),
        (date(2026, 1, 1), 4325),
        (date(2021, 12, 31), 2917),
        (date(2022, 1, 1), 3063),
        (date(2022, 3, 31), 3063),
        (date(2022, 4, 1), 3063),
    ],
)
def test_mci_on_both_sides_of_a_change(on: date, value: int) -> None:
    """The monthly calculation index, the last day of one value and the first of the next (budget
    law 2022-2024, article 9)."""
    assert figure("mci", on).whole == value


# The budget laws as they were checked: first day, index, index for benefits, minimum wage, a word
# of the law that is cited.
CHECKED = [
    ("2017-01-01", 2269, 2269, 24459, "25-VI"),
    ("2018-01-01", 2405, 2405, 28284, "113-VI"),
    ("2019-01-01", 2525, 2525, 42500, "2019-2021"),
    ("2020-01-01", 2651, 2651, 42500, "2020-2022"),
    ("2020-04-01", 2778, 2778, 42500, "2020-2022"),
    ("2021-01-01", 2917, 2917, 42500, "379-VI"),
    ("2022-01-01", 3063, 3063, 60000, "2022-2024"),
    ("2022-04-01", 3063, 3180, 60000, "2022-2024"),
]


@pytest.mark.parametrize(("first", "index", "benefits", "wage", "law"), CHECKED)
def test_figures_of_2017_to_2022_are_those_of_the_budget_laws(
    first: str, index: int, benefits: int, wage: int, law: str
) -> None:
    """Two series of the index: in 2022 the one for benefits alone rose on 1 April (law 121-VII);
    each value cites its law."""
    on = date.fromisoformat(first)
    values = [figure(name, on) for name in ("mci", "mci_benefits", "minimum_wage")]
    assert [value.whole for value in values] == [index, benefits, wage]
    assert all(value.status == "text" and law in str(value.cites[0]) for value in values)


@pytest.mark.parametrize("name", ["mci", "mci_benefits", "minimum_wage"])
def test_each_index_ends_a_day_before_the_next(name: str) -> None:
    """The last day of a value still has it: no day between the first and the last is without one,
    none has two."""
    values = history(name)
    for value, later in itertools.pairwise(values):
        assert value.valid_to is not None
        assert (later.valid_from - value.valid_to).days == 1
        assert figure(name, value.valid_to) == value


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
    """Each value: an act, a status, values without overlap; each figure: a title in three
    languages."""
    assert set(titles(name)) == {"kk", "ru", "en"}
    for value in history(name):
        assert value.cites
        assert value.status in {"text", "inferred", "press", "recalled", "setting"}
        assert value.valid_to is None or value.valid_to >= value.valid_from
