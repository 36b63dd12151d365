SELECT
    c.provider_bin,
    c.service_id,
    masked(c.iin) AS seen
FROM cur AS c INNER JOIN unknown_persons AS s ON s.iin = c.iin
WHERE c.care_form IN ($forms) AND coalesce(c.identity_kind, 'iin') = 'iin' AND s.valid
