SELECT
    iin,
    cast(started_at AS DATE) AS started_on,
    cast(ended_at AS DATE) AS ended_on
FROM (
    SELECT
        iin,
        started_at,
        ended_at,
        operation_codes
    FROM month_services
    UNION ALL
    SELECT
        iin,
        started_at,
        ended_at,
        operation_codes
    FROM past_services
) AS s
WHERE iin IS NOT NULL AND array_length(operation_codes) > 0
