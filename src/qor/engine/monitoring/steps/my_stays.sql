SELECT *
FROM my_years
WHERE ended_at >= $since
