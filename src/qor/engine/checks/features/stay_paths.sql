SELECT
    c.provider_bin,
    c.service_id,
    c.care_form,
    c.ended_on,
    c.group_code,
    c.icd10_main,
    p.operation_code
FROM (SELECT
    provider_bin,
    service_id,
    care_form,
    ended_on,
    group_code,
    icd10_main,
    operation_codes
FROM cur
SEMI JOIN grouping ON grouping.icd10 = cur.icd10_main
WHERE group_code IS NOT NULL) AS c
INNER JOIN (SELECT DISTINCT coalesce(operation_code, '') AS operation_code FROM grouping) AS p
    ON p.operation_code = '' OR list_contains(c.operation_codes, p.operation_code)
