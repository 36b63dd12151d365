SELECT
    c.station_bin,
    c.call_id,
    c.iin,
    c.received_at,
    c.outcome,
    substr(
        c.diagnosis, 1,
        3
    ) AS disease
FROM near_calls AS c
WHERE c.diagnosis IS NOT NULL AND c.iin IS NOT NULL AND NOT EXISTS (
    SELECT 1
    FROM unknown_persons AS b
    WHERE b.iin = c.iin AND NOT b.valid
)
