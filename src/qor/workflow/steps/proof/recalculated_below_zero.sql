WITH moved AS (
    SELECT
        b.bin,
        a.contract_no,
        l.care_form,
        l.funding,
        l.service_month,
        cast(l.accepted AS DECIMAL(38, 2)) / 100 AS amount
    FROM acts_actline AS l
    INNER JOIN acts_act AS a ON l.act_id = a.id
    INNER JOIN accounts_organisation AS b ON a.provider_id = b.id
    UNION ALL
    SELECT
        provider_bin AS bin,
        contract_no,
        care_form,
        funding,
        service_month,
        accepted AS amount
    FROM settled
    WHERE kind IN ('moved', 'moved_sum')
)

SELECT
    bin,
    contract_no,
    service_month
FROM moved
GROUP BY bin, contract_no, care_form, funding, service_month
HAVING sum(amount) < 0
ORDER BY ALL
