SELECT
    c.provider_bin,
    c.service_id,
    p.sex AS seen,
    s.sex AS expected
FROM cur AS c INNER JOIN rules_today AS s ON s.code = c.service_code AND s.sex IS NOT NULL
INNER JOIN people AS p ON p.iin = c.iin
WHERE c.care_form IN ($forms) AND p.sex <> s.sex
