SELECT
    *,
    row_number() OVER (ORDER BY ended_at, provider_bin, service_id, kind) AS seq
FROM (
    SELECT
        r.provider_bin,
        r.contract_no,
        r.care_form,
        r.funding,
        $month AS service_month,
        r.unscaled,
        r.service_id,
        r.ended_at,
        'service' AS kind,
        cast(r.value - coalesce(
            j.returned + j.held + j.disallowed,
            0
        ) AS DECIMAL(38, 2
        )) AS payable,
        s.plan,
        s.scale,
        s.base
    FROM itemised AS r INNER JOIN starts AS s
        ON
            s.contract_no = r.contract_no
            AND s.care_form = r.care_form
            AND s.funding = r.funding
            AND s.service_month = $month
            AND s.unscaled = r.unscaled
            AND r.ended_at >= s.first_day
    LEFT JOIN judged AS j
        ON
            j.provider_bin = r.provider_bin AND j.service_id = r.service_id
            AND NOT j.earlier
    UNION ALL
    SELECT
        j.provider_bin,
        j.contract_no,
        j.care_form,
        j.funding,
        j.service_month,
        j.unscaled,
        j.service_id,
        cast(j.ended_on AS TIMESTAMP),
        'released',
        j.amount - j.disallowed,
        s.plan,
        s.scale,
        s.base
    FROM judged AS j INNER JOIN starts AS s
        ON
            s.contract_no = j.contract_no
            AND s.care_form = j.care_form
            AND s.funding = j.funding
            AND s.service_month = j.service_month
            AND s.unscaled = j.unscaled AND j.ended_on >= s.first_day
    WHERE j.earlier
    UNION ALL
    SELECT
        u.provider_bin,
        u.contract_no,
        u.care_form,
        u.funding,
        u.service_month,
        FALSE,
        u.kind,
        cast(DATE '1900-01-01' AS TIMESTAMP),
        'lump',
        u.amount,
        s.plan,
        s.scale,
        s.base
    FROM
        capitation_amounts
            AS u
    INNER JOIN
        starts
            AS s
        ON
            s.contract_no = u.contract_no
            AND s.care_form = u.care_form
            AND s.funding = u.funding
            AND s.service_month = u.service_month
            AND NOT s.unscaled AND s.first_day = DATE '1900-01-01'
)
WHERE payable > 0
