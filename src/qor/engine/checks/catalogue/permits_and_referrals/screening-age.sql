SELECT
    c.provider_bin,
    c.service_id,
    cast(p.birth_date AS VARCHAR) AS seen,
    coalesce(cast(s.age_min AS VARCHAR), '')
    || '-'
    || coalesce(cast(s.age_max AS VARCHAR), '') AS expected
FROM cur AS c INNER JOIN rules_today AS s ON s.code = c.service_code AND s.screening
INNER JOIN people AS p ON p.iin = c.iin
WHERE
    c.care_form IN ($forms) AND c.started_on >= p.birth_date
    AND (
        full_years(p.birth_date, c.started_on) < s.age_min
        OR full_years(p.birth_date, c.started_on) > s.age_max
    )
