"""The dozen checks of `bench/rivals.py` as a data analyst would write them: whole columns, merges,
groups."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from rival_checks.reference import Found, Reference

Put = Callable[[str, pd.DataFrame], None]


def in_pandas(services: pd.DataFrame, people: pd.DataFrame, ref: Reference) -> Found:
    """What each check finds in the month: services by provider and number."""
    findings: Found = {}

    def put(slug: str, frame: pd.DataFrame) -> None:
        findings[slug] = set(zip(frame["provider_bin"], frame["service_id"], strict=True))

    cur = services[services["of_month"]].copy()
    for column in ("started", "ended", "registered"):
        cur[f"{column}_on"] = cur[f"{column}_at"].dt.normalize()
    _of_people(cur.merge(people, on="iin", how="inner"), ref, put)
    _of_rows(cur, ref, put)
    for frame in (services, cur):
        _add_what_makes_a_record(frame)
    _doubles(cur, put)
    stays = services[(services["setting"] == "inpatient") & services["iin"].notna()]
    both = stays[stays["of_month"]].merge(stays, on="iin", suffixes=("", "_o"))
    both = both[
        (both["service_id"] != both["service_id_o"])
        | (both["provider_bin"] != both["provider_bin_o"])
    ]
    _overlaps(both, put)
    _readmissions(both, ref, put)
    _during_stays(cur, stays, put)
    return findings


def _of_people(known: pd.DataFrame, ref: Reference, put: Put) -> None:
    """Checks of a service against its person."""
    put(
        "after-death",
        known[(known["started_on"] > known["death_date"]) & (known["care_form"] != "pathology")],
    )
    put("before-birth", known[known["started_on"] < known["birth_date"]])
    needed = known["service_code"].map(ref.sex)
    put("sex-conflict", known[needed.notna() & (needed != known["sex"])])


def _of_rows(cur: pd.DataFrame, ref: Reference, put: Put) -> None:
    """Checks of a service by itself and against the small tables."""
    put(
        "dates-inverted",
        cur[(cur["ended_at"] < cur["started_at"]) | (cur["ended_at"] > cur["registered_at"])],
    )
    put("late-entry", cur[_late(cur, ref)])
    put("icd-unknown", cur[(cur["care_form"] != "blood") & ~cur["icd10_main"].isin(ref.icd)])
    pairs = pd.MultiIndex.from_frame(cur[["performer_id", "provider_bin"]])
    put("doctor-unknown", cur[cur["performer_id"].notna() & ~pairs.isin(list(ref.staff))])
    billed = cur["service_code"].where(cur["care_form"] != "stay_group", cur["group_code"])
    put("code-unknown", cur[billed.notna() & ~billed.isin(ref.codes)])


def _late(cur: pd.DataFrame, ref: Reference) -> pd.Series[bool]:
    counted_days = pd.Series({pd.Timestamp(day): number for day, number in ref.working.items()})
    before = (cur["registered_on"] - pd.Timedelta(days=1)).map(counted_days)
    slow = cur["care_form"].isin(["primary", "outpatient"]) & (
        before - cur["ended_on"].map(counted_days) >= 3
    )
    late = (cur["care_form"] == "ambulance") & (
        (cur["registered_on"] - cur["ended_on"]).dt.days > 1
    )
    return slow | late


def _add_what_makes_a_record(frame: pd.DataFrame) -> None:
    """Columns: what prices a service and who did it, by which two records are one."""
    stay = frame["setting"].isin(["inpatient", "day_hospital"])
    priced = frame["service_code"].where(frame["care_form"] != "stay_group", frame["group_code"])
    frame["priced_by"] = priced.where(
        ~stay | priced.notna(), frame["group_code"].fillna(frame["service_code"]).fillna("-")
    )
    frame["done_by"] = frame["performer_id"].where(~stay, frame["performer_id"].fillna("-"))


def _doubles(cur: pd.DataFrame, put: Put) -> None:
    records = cur[cur["iin"].notna() & cur["done_by"].notna() & cur["priced_by"].notna()]
    ordered = records.sort_values(["registered_at", "provider_bin", "service_id"])
    put(
        "duplicate-service",
        ordered[ordered.duplicated(["iin", "priced_by", "done_by", "started_at"])],
    )


def _overlaps(both: pd.DataFrame, put: Put) -> None:
    """Two stays of one person that share a day, unless they are one record."""
    shared = (
        both[["ended_at", "ended_at_o"]].min(axis=1).dt.normalize()
        - both[["started_at", "started_at_o"]].max(axis=1).dt.normalize()
    )
    places = (both["provider_bin_o"] < both["provider_bin"]) | (
        (both["provider_bin_o"] == both["provider_bin"])
        & (both["service_id_o"] < both["service_id"])
    )
    later = (both["registered_at_o"] < both["registered_at"]) | (
        (both["registered_at_o"] == both["registered_at"]) & places
    )
    one = (
        (both["started_at_o"] == both["started_at"])
        & (both["priced_by_o"] == both["priced_by"])
        & (both["done_by_o"] == both["done_by"])
    )
    put("overlapping-stays", both[~one & (shared.dt.days >= 1) & later])


def _readmissions(both: pd.DataFrame, ref: Reference, put: Put) -> None:
    """A stay within thirty days of another with the same diagnosis, unless it was meant to come."""
    days = (both["started_at"].dt.normalize() - both["ended_at_o"].dt.normalize()).dt.days
    alike = both["icd10_main"].str[:3] == both["icd10_main_o"].str[:3]
    outcome = both["outcome_o"].fillna("")
    moved = outcome.isin(["left", "refused"]) | ((outcome == "transferred") & (days == 0))
    keys = pd.MultiIndex.from_frame(both[["provider_bin", "service_id"]])
    earlier = pd.MultiIndex.from_frame(both[["provider_bin_o", "service_id_o"]])
    course = keys.isin(list(ref.courses)) | earlier.isin(list(ref.courses))
    again = (
        days.between(0, 30) & alike & ~moved & ~course & ~both["provider_bin"].isin(ref.palliative)
    )
    put("readmission", both[again & (both["started_at_o"] < both["started_at"])])


def _during_stays(cur: pd.DataFrame, stays: pd.DataFrame, put: Put) -> None:
    """Visits of somebody who lay in another hospital that day."""
    out = cur[
        cur["setting"].isin(["visit", "home_visit", "remote", "call"])
        & ~cur["care_form"].isin(["ambulance", "pathology"])
    ]
    beds = stays.rename(columns={c: f"{c}_o" for c in stays.columns if c != "iin"})
    inside = out[out["iin"].notna()].merge(beds, on="iin")
    first, last = inside["started_at_o"].dt.normalize(), inside["ended_at_o"].dt.normalize()
    elsewhere = inside["provider_bin"] != inside["provider_bin_o"]
    put(
        "during-stay",
        inside[elsewhere & (inside["started_on"] > first) & (inside["started_on"] < last)],
    )
