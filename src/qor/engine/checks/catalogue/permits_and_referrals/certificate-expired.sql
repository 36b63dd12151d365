SELECT
    c.provider_bin,
    c.service_id,
    c.performer_id AS seen,
    cast(max(s.certificate_to) AS VARCHAR) AS expected
FROM cur AS c
INNER JOIN staff AS s
    ON
        s.performer_id = c.performer_id AND s.bin = coalesce(c.subcontract_bin, c.provider_bin)
        AND s.works_from <= c.started_on AND (s.works_to IS NULL OR s.works_to >= c.started_on)
        AND (s.certificate_to < c.started_on OR s.certificate_from > c.started_on)
WHERE
    c.care_form IN ($forms)
    AND NOT EXISTS (
        SELECT 1
        FROM staff AS v
        WHERE
            v.performer_id = c.performer_id
            AND coalesce(v.certificate_from, v.certificate_to) IS NOT NULL
            AND (v.certificate_from IS NULL OR v.certificate_from <= c.started_on)
            AND (v.certificate_to IS NULL OR v.certificate_to >= c.started_on)
    )
GROUP BY c.provider_bin, c.service_id, c.performer_id
