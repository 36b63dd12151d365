SELECT
    performer_day,
    told
FROM days_of_performers
WHERE service_code IN (SELECT code FROM service_rules WHERE minutes > 0)
