SELECT DISTINCT service_month
FROM settled
WHERE kind = 'released'
ORDER BY ALL
