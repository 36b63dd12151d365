SELECT DISTINCT service_month
FROM waiting
