SELECT
    m.provider_bin,
    m.service_id,
    m.requirement AS seen,
    cast(m.within_hours AS VARCHAR) AS expected
FROM (
    SELECT
        c.provider_bin,
        c.service_id,
        c.requirement,
        c.within_hours,
        row_number() OVER (PARTITION BY c.provider_bin, c.service_id ORDER BY c.requirement) AS nth
    FROM needing AS c
    WHERE
        c.in_cur AND c.care_form IN ($forms)
        AND NOT EXISTS (
            SELECT 1
            FROM met_needs AS g
            WHERE
                g.provider_bin = c.provider_bin AND g.service_id = c.service_id
                AND g.requirement = c.requirement
        )
) AS m
WHERE m.nth = 1
