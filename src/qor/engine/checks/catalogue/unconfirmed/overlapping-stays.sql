SELECT
    s.provider_bin,
    s.service_id,
    s.seen,
    s.expected,
    s.other_provider_bin,
    s.other_service_id
FROM (
    SELECT
        n.provider_bin,
        n.service_id,
        cast(n.started_on AS VARCHAR) AS seen,
        cast(e.ended_on AS VARCHAR) AS expected,
        e.provider_bin AS other_provider_bin,
        e.service_id AS other_service_id,
        row_number() OVER (
            PARTITION BY n.provider_bin, n.service_id
            ORDER BY e.registered_at, e.provider_bin, e.service_id
        ) AS nth
    FROM stays AS n
    INNER JOIN stays AS e
        ON
            e.iin = n.iin
            AND n.started_on < e.ended_on AND e.started_on < n.ended_on
            AND n.started_on < n.ended_on AND e.started_on < e.ended_on
            AND (
                e.registered_at < n.registered_at
                OR (e.registered_at = n.registered_at AND (
                    e.provider_bin < n.provider_bin
                    OR (e.provider_bin = n.provider_bin AND e.service_id < n.service_id)
                ))
            )
    WHERE
        n.in_cur
        AND n.care_form IN ($forms)
        AND NOT coalesce(
            e.started_at = n.started_at AND e.priced_by = n.priced_by AND e.done_by = n.done_by,
            FALSE
        )
) AS s
WHERE s.nth = 1
