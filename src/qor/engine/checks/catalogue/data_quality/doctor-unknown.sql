SELECT
    c.provider_bin,
    c.service_id,
    c.performer_id AS seen
FROM (
    SELECT p.* FROM cur AS p
    ANTI JOIN staff AS s
        ON
            s.performer_id = p.performer_id AND s.bin = p.provider_bin
            AND s.works_from <= p.started_on
            AND (s.works_to IS NULL OR s.works_to >= p.started_on)
    WHERE p.care_form IN ($forms) AND p.performer_id IS NOT NULL
) AS c
ANTI JOIN staff
    AS s ON s.performer_id = c.performer_id AND s.bin = c.subcontract_bin
AND s.works_from <= c.started_on AND (s.works_to IS NULL OR s.works_to >= c.started_on)
