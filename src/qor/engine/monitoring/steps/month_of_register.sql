SELECT
    $columns,
    unreadable
FROM mine
UNION ALL
SELECT *
FROM rows_around
WHERE strftime(ended_at, '%Y-%m') = $month
