SELECT
    c.provider_bin,
    c.service_id,
    masked(c.iin) AS seen,
    cast(p.birth_date AS VARCHAR) AS expected
FROM cur AS c INNER JOIN disagreeing AS p ON p.iin = c.iin
WHERE c.care_form IN ($forms) AND coalesce(c.identity_kind, 'iin') = 'iin'
