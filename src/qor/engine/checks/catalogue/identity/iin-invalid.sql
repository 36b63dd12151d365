SELECT
    c.provider_bin,
    c.service_id,
    cast(NULL AS VARCHAR) AS seen
FROM cur AS c
WHERE c.iin IS NULL AND c.care_form IN ($forms) AND coalesce(c.identity_kind, 'iin') = 'iin'
UNION ALL
SELECT
    c.provider_bin,
    c.service_id,
    masked(c.iin) AS seen
FROM cur AS c INNER JOIN unknown_persons AS s ON s.iin = c.iin AND NOT s.valid
WHERE c.care_form IN ($forms) AND coalesce(c.identity_kind, 'iin') = 'iin'
