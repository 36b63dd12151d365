SELECT
    c.provider_bin,
    c.service_id,
    c.icd10_main AS seen
FROM cur AS c
WHERE
    c.care_form IN ($forms) AND c.care_form <> 'blood'
    AND NOT EXISTS (
        SELECT 1 FROM icd_catalogue AS i
        WHERE i.icd10 = c.icd10_main
    )
