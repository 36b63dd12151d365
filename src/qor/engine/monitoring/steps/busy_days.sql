-- Of the performers' days that the new rows touch, those at several places or with long minutes.
SELECT
    d.performer_id,
    d.on_day
FROM (
    SELECT
        performer_id,
        service_code,
        quantity,
        place,
        cast(started_at AS DATE) AS on_day
    FROM performers_rows
    UNION ALL
    SELECT
        performer_id,
        NULL,
        NULL,
        place,
        cast(ended_at AS DATE)
    FROM performers_rows
    WHERE cast(ended_at AS DATE) > cast(started_at AS DATE)
) AS d
SEMI JOIN touched_days AS t ON t.performer_id = d.performer_id AND t.on_day = d.on_day
LEFT JOIN (
    SELECT
        code,
        max(minutes) AS minutes
    FROM service_rules
    WHERE minutes > 0
    GROUP BY code
) AS r ON r.code = d.service_code
GROUP BY d.performer_id, d.on_day
HAVING min(d.place) <> max(d.place) OR sum(r.minutes * coalesce(d.quantity, 1)) > $least
