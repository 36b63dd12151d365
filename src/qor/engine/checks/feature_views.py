"""The SQL of the views that checks read (see features.py). `{days}` stands for the interval of the
run."""

from __future__ import annotations

from qor.engine.checks.prices import billed_code

# Stays that are a course or a stage by the dated table: found by each basis apart, so that each is
# a join on equality.
COURSE_STAYS = """CREATE OR REPLACE TEMP TABLE course_stays AS
    WITH course_icd AS MATERIALIZED (
        SELECT i.icd10, k.valid_from, k.valid_to FROM icd_catalogue i JOIN courses k
            ON k.basis = 'icd10'
           AND (i.icd10 = k.code OR i.disease = k.code
             OR (contains(k.code, '-') AND i.disease BETWEEN split_part(k.code, '-', 1)
                 AND split_part(k.code, '-', 2)))),
    named AS NOT MATERIALIZED (
        SELECT s.provider_bin, s.service_id, s.started_on, k.valid_from, k.valid_to
        FROM all_stays s JOIN courses k ON k.basis = 'bed_profile' AND k.code = s.bed_profile
        UNION ALL
        SELECT s.provider_bin, s.service_id, s.started_on, k.valid_from, k.valid_to
        FROM all_stays s JOIN courses k ON k.basis = 'group_code' AND k.code = s.group_code
        UNION ALL
        SELECT s.provider_bin, s.service_id, s.started_on, k.valid_from, k.valid_to
        FROM (SELECT provider_bin, service_id, started_on, unnest(operation_codes) AS code
            FROM all_stays WHERE array_length(operation_codes) > 0) s
        JOIN courses k ON k.basis = 'operation_code' AND k.code = s.code
        UNION ALL
        SELECT s.provider_bin, s.service_id, s.started_on, k.valid_from, k.valid_to FROM all_stays s
            JOIN course_icd k ON k.icd10 = s.icd10_main)
    SELECT DISTINCT provider_bin, service_id FROM named
    WHERE valid_from <= started_on AND (valid_to IS NULL OR valid_to >= started_on)"""

# What licences and contracts are asked of is the same for many rows: such kinds of rows, once each;
# and the codes billed on each day.
KINDS_OF_ROWS = """CREATE OR REPLACE TEMP TABLE kinds_of_rows AS
    SELECT provider_bin, care_form, funding, subcontract_bin, started_on, ended_on FROM cur
        GROUP BY ALL"""
BILLED_CODES = """CREATE OR REPLACE TEMP TABLE billed_codes AS
    SELECT billed_code, ended_on FROM cur WHERE billed_code IS NOT NULL GROUP BY ALL"""

_KNOWN_IIN = (
    "c.iin IS NOT NULL AND NOT EXISTS (SELECT 1 FROM unknown_persons b WHERE b.iin = c.iin "
    "AND NOT b.valid)"
)

# One record is the same person, code, performer and start; without a performer, every row is a
# record of its own. An empty quantity is one unit.
LIMITED = f"""CREATE OR REPLACE VIEW limited AS
    SELECT c.provider_bin, c.service_id, c.iin, c.service_code, c.care_form, c.started_on,
        c.registered_at, g.max_daily,
           coalesce(c.quantity, 1) AS quantity,
           {{days}} AS in_cur,
           row_number() OVER (PARTITION BY c.iin, c.service_code, coalesce(c.performer_id,
               c.provider_bin || '/' || c.service_id), c.started_at
                              ORDER BY c.registered_at, c.provider_bin, c.service_id) AS nth_of_same
    FROM month_rows c JOIN (
        SELECT c.iin, c.service_code, c.started_on, s.max_daily
        FROM month_rows c JOIN rules_today s ON s.code = c.service_code AND s.max_daily IS NOT NULL
        WHERE {_KNOWN_IIN}
        GROUP BY c.iin, c.service_code, c.started_on, s.max_daily
            HAVING sum(coalesce(c.quantity, 1)) > s.max_daily) g
      ON g.iin = c.iin AND g.service_code = c.service_code AND g.started_on = c.started_on"""

# Where a person has two services of one start, and a performer two places in one day: found once,
# so that the views on them are small.
# An identifier that is on no staff list (a placeholder) is not one performer.
# A record of an earlier month can only be met by a row that started before this month began.
OUTPATIENT = "coalesce(setting, 'visit') NOT IN ('inpatient', 'day_hospital')"
SAME_START = """CREATE OR REPLACE TEMP TABLE same_start AS
    SELECT iin, started_at FROM month_rows WHERE iin IS NOT NULL GROUP BY iin, started_at
        HAVING count(*) > 1
    UNION
    SELECT m.iin, m.started_at FROM month_rows m JOIN past_services p ON p.iin = m.iin
        AND p.started_at = m.started_at
    WHERE m.started_at < (SELECT first FROM run_days)"""
