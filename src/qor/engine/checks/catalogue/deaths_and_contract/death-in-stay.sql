SELECT
    c.provider_bin,
    c.service_id,
    c.icd10_main AS seen
FROM cur AS c
WHERE
    c.care_form IN ($forms) AND c.setting IN ('inpatient', 'day_hospital') AND c.outcome = 'died'
    AND coalesce(c.icd10_main, '') NOT BETWEEN 'O00' AND 'O99.9'
