SELECT
    c.provider_bin,
    c.service_id,
    c.icd10_main AS seen
FROM cur AS c
WHERE
    c.care_form IN ($forms) AND c.setting IN ('inpatient', 'day_hospital') AND c.outcome = 'died'
    AND left(coalesce(c.icd10_main, ''), 3) NOT IN ($maternal)
