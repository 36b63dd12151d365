SELECT
    c.provider_bin,
    c.service_id,
    c.icd10_main AS seen,
    c.icd10_autopsy AS expected
FROM cur AS c
INNER JOIN icd_catalogue AS m ON m.icd10 = c.icd10_main
INNER JOIN icd_catalogue AS a ON a.icd10 = c.icd10_autopsy
WHERE c.care_form IN ($forms) AND c.icd10_autopsy IS NOT NULL AND m.block <> a.block
