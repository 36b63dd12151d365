SELECT
    *,
    cast(started_at AS DATE) AS started_on,
    cast(ended_at AS DATE) AS ended_on,
    cast(registered_at AS DATE) AS registered_on,
    cast(sample_taken_at AS DATE) AS sample_taken_on,
    $billed_code AS billed_code
FROM month_services
