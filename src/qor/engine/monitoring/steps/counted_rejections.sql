-- The latest rejection of each key that the lake does not hold; a second row of a key in one file
-- was handed in beside the first.
SELECT * EXCLUDE (filename, nth)
FROM (
    SELECT
        r.*,
        row_number() OVER (
            PARTITION BY
                r.provider_bin,
                r.row_key,
                r.reason = 'second_of_key',
                CASE
                    WHEN r.provider_bin IS NULL OR r.row_key IS NULL
                        THEN r.receipt || '/' || r.line
                END
            ORDER BY o.number DESC, r.line DESC
        ) AS nth
    FROM $rejected AS r
    INNER JOIN ($commits) AS o ON o.filename = r.filename
    WHERE
        r."table" = 'services' AND r.month = $month
        AND (
            r.reason = 'second_of_key'
            OR NOT EXISTS (
                SELECT 1
                FROM month_services AS s
                WHERE s.provider_bin = r.provider_bin AND s.service_id = r.row_key
            )
        )
) AS n
WHERE nth = 1
