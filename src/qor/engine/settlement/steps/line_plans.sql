SELECT
    contract_no,
    care_form,
    funding,
    service_month,
    cast(sum(CASE
        WHEN $aside THEN 0
        ELSE amount
    END) AS DECIMAL(38, 2)) AS plan
FROM contract_services
GROUP BY ALL
