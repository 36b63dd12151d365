SELECT
    c.provider_bin,
    c.service_id,
    c.icd10_main AS seen,
    cast(p.birth_date AS VARCHAR) AS expected
FROM cur AS c
INNER JOIN
    icd_limits AS l
    ON l.icd10 = c.icd10_main AND (l.age_min IS NOT NULL OR l.age_max IS NOT NULL)
INNER JOIN people AS p ON p.iin = c.iin
WHERE
    c.care_form IN ($forms) AND c.started_on >= p.birth_date
    AND (
        full_years(p.birth_date, c.started_on) < l.age_min
        OR full_years(p.birth_date, c.started_on) > l.age_max
    )
