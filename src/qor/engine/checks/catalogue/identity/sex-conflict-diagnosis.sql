SELECT
    c.provider_bin,
    c.service_id,
    c.icd10_main AS seen,
    l.sex AS expected
FROM cur AS c INNER JOIN icd_limits AS l ON l.icd10 = c.icd10_main AND l.sex IS NOT NULL
INNER JOIN people AS p ON p.iin = c.iin
WHERE c.care_form IN ($forms) AND p.sex <> l.sex
