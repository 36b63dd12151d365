SELECT
    d.provider_bin,
    d.service_id,
    d.seen,
    d.expected,
    d.other_provider_bin,
    d.other_service_id
FROM (
    SELECT
        n.provider_bin,
        n.service_id,
        cast(n.started_at AS VARCHAR) AS seen,
        cast(e.ended_at AS VARCHAR) AS expected,
        e.provider_bin AS other_provider_bin,
        e.service_id AS other_service_id,
        row_number() OVER (
            PARTITION BY n.provider_bin, n.service_id
            ORDER BY e.registered_at, e.provider_bin, e.service_id
        ) AS nth
    FROM two_places AS n
    INNER JOIN two_places AS e
        ON
            e.performer_id = n.performer_id AND e.on_day = n.on_day
            AND e.place <> n.place
            AND (
                (n.started_at < e.ended_at AND e.started_at < n.ended_at)
                OR n.started_at = e.started_at
            )
            AND (
                e.registered_at < n.registered_at
                OR (e.registered_at = n.registered_at AND (
                    e.provider_bin < n.provider_bin
                    OR (e.provider_bin = n.provider_bin AND e.service_id < n.service_id)
                ))
            )
    WHERE
        n.in_cur AND n.care_form IN ($forms)
        AND NOT coalesce(
            e.iin = n.iin AND e.started_at = n.started_at AND e.service_code = n.service_code,
            FALSE
        )
) AS d
WHERE d.nth = 1