PERFORMER_TWO_SITES = f"""CREATE OR REPLACE TEMP TABLE performer_two_sites AS
    SELECT performer_id, on_day FROM (
        SELECT performer_id, started_on AS on_day, coalesce(subcontract_bin, provider_bin) AS place
            FROM month_rows
        WHERE performer_id IS NOT NULL AND {OUTPATIENT}
        UNION ALL
        SELECT performer_id, ended_on, coalesce(subcontract_bin, provider_bin) FROM month_rows
        WHERE performer_id IS NOT NULL AND {OUTPATIENT} AND ended_on > started_on) SEMI
            JOIN staff USING (performer_id)
    GROUP BY performer_id, on_day HAVING min(place) <> max(place)"""

# One record is the same person, what is priced, performer and start. A stay without a performer is
# the same stay all the same: nobody begins two.
STAY = "coalesce(setting, 'visit') IN ('inpatient', 'day_hospital')"
PRICED_BY = (
    f"coalesce({billed_code()}, CASE WHEN {STAY} THEN coalesce(group_code, service_code, "
    "bed_profile, '') END)"
)
DONE_BY = f"coalesce(performer_id, CASE WHEN {STAY} THEN '' END)"
_RECORD = f"""provider_bin, service_id, iin, care_form, started_at, registered_at, subcontract_bin,
    {PRICED_BY} AS priced_by, {DONE_BY} AS done_by"""
REPEATED = f"""CREATE OR REPLACE VIEW repeated AS
    SELECT c.*, row_number() OVER (PARTITION BY c.iin, c.priced_by, c.done_by, c.started_at
                                   ORDER BY c.registered_at, c.provider_bin,
                                       c.service_id) AS nth_of_same
    FROM (SELECT m.* FROM (SELECT {_RECORD}, {{days}} AS in_cur FROM month_rows) m
          JOIN same_start g ON g.iin = m.iin AND g.started_at = m.started_at
          UNION ALL
          SELECT p.* FROM (SELECT {_RECORD}, FALSE AS in_cur FROM past_services) p
          JOIN same_start g ON g.iin = p.iin AND g.started_at = p.started_at
          WHERE p.started_at < (SELECT first FROM run_days)) c
    WHERE c.done_by IS NOT NULL AND c.priced_by IS NOT NULL AND {_KNOWN_IIN}"""

TWO_PLACES = f"""CREATE OR REPLACE VIEW two_places AS
    SELECT c.provider_bin, c.service_id, c.iin, c.service_code, c.care_form, c.performer_id,
        g.on_day, c.started_at, c.ended_at, c.registered_at,
           coalesce(c.subcontract_bin, c.provider_bin) AS place, {{days}} AS in_cur
    FROM month_rows c
    JOIN performer_two_sites g ON g.performer_id = c.performer_id AND (g.on_day = c.started_on
        OR g.on_day = c.ended_on)
    LEFT JOIN rules_today s ON s.code = c.service_code
    WHERE {OUTPATIENT} AND coalesce(c.setting, 'visit') <> 'remote'
        AND NOT coalesce(s.remote_reading, FALSE)"""

# More on one day is the daily limit's affair where the code has one, and the same record twice is a
# duplicate: neither is a repeat.
DIAGNOSTICS = f"""CREATE OR REPLACE VIEW diagnostics AS
    WITH examined AS NOT MATERIALIZED (
        SELECT c.*, s.repeat_days, s.max_daily
        FROM (SELECT provider_bin, service_id, iin, service_code, care_form, performer_id,
            substr(icd10_main, 1, 3) AS disease, started_at,
                     started_on, registered_at, {{days}} AS in_cur FROM month_rows
              UNION ALL
              SELECT provider_bin, service_id, iin, service_code, care_form, performer_id,
                  substr(icd10_main, 1, 3), started_at,
                     CAST(started_at AS DATE), registered_at, FALSE FROM year_services) c
        JOIN rules_today s ON s.code = c.service_code AND s.diagnostic AND s.repeat_days IS NOT NULL
        WHERE c.iin IS NOT NULL AND c.disease IS NOT NULL)
    SELECT c.*, row_number() OVER (PARTITION BY c.iin, c.service_code, c.disease, c.started_on,
                                                CASE WHEN c.max_daily IS NULL
                                                    THEN c.started_at END, CASE
                                                    WHEN c.max_daily IS NULL THEN c.performer_id END
                                   ORDER BY c.started_at, c.registered_at, c.provider_bin,
                                       c.service_id) AS nth_of_day
    FROM examined c
    JOIN (SELECT iin, service_code FROM examined GROUP BY iin, service_code HAVING count(*) > 1) g
      ON g.iin = c.iin AND g.service_code = c.service_code
    WHERE {_KNOWN_IIN}"""

