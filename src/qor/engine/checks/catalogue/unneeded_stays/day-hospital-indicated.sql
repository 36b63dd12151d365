SELECT
    c.provider_bin,
    c.service_id,
    c.icd10_main AS seen
FROM cur AS c INNER JOIN icd_limits AS l ON l.icd10 = c.icd10_main AND l.day_hospital_indicated
WHERE
    c.care_form IN ($forms)
    AND c.setting = 'inpatient'
    AND coalesce(c.admission, 'planned') = 'planned'
    AND coalesce(array_length(c.operation_codes), 0) = 0
    AND NOT coalesce(l.outpatient_treatable, FALSE)
    AND coalesce(c.outcome, '') NOT IN ('died', 'transferred')
