SELECT coalesce(max(list), 0) AS number
FROM scale_marks
