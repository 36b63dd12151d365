-- One record is the same person, what is priced, performer and start. A stay without a performer
-- is the same stay all the same: nobody begins two.
SELECT
    c.*,
    row_number() OVER (
        PARTITION BY c.iin, c.priced_by, c.done_by, c.started_at
        ORDER BY c.registered_at, c.provider_bin, c.service_id
    ) AS nth_of_same
FROM (
    SELECT m.*
    FROM (SELECT
        provider_bin,
        service_id,
        iin,
        care_form,
        started_at,
        registered_at,
        subcontract_bin,
        $priced_by AS priced_by,
        $done_by AS done_by,
        $days AS in_cur
    FROM month_rows) AS m
    INNER JOIN same_start AS g ON g.iin = m.iin AND g.started_at = m.started_at
    UNION ALL
    SELECT p.*
    FROM (SELECT
        provider_bin,
        service_id,
        iin,
        care_form,
        started_at,
        registered_at,
        subcontract_bin,
        $priced_by AS priced_by,
        $done_by AS done_by,
        FALSE AS in_cur
    FROM past_services) AS p
    INNER JOIN same_start AS g ON g.iin = p.iin AND g.started_at = p.started_at
    WHERE p.started_at < (SELECT first FROM run_days)
) AS c
WHERE
    c.done_by IS NOT NULL AND c.priced_by IS NOT NULL
    AND c.iin IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM unknown_persons AS b
        WHERE b.iin = c.iin AND NOT b.valid
    )
