SELECT DISTINCT
    c.iin,
    c.service_code
FROM changed_rows AS c
INNER JOIN (
    SELECT DISTINCT code FROM service_rules WHERE diagnostic AND repeat_days IS NOT NULL
) AS r ON r.code = c.service_code
WHERE c.iin IS NOT NULL
