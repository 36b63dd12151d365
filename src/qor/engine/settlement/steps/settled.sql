SELECT
    $month AS act_month,
    j.provider_bin,
    j.contract_no,
    j.care_form,
    j.funding,
    j.service_month,
    j.service_id,
    j.ended_on,
    CASE WHEN j.earlier THEN 'released' ELSE 'service' END AS kind,
    j.amount,
    cast(j.returned AS DECIMAL(18, 2)) AS returned,
    cast(j.held AS DECIMAL(18, 2)) AS held,
    cast(j.disallowed AS DECIMAL(
        18, 2
    )) AS disallowed,
    cast(coalesce(
        c.beyond,
        0
    ) AS DECIMAL(18, 2
    )) AS beyond,
    cast(j.amount - j.returned - j.held - j.disallowed - coalesce(
        c.beyond,
        0
    ) AS DECIMAL(18, 2
    )) AS accepted,
    cast(
        j.sanction AS DECIMAL(18, 2
        )
    ) AS sanction,
    cast(j.stake AS DECIMAL(18, 2)) AS stake,
    cast(j.spared_half AS DECIMAL(18, 2)) AS spared_half,
    j.waits,
    j.short_death,
    j.unscaled,
    coalesce(nullif(j.reason, ''), c.reason, '') AS reason
FROM judged AS j LEFT JOIN limited_services AS c
    ON
        c.provider_bin = j.provider_bin
        AND c.service_id = j.service_id AND c.kind <> 'lump'
        AND (c.kind = 'released') = j.earlier
UNION ALL
SELECT
    $month,
    c.provider_bin,
    c.contract_no,
    c.care_form,
    c.funding,
    c.service_month,
    c.service_id,
    c.ended_on,
    'service',
    c.payable,
    0,
    0,
    0,
    c.beyond,
    c.accepted,
    0,
    0,
    0,
    FALSE,
    FALSE,
    c.unscaled,
    c.reason
FROM limited_services AS c
WHERE
    c.kind = 'service' AND c.beyond > 0
    AND NOT EXISTS (
        SELECT 1
        FROM judged AS j
        WHERE
            NOT j.earlier
            AND j.provider_bin = c.provider_bin AND j.service_id = c.service_id
    )
UNION ALL
SELECT
    $month,
    r.provider_bin,
    r.contract_no,
    r.care_form,
    r.funding,
    $month,
    r.service_id,
    cast(r.ended_at AS DATE),
    'service',
    r.value,
    0,
    0,
    0,
    0,
    r.value,
    0,
    0,
    0,
    FALSE,
    FALSE,
    r.unscaled,
    ''
FROM itemised AS r
WHERE
    -- A service of no contract carries no complex tariff, though it may be its patient's first.
    (r.split OR (r.contract_no = '' AND r.care_form IN ($complex_forms)))
    AND NOT EXISTS (
        SELECT 1
        FROM judged AS j
        WHERE
            NOT j.earlier
            AND j.provider_bin = r.provider_bin AND j.service_id = r.service_id
    )
    AND NOT EXISTS (
        SELECT 1
        FROM limited_services AS c
        WHERE
            c.kind = 'service' AND c.beyond > 0
            AND c.provider_bin = r.provider_bin AND c.service_id = r.service_id
    )
UNION ALL
SELECT
    $month,
    l.provider_bin,
    l.contract_no,
    l.care_form,
    l.funding,
    l.service_month,
    l.kind,
    NULL,
    'lump',
    l.amount,
    0,
    0,
    0,
    coalesce(c.beyond, 0),
    l.amount - coalesce(c.beyond, 0),
    0,
    0,
    0,
    FALSE,
    FALSE,
    FALSE,
    l.kind
FROM capitation_amounts
    AS l LEFT JOIN limited_services AS c ON c.kind = 'lump'
AND c.provider_bin = l.provider_bin AND c.contract_no = l.contract_no
AND c.care_form = l.care_form AND c.funding = l.funding
AND c.service_month = l.service_month AND c.service_id = l.kind
