SELECT $cells
FROM (
    SELECT from_json(told, '["VARCHAR"]') AS cells
    FROM (
        SELECT told FROM person_index.services
        WHERE person IN ($persons)
        UNION
        SELECT told FROM person_index.working_days
        WHERE performer_day IN ($days)
        UNION
        SELECT told FROM person_index.performer_days
        WHERE performer_day IN ($days_elsewhere)
    ) AS packed
) AS unpacked
