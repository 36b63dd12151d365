SELECT
    p.performer_id,
    p.on_day
FROM (
    SELECT
        performer_id,
        started_on AS on_day,
        coalesce(subcontract_bin, provider_bin) AS place
    FROM month_rows
    WHERE
        performer_id IS NOT NULL AND coalesce(setting, 'visit') NOT IN ('inpatient', 'day_hospital')
    UNION ALL
    SELECT
        performer_id,
        ended_on,
        coalesce(subcontract_bin, provider_bin)
    FROM month_rows
    WHERE
        performer_id IS NOT NULL
        AND coalesce(setting, 'visit') NOT IN ('inpatient', 'day_hospital')
        AND ended_on > started_on
) AS p
SEMI JOIN staff AS s ON s.performer_id = p.performer_id
GROUP BY p.performer_id, p.on_day
HAVING min(p.place) <> max(p.place)
