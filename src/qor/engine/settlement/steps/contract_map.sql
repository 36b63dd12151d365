SELECT
    g.provider_bin,
    g.named,
    g.care_form,
    g.funding,
    g.day,
    coalesce(
        max(f.contract_no) FILTER (WHERE f.contract_no = g.named), $unnamed,
        ''
    ) AS contract_no,
    count(DISTINCT f.contract_no) > 1 AND NOT bool_or(f.contract_no = g.named)
        AS
        not_named
FROM (SELECT DISTINCT
    provider_bin,
    named,
    care_form,
    funding,
    day
FROM $services) AS g
LEFT JOIN contract_forms AS f
    ON
        f.bin = g.provider_bin AND f.care_form = g.care_form
        AND f.funding = g.funding
        AND g.day >= f.valid_from AND (f.valid_to IS NULL OR g.day <= f.valid_to)
GROUP BY ALL
