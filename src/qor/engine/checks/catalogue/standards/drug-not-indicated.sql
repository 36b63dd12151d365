SELECT
    c.provider_bin,
    c.service_id,
    min(p.drug_code) AS seen,
    min(coalesce(p.icd10, c.icd10_main)) AS expected
FROM cur AS c
INNER JOIN
    written AS p
    ON
        p.prescriber_bin = c.provider_bin
        AND p.service_id = c.service_id
        AND p.dispensed_on IS NOT NULL
INNER JOIN (SELECT DISTINCT drug_code FROM drug_uses) AS k ON k.drug_code = p.drug_code
WHERE
    c.care_form IN ($forms) AND coalesce(p.icd10, c.icd10_main) IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM drug_uses AS u
        WHERE u.drug_code = p.drug_code AND u.icd10 = coalesce(p.icd10, c.icd10_main)
    )
GROUP BY c.provider_bin, c.service_id
