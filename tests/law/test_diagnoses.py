"""Groups of diagnoses that a clause names: both ends of every block."""

import pytest

from qor.law.nouns.citations import cites
from qor.law.reading.diagnoses import diagnosis_group, diagnosis_groups, group_titles

# The group, what belongs to it, what lies just outside.
BORDERS = [
    ("complications_of_care", ["Y40", "Y84.9", "T80.0", "T88.9", "T88.91"]),
    ("accidents", ["V01", "W19.0", "X59.9"]),
    ("maternal", ["O00", "O99.8"]),
]
OUTSIDE = [
    ("complications_of_care", ["Y39.9", "Y85.0", "T79.9", "T90", ""]),
    ("accidents", ["U99", "X60"]),
    ("maternal", ["N99.9", "P00"]),
]


@pytest.mark.parametrize(("name", "codes"), BORDERS)
def test_both_ends_belong_to_a_group(name: str, codes: list[str]) -> None:
    """Clause 321/2020:40: complications of care are Y40-Y84 and T80-T88, accidents V01-X59,
    maternal deaths O00-O99; a longer code belongs where its category does."""
    group = diagnosis_group(name)
    assert [code for code in codes if code not in group] == []
    assert {code[:3] for code in codes} <= set(group.categories)


@pytest.mark.parametrize(("name", "codes"), OUTSIDE)
def test_the_neighbours_of_a_block_do_not_belong(name: str, codes: list[str]) -> None:
    """Clause 321/2020:40: the category before a block and the one after it are of no group."""
    group = diagnosis_group(name)
    assert [code for code in codes if code in group] == []
    assert not {code[:3] for code in codes} & set(group.categories)


def test_a_group_has_its_clause_its_name_and_as_many_categories_as_its_blocks() -> None:
    """Clause 321/2020:40: 45 and 9 categories of complications, 259 of accidents, 100 of births."""
    sizes = {name: len(diagnosis_group(name).categories) for name in diagnosis_groups()}
    assert sizes == {"complications_of_care": 54, "accidents": 259, "maternal": 100}
    for name in diagnosis_groups():
        assert diagnosis_group(name).cites[0].act == cites(["321/2020:40"])[0].act
        assert set(group_titles(name)) == {"kk", "ru", "en"}
