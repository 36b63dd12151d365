"""Rows of the invented country's reference tables: providers, licences, contracts, staff,
coefficients, people and their insurance."""

from __future__ import annotations

from datetime import date

from qor.engine.simulate import world
from qor.engine.simulate.builder import OPEN_ON_SUNDAYS, PALLIATIVE, Country, Person, Row
from qor.engine.simulate.cases import death_cases, volume_cases
from qor.engine.simulate.world import FORMS_OF_ROLE, Provider


def provider_row(provider: Provider) -> Row:
    number, palliative = provider.number + 1, provider.number == PALLIATIVE
    return {
        "bin": provider.bin,
        "name_kk": f"Демо ұйым № {number}",
        "name_ru": f"Демо-организация № {number}",
        "name_en": f"Demo organisation {number}",
        "region": provider.region,
        "ownership": "private" if provider.number % 4 == 3 else "state",
        "rural": provider.role == "rural",
        "palliative": palliative,
        "sole_in_district": provider.role == "rural",
        "works_on_closed_days": provider.role != "polyclinic" or provider.number == OPEN_ON_SUNDAYS,
    }


def licence_rows(country: Country) -> list[Row]:
    rows: list[Row] = []
    for provider in country.providers:
        rows += [
            {
                "bin": provider.bin,
                "care_form": form,
                "profile": "all",
                "valid_from": world.OPEN_FROM,
            }
            for form in FORMS_OF_ROLE[provider.role]
        ]
    clinics = [provider for provider in country.providers if provider.role == "polyclinic"]
    rows.append(
        {
            "bin": clinics[2].bin,
            "care_form": "railway_mobile",
            "profile": "all",
            "valid_from": world.OPEN_FROM,
            "valid_to": volume_cases.LICENCE_ENDS,
        }
    )
    for clinic in clinics[3:5]:
        rows += [
            {"bin": clinic.bin, "care_form": form, "profile": "all", "valid_from": world.OPEN_FROM}
            for form in ("pathology", "blood")
        ]
    return rows


def contract_rows(country: Country) -> list[Row]:
    rows: list[Row] = []
    clinics = [provider for provider in country.providers if provider.role == "polyclinic"]
    for provider in country.providers:
        forms = [
            *FORMS_OF_ROLE[provider.role],
            *(["railway_mobile"] if provider in clinics[1:3] else []),
        ]
        rows += [
            _line(provider, n, form, funding)
            for n, (form, funding) in enumerate((f, m) for f in forms for m in ("tmkkk", "osms"))
        ]
    rows.append(
        _line(clinics[4], 90, "pathology", "tmkkk") | {"valid_to": death_cases.CONTRACT_ENDS}
    )
    rows.append(
        _line(clinics[3], 91, "blood", "tmkkk") | {"service_code": world.SPECIAL["contracted"]}
    )
    return rows


def _line(provider: Provider, line: int, form: str, funding: str) -> Row:
    return {
        "contract_no": f"K-{provider.number}",
        "line": line,
        "bin": provider.bin,
        "care_form": form,
        "funding": funding,
        "service_code": "*",
        "valid_from": date(2025, 1, 1),
    }


def staff_rows(country: Country) -> list[Row]:
    doctors = [
        (provider, provider.doctor(n))
        for provider in country.providers
        for n in range(world.DOCTORS)
    ]
    rows: list[Row] = [
        {
            "performer_id": doctor,
            "bin": p.bin,
            "speciality": "therapy",
            "works_from": world.OPEN_FROM,
        }
        for p, doctor in doctors
    ]
    return rows + country.staff


def coefficient_rows(country: Country) -> list[Row]:
    pairs = [
        (provider, form) for provider in country.providers for form in FORMS_OF_ROLE[provider.role]
    ]
    entitled = [
        (p, form, world.coefficient(p, form))
        for p, form in pairs
        if world.coefficient(p, form) != 1
    ]
    return [
        {
            "bin": p.bin,
            "care_form": form,
            "kind": "regional",
            "valid_from": world.OPEN_FROM,
            "value": value,
        }
        for p, form, value in entitled
    ]


def person_row(person: Person) -> Row:
    return {
        "iin": person.iin,
        "birth_date": person.born,
        "sex": person.sex,
        "death_date": person.died,
        "death_cause": person.cause,
        "region": "71",
        "rural": False,
        "attached_bin": person.attached,
        "attached_since": person.attached_since,
        "attachment_consent": person.consent,
        "attachment_basis": person.basis,
        "category": "employed",
    }


def insured_row(person: Person) -> Row:
    return {
        "iin": person.iin,
        "valid_from": date(2025, 1, 1),
        "valid_to": person.insured_to,
        "basis": "demo",
    }
