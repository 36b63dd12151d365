SELECT $cells
FROM (
    SELECT from_json(told, '["VARCHAR"]') AS cells
    FROM $rows
    WHERE person IN ($persons)
) AS unpacked
