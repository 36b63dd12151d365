SELECT
    r.provider_bin,
    r.service_id,
    r.care_form,
    r.funding,
    r.ended_at,
    m.contract_no,
    $worth AS worth,
    r.unscaled,
    r.subcontract_bin,
    m.split
FROM (
    SELECT
        s.provider_bin,
        s.service_id,
        coalesce(contract_no, '') AS named,
        s.care_form,
        coalesce(funding, '') AS funding,
        s.setting,
        s.amount,
        s.ended_at,
        s.unscaled,
        s.subcontract_bin,
        k.service_id IS NOT NULL AS hit
    FROM raw_rows AS s
    INNER JOIN (
        SELECT
            provider_bin,
            min(first_day) AS first_day
        FROM line_starts
        GROUP BY provider_bin
    ) AS f
        ON f.provider_bin = s.provider_bin
    LEFT JOIN (
        SELECT
            service_id,
            provider_bin
        FROM verdicts
        UNION
        SELECT
            service_id,
            provider_bin
        FROM turned_back
    ) AS k
        ON k.service_id = s.service_id AND k.provider_bin = s.provider_bin
    WHERE s.ended_at >= f.first_day OR k.service_id IS NOT NULL
) AS r
INNER JOIN
    line_starts AS m
    ON
        m.provider_bin = r.provider_bin
        AND m.named = r.named
        AND m.care_form = r.care_form
        AND m.funding = r.funding
        AND m.day = cast(r.ended_at AS DATE)
WHERE
    r.ended_at >= m.first_day
    OR r.hit
