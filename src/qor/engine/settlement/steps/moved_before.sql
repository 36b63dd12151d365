-- What lists loaded late have changed so far, by line; sums that hang on no service by their name.
SELECT
    provider_bin,
    contract_no,
    care_form,
    funding,
    service_month,
    kind,
    CASE WHEN kind = 'moved' THEN '' ELSE service_id END AS name,
    cast(sum(accepted) AS DECIMAL(38, 2)) AS moved,
    arg_max(amount, act_month) AS worth
FROM settled_before
WHERE kind IN ('moved', 'moved_sum', 'never_served')
GROUP BY ALL
