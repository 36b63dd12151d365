SELECT
    c.provider_bin,
    c.service_id,
    c.iin,
    c.care_form,
    c.icd10_main,
    c.started_at,
    c.operation_codes,
    n.requirement,
    n.within_hours,
    TRUE AS in_cur
FROM cur AS c
INNER JOIN (
    SELECT
        icd10,
        requirement,
        max(within_hours) AS within_hours
    FROM needs_today
    GROUP BY icd10, requirement
) AS n
    ON n.icd10 = c.icd10_main
WHERE c.setting = 'inpatient' AND c.iin IS NOT NULL AND (
    c.outcome IN ('worse', 'unchanged')
    OR (coalesce(c.outcome, '') <> 'died' AND coalesce(array_length(list_filter(
        c.icd10_other,
        LAMBDA o: left(o, 3) IN ($complications)
    )) > 0, FALSE))
)
