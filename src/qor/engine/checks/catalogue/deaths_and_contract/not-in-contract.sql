SELECT
    c.provider_bin,
    c.service_id,
    c.care_form AS seen,
    coalesce(c.billed_code, '') AS expected
FROM cur AS c
INNER JOIN (
    SELECT DISTINCT
        r.provider_bin,
        r.care_form,
        r.funding,
        r.ended_on
    FROM kinds_of_rows AS r
    WHERE
        r.care_form IN ($forms)
        AND NOT EXISTS (
            SELECT 1
            FROM contracts AS k
            WHERE
                k.bin = r.provider_bin AND k.care_form = r.care_form
                AND k.funding = coalesce(r.funding, k.funding)
                AND coalesce(k.service_code, '*') = '*'
                AND k.valid_from <= r.ended_on AND (k.valid_to IS NULL OR k.valid_to >= r.ended_on)
        )
) AS u
    ON
        u.provider_bin = c.provider_bin AND u.care_form = c.care_form AND u.ended_on = c.ended_on
        AND coalesce(u.funding, '') = coalesce(c.funding, '')
WHERE NOT EXISTS (
    SELECT 1
    FROM contracts AS k
    WHERE
        k.bin = c.provider_bin AND k.care_form = c.care_form
        AND k.funding = coalesce(c.funding, k.funding) AND k.service_code = c.billed_code
        AND k.valid_from <= c.ended_on AND (k.valid_to IS NULL OR k.valid_to >= c.ended_on)
)
