SELECT
    performer_day,
    told
FROM days_of_performers
