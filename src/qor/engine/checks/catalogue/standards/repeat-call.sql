SELECT
    r.provider_bin,
    r.service_id,
    r.seen,
    r.expected,
    r.earlier_bin AS other_provider_bin,
    r.earlier_id AS other_service_id
FROM (
    SELECT
        c.provider_bin,
        c.service_id,
        cast(n.received_at AS VARCHAR) AS seen,
        cast(e.received_at AS VARCHAR) AS expected,
        e.station_bin AS earlier_bin,
        e.call_id AS earlier_id,
        row_number() OVER (
            PARTITION BY c.provider_bin, c.service_id
            ORDER BY e.received_at DESC, e.station_bin ASC, e.call_id ASC
        ) AS nth
    FROM cur AS c
    INNER JOIN all_calls AS n ON n.station_bin = c.provider_bin AND n.call_id = c.service_id
    INNER JOIN all_calls AS e
        ON
            e.iin = n.iin AND e.disease = n.disease AND e.received_at < n.received_at
            AND n.received_at <= e.received_at + INTERVAL 1 HOUR * $repeat_call_hours
    WHERE
        c.care_form IN ($forms)
        AND e.outcome = 'left_home'
        AND n.outcome IN ('hospitalised', 'died')
) AS r
WHERE r.nth = 1
