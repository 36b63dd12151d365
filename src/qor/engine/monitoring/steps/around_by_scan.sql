SELECT $columns
FROM scanned_services
WHERE
    iin IN (SELECT iin FROM mine)
    OR performer_id IN (SELECT performer_id FROM mine)
