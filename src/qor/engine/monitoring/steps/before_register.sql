SELECT *
FROM rows_around
WHERE ended_at < $month_first AND ended_at >= $since
