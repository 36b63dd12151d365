SELECT
    c.provider_bin,
    c.service_id,
    cast(CASE WHEN c.ended_at < c.started_at THEN c.started_at ELSE c.ended_at END AS VARCHAR)
        AS seen,
    cast(CASE WHEN c.ended_at < c.started_at THEN c.ended_at ELSE c.registered_at END AS VARCHAR)
        AS expected
FROM cur AS c
WHERE
    c.care_form IN ($forms)
    AND (
        (
            c.ended_at < c.started_at
            -- a day without its time of day: all that is known is the day
            AND NOT (c.ended_on = c.started_on AND c.ended_at = cast(c.ended_on AS TIMESTAMP))
        )
        OR (
            c.ended_at > c.registered_at
            AND NOT (
                c.registered_on = c.ended_on
                AND c.registered_at = cast(c.registered_on AS TIMESTAMP)
            )
        )
    )
