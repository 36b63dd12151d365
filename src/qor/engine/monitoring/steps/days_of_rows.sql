SELECT $day_of_start AS performer_day
FROM $rows
UNION
SELECT $day_of_end
FROM $rows
