-- The first and the last day on which a service of the month ended.
SELECT
    min(cast(ended_at AS DATE)) AS first,
    max(cast(ended_at AS DATE)) AS last
FROM month_services
