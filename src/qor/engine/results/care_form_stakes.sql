WITH of_services AS (
    SELECT
        $kind_of_care AS kind_of_care,
        provider_bin,
        service_id,
        count(*) AS n,
        max(proposed_deduction) AS stake
    FROM findings
    GROUP BY ALL
)

SELECT
    kind_of_care,
    sum(n) AS n,
    sum(stake) AS at_stake
FROM of_services
GROUP BY kind_of_care
