SELECT
    d.provider_bin,
    d.service_id,
    d.seen,
    d.expected,
    d.stay_bin AS other_provider_bin,
    d.stay_id AS other_service_id
FROM (
    SELECT
        c.provider_bin,
        c.service_id,
        cast(c.started_on AS VARCHAR) AS seen,
        cast(o.ended_on AS VARCHAR) AS expected,
        o.provider_bin AS stay_bin,
        o.service_id AS stay_id,
        row_number() OVER (
            PARTITION BY c.provider_bin, c.service_id
            ORDER BY o.started_at, o.provider_bin, o.service_id
        ) AS nth
    FROM cur AS c
    INNER JOIN (
        SELECT * FROM stays
        WHERE ended_on > (SELECT min(started_on) FROM cur)
    ) AS o
        ON
            o.iin = c.iin AND o.provider_bin <> c.provider_bin
            AND c.started_on > o.started_on AND c.started_on < o.ended_on
    LEFT JOIN rules_today AS s ON s.code = c.service_code
    WHERE
        c.care_form IN ($forms)
        AND coalesce(c.setting, 'visit') IN ('visit', 'home_visit', 'remote', 'call')
        AND c.care_form NOT IN ('ambulance', 'pathology') AND c.subcontract_bin IS NULL
        AND NOT coalesce(s.dialysis, FALSE) AND NOT coalesce(s.prescription, FALSE)
        AND (c.sample_taken_on IS NULL OR c.sample_taken_on > o.started_on)
        AND NOT EXISTS (
            SELECT 1
            FROM subcontracted AS m
            WHERE
                m.iin = c.iin AND m.started_at = c.started_at
                AND m.service_code = c.service_code AND m.subcontract_bin = c.provider_bin
        )
) AS d
WHERE d.nth = 1
