-- The new rows whole; of the others around them only what checks ask of such rows.
SELECT
    $columns,
    unreadable,
    TRUE AS fresh,
    TRUE AS of_person,
    TRUE AS of_performer,
    TRUE AS of_time
FROM fresh_rows
UNION ALL
SELECT
    $around,
    cast(NULL AS VARCHAR) AS unreadable,
    FALSE,
    s.of_person,
    s.of_performer,
    s.of_time
FROM (
    SELECT
        o.*,
        o.touched AND (
            o.setting = 'inpatient' OR h.iin IS NOT NULL
            OR y.iin IS NOT NULL OR x.iin IS NOT NULL
        ) AS of_person
    FROM (
        SELECT
            r.*,
            p.iin IS NOT NULL AS touched,
            d.performer_id IS NOT NULL OR e.performer_id IS NOT NULL AS of_performer,
            w.service_id IS NOT NULL AS of_time
        FROM (SELECT $given FROM rows_elsewhere) AS r
        LEFT JOIN touched_persons AS p ON p.iin = r.iin
        LEFT JOIN busy_days AS d
            ON d.performer_id = r.performer_id AND d.on_day = cast(r.started_at AS DATE)
        LEFT JOIN busy_days AS e
            ON
                e.performer_id = r.performer_id
                AND e.on_day = cast(r.ended_at AS DATE)
                AND cast(r.ended_at AS DATE) > cast(r.started_at AS DATE)
        LEFT JOIN awaited_services AS w
            ON w.provider_bin = r.provider_bin AND w.service_id = r.service_id
        WHERE
            p.iin IS NOT NULL OR d.performer_id IS NOT NULL
            OR e.performer_id IS NOT NULL OR w.service_id IS NOT NULL
    ) AS o
    LEFT JOIN whole_persons AS h ON h.iin = o.iin
    LEFT JOIN touched_person_days AS y
        ON y.iin = o.iin AND y.on_day = cast(o.started_at AS DATE)
    LEFT JOIN touched_examinations AS x
        ON x.iin = o.iin AND x.service_code = o.service_code
) AS s
WHERE s.touched OR s.of_performer OR s.of_time
