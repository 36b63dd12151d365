SELECT
    c.provider_bin,
    c.service_id,
    cast(c.started_on AS VARCHAR) AS seen,
    cast(p.birth_date AS VARCHAR) AS expected
FROM cur AS c INNER JOIN people AS p ON p.iin = c.iin
WHERE c.care_form IN ($forms) AND c.started_on < p.birth_date
