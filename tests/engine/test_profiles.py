"""Who stands apart: the one who works on Sundays and bills round sums is first, with its reasons;
the others are not named."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.tiny import make_lake

from qor.engine.analysis.profiles import Profile, profiles
from qor.engine.simulate.world import provider_bins
from qor.engine.storage.duck import connect
from qor.law.nouns.months import month

BINS = provider_bins(12)


def _row(place: int, n: int, odd: bool) -> dict[str, Any]:
    day = 8 if odd and n % 2 else 2 + (n + place) % 5
    start = datetime(2026, 2, day, 9) + timedelta(minutes=n)
    amount = "9000.00" if odd else f"{1100 + (n * 37 + place * 11) % 400}.50"
    return {
        "provider_bin": BINS[place],
        "service_id": f"s{n}",
        "iin": f"{place:06d}{n:06d}",
        "care_form": "outpatient",
        "setting": "visit",
        "service_code": "V1",
        "icd10_main": "I10" if odd or n % 7 == 0 else f"J{10 + n % 9}",
        "started_at": str(start),
        "ended_at": str(start + timedelta(minutes=20)),
        "registered_at": str(start + timedelta(hours=3)),
        "amount": amount,
        "quantity": "1",
        "performer_id": f"D{place}",
    }


def _profiles(odd: set[int], by_performer: bool = False) -> list[Profile]:
    rows = [_row(place, n, place in odd) for place in range(12) for n in range(40)]
    providers = [{"bin": bin_, "region": "71"} for bin_ in BINS]
    with tempfile.TemporaryDirectory() as folder, connect() as connection:
        lake = make_lake(Path(folder) / "lake", {"services": rows, "providers": providers})
        return profiles(connection, lake, month("2026-02"), Path(folder), by_performer)


def test_the_odd_one_is_named_with_its_reasons() -> None:
    """Sundays, round figures, one diagnosis for all, dearer than its peers: each is said with the
    peers' median."""
    odd = _profiles({4})
    assert [profile.provider_bin for profile in odd] == [BINS[4]]
    assert {"days_off", "round_figures", "one_diagnosis", "cost"} <= {
        reason.measure for reason in odd[0].reasons
    }
    assert all(reason.value > reason.usual and reason.regional for reason in odd[0].reasons)


def test_performers_are_compared_too() -> None:
    """The same by performer."""
    assert _profiles({4}, by_performer=True)[0].performer_id == "D4"


def test_nobody_is_named_where_all_are_alike() -> None:
    """Ordinary differences are no reason."""
    assert _profiles(set()) == []


def test_the_same_twice() -> None:
    """Repeatable."""
    assert _profiles({2, 4}) == _profiles({2, 4})
