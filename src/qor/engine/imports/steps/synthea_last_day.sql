SELECT max(cast(cast(stop AS TIMESTAMP) AS DATE)) AS last_day
FROM s_encounters
