SELECT
    (SELECT count(*) FROM fresh_rows) AS new_rows,
    (SELECT count(*) FROM touched_persons) AS persons
