SELECT
    provider_bin,
    care_form,
    CASE WHEN kind = 'per_capita_unpaid' THEN 'per_capita' ELSE kind END AS made_kind,
    sum(amount) AS amount
FROM made
WHERE service_month = $month
GROUP BY ALL