_COMPLICATION = "({0} BETWEEN 'Y40' AND 'Y84.9' OR {0} BETWEEN 'T80' AND 'T88.9')"
_ANY_COMPLICATION = " OR ".join(
    (
        _COMPLICATION.format("coalesce(c.icd10_main, '')"),
        _COMPLICATION.format("coalesce(p.death_cause, '')"),
        "coalesce(array_length(list_filter(c.icd10_other, lambda o: "
        f"{_COMPLICATION.format('o')})) > 0, FALSE)",
    )
)

INFANTS = f"""CREATE OR REPLACE VIEW infants AS
    SELECT c.provider_bin, c.service_id, c.care_form, c.started_at, c.started_on, c.icd10_main,
        {{days}} AS in_cur, p.birth_date,
           p.death_date AS died_on, coalesce(p.death_cause, c.icd10_main) AS cause, c.iin AS child,
               ({_ANY_COMPLICATION}) AS complication
    FROM month_rows c JOIN (SELECT * FROM dead WHERE date_diff('day', birth_date, death_date) <= 366
                            AND death_date BETWEEN (SELECT first FROM run_days) AND (SELECT last
                                FROM run_days)) p ON p.iin = c.iin
    UNION ALL
    SELECT c.provider_bin, c.service_id, c.care_form, c.started_at, c.started_on, c.icd10_main,
        {{days}}, NULL, c.ended_on, c.icd10_main,
           c.provider_bin || '/' || c.service_id,
               ({_ANY_COMPLICATION.replace("p.death_cause", "c.icd10_main")})
    FROM month_rows c WHERE c.identity_kind = 'newborn' AND c.outcome = 'died'
      AND NOT EXISTS (SELECT 1 FROM dead p WHERE p.iin = c.iin)"""

OPERATIONS = """CREATE OR REPLACE TEMP TABLE operations AS
    SELECT iin, CAST(started_at AS DATE) AS started_on, CAST(ended_at AS DATE) AS ended_on
    FROM (SELECT iin, started_at, ended_at, operation_codes FROM month_services
          UNION ALL SELECT iin, started_at, ended_at, operation_codes FROM past_services)
    WHERE iin IS NOT NULL AND array_length(operation_codes) > 0"""
SUBCONTRACTED = """CREATE OR REPLACE TEMP TABLE subcontracted AS
    SELECT DISTINCT iin, service_code, started_at, subcontract_bin FROM month_services
        WHERE subcontract_bin IS NOT NULL"""

WRITTEN = """CREATE OR REPLACE TEMP TABLE written AS
    SELECT prescription_id, prescriber_bin, service_id, drug_code, icd10, prescribed_on,
        dispensed_on FROM near_prescriptions
    WHERE service_id IS NOT NULL"""
ALL_CALLS = """CREATE OR REPLACE TEMP TABLE all_calls AS
    SELECT c.station_bin, c.call_id, c.iin, c.received_at, c.outcome, substr(c.diagnosis, 1,
        3) AS disease FROM near_calls c
    WHERE c.diagnosis IS NOT NULL AND c.iin IS NOT NULL AND NOT EXISTS (SELECT 1
        FROM unknown_persons b WHERE b.iin = c.iin AND NOT b.valid)"""
# Attached within the run's days at the person's own word, as it is said, but with no consent on
# file.
MOVED = """CREATE OR REPLACE TEMP TABLE moved AS SELECT iin, attached_bin, attached_since
    FROM people
    WHERE NOT attachment_consent AND coalesce(attachment_basis, 'application') = 'application'
      AND attached_since BETWEEN (SELECT first FROM run_days) AND (SELECT last FROM run_days)"""
