SELECT count(*) AS n
FROM month_rows
WHERE $only
