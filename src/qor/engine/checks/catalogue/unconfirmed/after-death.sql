SELECT
    c.provider_bin,
    c.service_id,
    cast(c.started_on AS VARCHAR) AS seen,
    cast(p.death_date AS VARCHAR) AS expected
FROM cur AS c INNER JOIN dead AS p ON p.iin = c.iin
LEFT JOIN rules_today AS s ON s.code = c.service_code
WHERE
    c.care_form IN ($forms) AND c.started_on > p.death_date
    AND c.care_form <> 'pathology' AND NOT coalesce(s.donor, FALSE)
    AND (c.sample_taken_on IS NULL OR c.sample_taken_on > p.death_date)
