SELECT DISTINCT service_month
FROM tariffs_moved
ORDER BY service_month
