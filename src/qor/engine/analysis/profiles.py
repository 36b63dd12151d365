"""Who stands apart from their peers: robust deviations, ranked, with every reason spelled out.
Repeatable: no chance in it, no learning.

A profile is compared with those of the same main form of care (by amount) in the same region; where
too few, in the whole country. A deviation is 0.6745 × (value - median) / median absolute deviation;
only what lies above the peers counts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from qor.engine.analysis.measures import NAMES, Measured, measure
from qor.engine.checks import features
from qor.engine.storage.duck import Connection
from qor.engine.storage.lake import Lake
from qor.law.nouns.months import Month
from qor.law.reading.figures import figure

_MOST = 20.0  # one measure alone cannot outweigh all others
_FEWEST_SERVICES = 20
_LEAST_SHARE = (
    0.01  # a share must be a percentage point above the peers' to be worth a person's time
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One measure that stands out: the value, the peers' median, how many robust deviations above,
    and whether the peers are the region's."""

    measure: str
    value: float
    usual: float
    deviations: float
    regional: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """A provider, or a performer at a provider, proposed for unscheduled monitoring
    (321/2020:51:5)); the reasons, strongest first."""

    provider_bin: str
    performer_id: str
    kind: str
    region: str
    services: int
    score: float
    reasons: tuple[Reason, ...]


def profiles(
    connection: Connection, lake: Lake, month: Month, folder: Path, by_performer: bool = False
) -> list[Profile]:
    """Those who stand out in a month, most first; empty where nobody does. Nothing is deducted for
    it. Sources: 321/2020:14, 321/2020:51."""
    features.prepare(connection, lake, [month], folder)
    return ranked(measure(connection, month, by_performer), month.last)


def ranked(measured: list[Measured], on: date) -> list[Profile]:
    """Rank subjects by the sum of their deviations above the threshold in force on a day."""
    least, fewest = float(figure("profile_deviation", on).value), figure("profile_peers", on).whole
    margin = 1 + float(figure("profile_margin", on).value) / 100
    enough = [subject for subject in measured if subject.services >= _FEWEST_SERVICES]
    groups = _peers(enough)
    profiled = [
        _profile(subject, _reasons(subject, groups, fewest, least, margin)) for subject in enough
    ]
    return sorted(
        (profile for profile in profiled if profile.reasons),
        key=lambda profile: (-profile.score, profile.provider_bin, profile.performer_id),
    )


_Peers = dict[tuple[str, str], list[Measured]]


def _peers(measured: list[Measured]) -> _Peers:
    peers: _Peers = defaultdict(list)
    for subject in measured:
        peers[subject.kind, subject.region].append(subject)
        peers[subject.kind, ""].append(subject)
    return peers


def _reasons(
    subject: Measured, peers: _Peers, fewest: int, least: float, margin: float
) -> tuple[Reason, ...]:
    near = peers[subject.kind, subject.region]
    regional = len(near) >= fewest
    group = near if regional else peers[subject.kind, ""]
    if len(group) < fewest:
        return ()
    reasons = (
        _reason(name, subject, group, regional) for name in NAMES if name in subject.measures
    )
    far_off = (
        r
        for r in reasons
        if r.deviations >= least and r.value >= max(r.usual * margin, r.usual + _LEAST_SHARE)
    )
    return tuple(sorted(far_off, key=lambda r: (-r.deviations, r.measure)))


def _reason(name: str, subject: Measured, group: list[Measured], regional: bool) -> Reason:
    values = [other.measures[name] for other in group if name in other.measures]
    usual = median(values)
    spread = median(abs(value - usual) for value in values)
    if (
        spread == 0
    ):  # more than half are alike: the mean deviation instead, as Iglewicz and Hoaglin propose
        spread = 1.2533 * 0.6745 * sum(abs(value - usual) for value in values) / len(values)
    above = 0.6745 * (subject.measures[name] - usual) / spread if spread else 0.0
    return Reason(
        name,
        round(subject.measures[name], 4),
        round(usual, 4),
        round(min(above, _MOST), 2),
        regional,
    )


def _profile(subject: Measured, reasons: tuple[Reason, ...]) -> Profile:
    score = round(sum(reason.deviations for reason in reasons), 2)
    return Profile(
        subject.provider_bin,
        subject.performer_id,
        subject.kind,
        subject.region,
        subject.services,
        score,
        reasons,
    )
