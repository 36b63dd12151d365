SELECT
    c.provider_bin,
    c.service_id,
    c.billed_code AS seen
FROM cur AS c
INNER JOIN (
    SELECT
        b.billed_code,
        b.ended_on
    FROM billed_codes AS b
    WHERE NOT EXISTS (
        SELECT 1
        FROM tariffs AS t
        WHERE
            t.code = b.billed_code
            AND t.valid_from <= b.ended_on AND (t.valid_to IS NULL OR t.valid_to >= b.ended_on)
    )
) AS u
    ON u.billed_code = c.billed_code AND u.ended_on = c.ended_on
WHERE c.care_form IN ($forms)
