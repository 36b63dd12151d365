SELECT
    start,
    patient,
    code,
    base_cost,
    dispenses,
    row_number() OVER (ORDER BY start, patient, encounter, code) AS n
FROM s_medications
ORDER BY n
