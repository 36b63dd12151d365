-- Which check was asked about which row of the slice.
SELECT
    r."check",
    m.provider_bin,
    m.service_id
FROM reaches AS r
INNER JOIN slice AS m
    ON
        m.fresh
        OR CASE r.reach
            WHEN 'person' THEN m.of_person
            WHEN 'performer' THEN m.of_performer
            WHEN 'time' THEN m.of_time
            ELSE FALSE
        END
