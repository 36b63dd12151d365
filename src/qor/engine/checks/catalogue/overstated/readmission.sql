SELECT
    r.provider_bin,
    r.service_id,
    cast(r.started_on AS VARCHAR) AS seen,
    cast(r.earlier_end AS VARCHAR) AS expected,
    r.earlier_bin AS other_provider_bin,
    r.earlier_id AS other_service_id
FROM (
    SELECT
        n.provider_bin,
        n.service_id,
        n.care_form,
        n.started_on,
        e.ended_on AS earlier_end,
        e.provider_bin AS earlier_bin,
        e.service_id AS earlier_id,
        row_number() OVER (
            PARTITION BY n.provider_bin, n.service_id
            ORDER BY e.ended_at DESC, e.provider_bin ASC, e.service_id ASC
        ) AS nearest
    FROM stays AS n
    INNER JOIN stays AS e
        ON
            e.iin = n.iin AND e.disease = n.disease AND e.ended_on <= n.started_on
            AND date_diff('day', e.ended_on, n.started_on) <= $readmission_days
            AND (
                e.started_at < n.started_at
                OR (e.started_at = n.started_at AND e.registered_at < n.registered_at)
                OR (
                    e.started_at = n.started_at AND e.registered_at = n.registered_at
                    AND e.provider_bin || '/' || e.service_id
                    < n.provider_bin || '/' || n.service_id
                )
            )
    INNER JOIN providers AS p ON p.bin = n.provider_bin
    WHERE
        n.in_cur AND n.care_form IN ($forms)
        AND coalesce(e.outcome, '') NOT IN ('left', 'refused')
        AND NOT (coalesce(e.outcome, '') = 'transferred' AND e.ended_on = n.started_on)
        AND NOT coalesce(
            e.started_at = n.started_at AND e.priced_by = n.priced_by AND e.done_by = n.done_by,
            FALSE
        )
        AND NOT coalesce(p.palliative, FALSE)
        AND NOT EXISTS (
            SELECT 1 FROM course_stays AS k
            WHERE k.provider_bin = n.provider_bin AND k.service_id = n.service_id
        )
        AND NOT EXISTS (
            SELECT 1 FROM course_stays AS k
            WHERE k.provider_bin = e.provider_bin AND k.service_id = e.service_id
        )
) AS r
WHERE r.nearest = 1
