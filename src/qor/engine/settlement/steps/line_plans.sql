SELECT
    contract_no,
    care_form,
    funding,
    service_month,
    cast(sum(CASE
        WHEN wholly_left_alone THEN 0
        ELSE amount
    END) AS DECIMAL(38, 2)) AS plan
FROM (
    SELECT
        contract_no,
        provider_bin,
        care_form,
        funding,
        service_code,
        service_month,
        amount,
        bool_and($left_alone) AS wholly_left_alone
    FROM contract_services
    GROUP BY contract_no, provider_bin, care_form, funding, service_code, service_month, amount
)
GROUP BY contract_no, care_form, funding, service_month
