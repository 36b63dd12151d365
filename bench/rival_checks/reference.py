"""What both rivals of `bench/rivals.py` are given in memory: the small tables."""

from __future__ import annotations

from datetime import date, timedelta

from qor.engine.storage.duck import Connection
from qor.law.reading.calendar import is_working_day

Found = dict[str, set[tuple[str, str]]]


class Reference:
    """What both rivals are given in memory: the small tables."""

    def __init__(self, connection: Connection) -> None:
        self.staff = set(connection.execute("SELECT performer_id, bin FROM staff").fetchall())
        self.codes = {row[0] for row in connection.execute("SELECT code FROM tariffs").fetchall()}
        self.icd = {
            row[0] for row in connection.execute("SELECT icd10 FROM icd_catalogue").fetchall()
        }
        self.sex = dict(
            connection.execute(
                "SELECT code, sex FROM service_rules WHERE sex IS NOT NULL"
            ).fetchall()
        )
        self.palliative = {
            row[0]
            for row in connection.execute("SELECT bin FROM providers WHERE palliative").fetchall()
        }
        self.courses = set(
            connection.execute("SELECT provider_bin, service_id FROM course_stays").fetchall()
        )
        self.working: dict[date, int] = {}
        total, day = 0, date(2025, 1, 1)
        while day < date(2027, 1, 1):
            total += is_working_day(day)
            self.working[day] = total
            day += timedelta(days=1)
