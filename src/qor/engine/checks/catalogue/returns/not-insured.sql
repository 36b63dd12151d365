SELECT
    c.provider_bin,
    c.service_id,
    c.funding AS seen,
    cast(c.started_on AS VARCHAR) AS expected
FROM cur AS c
ANTI JOIN
    insured AS i
    ON
        i.iin = c.iin
        AND i.valid_from <= c.started_on
        AND (i.valid_to IS NULL OR i.valid_to >= c.started_on)
ANTI JOIN unknown_persons AS s ON s.iin = c.iin
WHERE
    c.care_form IN ($forms) AND c.funding = 'osms' AND c.iin IS NOT NULL
    AND coalesce(c.admission, 'planned') <> 'emergency' AND c.care_form <> 'ambulance'
