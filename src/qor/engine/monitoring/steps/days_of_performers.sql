-- Rows by performer and day; one that ends on a later day also by that.
SELECT
    $day_of_start AS performer_day,
    service_code,
    $packed AS told
FROM services
WHERE performer_id IS NOT NULL AND $outpatient
UNION ALL
SELECT
    $day_of_end,
    service_code,
    $packed
FROM services
WHERE
    performer_id IS NOT NULL AND $outpatient
    AND cast(ended_at AS DATE) > cast(started_at AS DATE)
