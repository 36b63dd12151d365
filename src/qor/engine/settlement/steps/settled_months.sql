SELECT DISTINCT service_month
FROM settled
