-- What was paid more of earlier lines uses their contract up; what came back frees nothing.
SELECT
    contract_no,
    care_form,
    funding,
    service_month,
    cast(sum(moved) AS DECIMAL(38, 2)) AS used,
    cast(sum(moved) AS DECIMAL(38, 2)) AS accepted,
    FALSE AS unscaled
FROM moved_before
WHERE kind <> 'never_served'
GROUP BY ALL
HAVING sum(moved) > 0