NEWLY_ATTACHED = """CREATE OR REPLACE VIEW newly_attached AS
    SELECT c.provider_bin, c.service_id, c.care_form, c.iin, c.started_at, c.registered_at,
        p.attached_since, {days} AS in_cur
    FROM month_rows c JOIN moved p ON p.iin = c.iin AND p.attached_bin = c.provider_bin
        AND p.attached_since <= c.started_on
    WHERE c.care_form = 'primary'"""

GROUP_WEIGHTS = """CREATE OR REPLACE TEMP TABLE group_weights AS
    SELECT DISTINCT code, weight, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to
        FROM tariffs
    WHERE kind = 'group' AND weight IS NOT NULL AND coalesce(setting, '') <> 'day_hospital'"""
STAY_PATHS = """CREATE OR REPLACE TEMP TABLE stay_paths AS
    SELECT c.provider_bin, c.service_id, c.care_form, c.ended_on, c.group_code, c.icd10_main,
        p.operation_code
    FROM (SELECT provider_bin, service_id, care_form, ended_on, group_code, icd10_main,
        operation_codes FROM cur
          SEMI JOIN grouping ON grouping.icd10 = cur.icd10_main WHERE group_code IS NOT NULL) c
    JOIN (SELECT DISTINCT coalesce(operation_code, '') AS operation_code FROM grouping) p
      ON p.operation_code = '' OR list_contains(c.operation_codes, p.operation_code)"""

_BAD_OUTCOME = """(c.outcome IN ('worse', 'unchanged')
        OR (coalesce(c.outcome, '') <> 'died' AND coalesce(array_length(list_filter(c.icd10_other,
            lambda o: {complication})) > 0, FALSE)))""".format(
    complication=_COMPLICATION.format("o")
)
NEEDING = f"""CREATE OR REPLACE TEMP TABLE needing AS
    SELECT c.provider_bin, c.service_id, c.iin, c.care_form, c.icd10_main, c.started_at,
        c.operation_codes, n.requirement, n.within_hours, TRUE AS in_cur
    FROM cur c
    JOIN (SELECT icd10, requirement, max(within_hours) AS within_hours FROM needs_today
        GROUP BY icd10, requirement) n ON n.icd10 = c.icd10_main
    WHERE c.setting = 'inpatient' AND c.iin IS NOT NULL AND {_BAD_OUTCOME}"""
MET_NEEDS = """CREATE OR REPLACE TEMP TABLE met_needs AS
    SELECT k.provider_bin, k.service_id, k.requirement
    FROM needing k JOIN needs_today n ON n.icd10 = k.icd10_main AND n.requirement = k.requirement
    JOIN (SELECT iin, service_code, started_at FROM month_services
        UNION ALL SELECT iin, service_code, started_at FROM past_services) s
      ON s.iin = k.iin AND s.service_code = n.service_code
     AND s.started_at >= k.started_at - INTERVAL 1 HOUR * n.within_hours
         AND s.started_at <= k.started_at + INTERVAL 1 HOUR * n.within_hours
    UNION
    SELECT k.provider_bin, k.service_id, k.requirement
    FROM needing k JOIN needs_today n ON n.icd10 = k.icd10_main AND n.requirement = k.requirement
    WHERE list_contains(k.operation_codes, n.service_code)"""

# Laboratories have no minutes; a duty of a day (ward, ambulance) is no row of visits. A performer's
# day is the calendar day of the start.
WORKLOAD = """CREATE OR REPLACE VIEW workload AS
    SELECT m.provider_bin, m.service_id, m.care_form, m.performer_id, m.service_code, m.started_at,
        m.started_on, m.registered_at, {days} AS in_cur,
           CASE WHEN s.group_session THEN '' ELSE coalesce(m.iin,
               m.provider_bin || '/' || m.service_id) END AS whose,
           CAST(s.minutes AS DECIMAL(9, 0)) * coalesce(m.quantity, 1) AS minutes
    FROM month_rows m JOIN rules_today s ON s.code = m.service_code AND s.minutes > 0
    SEMI JOIN (SELECT DISTINCT performer_id FROM staff) w ON w.performer_id = m.performer_id
    WHERE m.setting IN ('visit', 'home_visit', 'remote') AND m.care_form <> 'ambulance'"""

TURNED_AWAY = f"""CREATE OR REPLACE VIEW turned_away AS
    SELECT c.provider_bin, c.service_id, c.iin, c.care_form, c.icd10_main, c.ended_at, c.ended_on,
        {{days}} AS in_cur FROM month_rows c
    WHERE c.setting = 'admission_department' AND c.outcome = 'refused' AND {_KNOWN_IIN}"""
