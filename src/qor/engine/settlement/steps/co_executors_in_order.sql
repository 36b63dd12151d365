SELECT *
FROM co_executors
ORDER BY ALL
