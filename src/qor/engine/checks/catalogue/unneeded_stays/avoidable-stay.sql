SELECT
    c.provider_bin,
    c.service_id,
    c.icd10_main AS seen,
    cast(date_diff('day', c.started_on, c.ended_on) AS VARCHAR) AS expected
FROM cur AS c INNER JOIN icd_limits AS l ON l.icd10 = c.icd10_main AND l.outpatient_treatable
WHERE
    c.care_form IN ($forms)
    AND c.setting = 'inpatient'
    AND coalesce(c.admission, 'planned') = 'planned'
    AND coalesce(array_length(c.operation_codes), 0) = 0
    AND date_diff('day', c.started_on, c.ended_on) <= $avoidable_stay_days
    AND coalesce(c.outcome, '') NOT IN ('died', 'transferred')
