-- A line for each provider, care form and funding, and one of what was rejected at intake.
SELECT
    $month AS month,
    s.provider_bin,
    s.care_form,
    s.funding,
    count(*) AS rows_received,
    count(*) FILTER (WHERE t.returned) AS rows_returned,
    count(*) FILTER (WHERE t.returned IS NULL AND k.held) AS rows_held,
    count(*) FILTER (WHERE t.returned IS NULL AND k.held IS NOT TRUE) AS rows_payable,
    cast(sum(s.amount) AS DECIMAL(38, 2)) AS received,
    cast(sum(CASE WHEN t.returned THEN s.amount ELSE 0 END) AS DECIMAL(38, 2)) AS returned,
    cast(
        sum(CASE WHEN t.returned IS NULL AND k.held THEN s.amount ELSE 0 END) AS DECIMAL(38, 2)
    ) AS held,
    cast(
        sum(CASE WHEN t.returned IS NULL AND k.held IS NOT TRUE THEN s.amount ELSE 0 END)
        AS DECIMAL(38, 2)
    ) AS payable,
    cast(
        sum(CASE WHEN t.returned IS NULL AND k.held THEN k.at_stake ELSE 0 END) AS DECIMAL(38, 2)
    ) AS at_stake
FROM month_services AS s
LEFT JOIN stakes AS k ON k.provider_bin = s.provider_bin AND k.service_id = s.service_id
LEFT JOIN (
    SELECT DISTINCT
        provider_bin,
        service_id,
        TRUE AS returned
    FROM returns
) AS t ON t.provider_bin = s.provider_bin AND t.service_id = s.service_id
GROUP BY s.provider_bin, s.care_form, s.funding
UNION ALL
SELECT
    $month,
    coalesce(provider_bin, ''),
    NULL,
    NULL,
    count(*),
    count(*),
    0,
    0,
    cast(coalesce(sum(amount), 0) AS DECIMAL(38, 2)),
    cast(coalesce(sum(amount), 0) AS DECIMAL(38, 2)),
    0,
    0,
    0
FROM ($turned_away) AS r
GROUP BY coalesce(provider_bin, '')
