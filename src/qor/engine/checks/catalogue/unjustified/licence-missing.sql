SELECT
    c.provider_bin,
    c.service_id,
    c.care_form AS seen,
    cast(c.started_on AS VARCHAR) AS expected
FROM cur AS c
INNER JOIN (
    SELECT DISTINCT
        r.provider_bin,
        r.care_form,
        r.subcontract_bin,
        r.started_on
    FROM kinds_of_rows AS r
    WHERE
        r.care_form IN ($forms)
        AND NOT EXISTS (
            SELECT 1
            FROM licences AS l
            WHERE
                l.bin = r.provider_bin AND l.care_form = r.care_form
                AND l.valid_from <= r.started_on
                AND (l.valid_to IS NULL OR l.valid_to >= r.started_on)
        )
        AND NOT EXISTS (
            SELECT 1
            FROM licences AS l
            WHERE
                l.bin = r.subcontract_bin AND l.care_form = r.care_form
                AND l.valid_from <= r.started_on
                AND (l.valid_to IS NULL OR l.valid_to >= r.started_on)
        )
) AS u
    ON
        u.provider_bin = c.provider_bin
        AND u.care_form = c.care_form
        AND u.started_on = c.started_on
        AND coalesce(u.subcontract_bin, '') = coalesce(c.subcontract_bin, '')
