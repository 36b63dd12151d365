WITH found AS (
    SELECT
        r.provider_bin,
        r.contract_no,
        r.care_form,
        r.funding,
        $month AS service_month,
        r.service_id,
        cast(r.ended_at AS DATE) AS ended_on,
        FALSE AS earlier,
        r.value AS amount,
        t.reason AS back,
        coalesce(v.open, FALSE) AS open,
        coalesce(v.stake, 0) AS stake,
        d.service_id IS NOT NULL AS short_death,
        coalesce(v.spared, FALSE) AS spared,
        r.unscaled,
        q.contract_no IS NOT NULL AS no_sum
    FROM itemised AS r
    LEFT JOIN sums_missing AS q
        ON
            q.contract_no = r.contract_no AND q.care_form = r.care_form
            AND q.funding = r.funding
            AND q.service_month = $month
    LEFT JOIN turned_back AS t
        ON
            t.provider_bin = r.provider_bin
            AND t.service_id = r.service_id
    LEFT JOIN verdicts AS v ON v.provider_bin = r.provider_bin AND v.service_id = r.service_id
    LEFT JOIN short_deaths AS d
        ON
            d.provider_bin = r.provider_bin
            AND d.service_id = r.service_id
    WHERE v.service_id IS NOT NULL OR t.service_id IS NOT NULL OR q.contract_no IS NOT NULL
    UNION ALL
    SELECT
        w.provider_bin,
        w.contract_no,
        w.care_form,
        w.funding,
        w.service_month,
        w.service_id,
        w.ended_on,
        TRUE,
        w.amount,
        NULL,
        FALSE,
        coalesce(v.stake, 0),
        w.short_death,
        coalesce(v.spared, FALSE),
        w.unscaled,
        FALSE
    FROM waiting AS w LEFT JOIN verdicts AS v
        ON
            v.provider_bin = w.provider_bin
            AND v.service_id = w.service_id
    ANTI JOIN sums_missing AS q
        ON
            q.contract_no = w.contract_no AND q.care_form = w.care_form
            AND q.funding = w.funding
            AND q.service_month = w.service_month
    WHERE NOT coalesce(v.open, FALSE)
),

halved AS (
    SELECT
        * REPLACE (open OR no_sum AS open),
        open AS disputed,
        CASE WHEN short_death AND spared THEN cast(amount - round(
            amount * $share,
            2
        ) AS DECIMAL(18, 2
        )) ELSE 0 END AS spared_half
    FROM found
)

SELECT
    provider_bin,
    contract_no,
    care_form,
    funding,
    service_month,
    service_id,
    ended_on,
    earlier,
    amount,
    short_death,
    unscaled,
    CASE WHEN back IS NOT NULL THEN amount ELSE 0 END AS returned,
    CASE WHEN back IS NULL AND open THEN amount ELSE 0 END AS held,
    back IS NULL
    AND open AS waits,
    CASE
        WHEN
            back IS NULL AND NOT open
            THEN least(coalesce(spared_half, 0) + coalesce(stake, 0), coalesce(amount, 0))
        ELSE 0
    END AS disallowed,
    CASE
        WHEN
            back IS NULL AND NOT open
            THEN greatest(coalesce(spared_half, 0) + coalesce(stake, 0) - coalesce(amount, 0), 0)
        ELSE 0
    END AS sanction,
    CASE WHEN back IS NULL AND NOT open THEN stake ELSE 0 END AS stake,
    CASE WHEN back IS NULL AND NOT open THEN spared_half ELSE 0 END AS spared_half,
    coalesce(back, CASE
        WHEN disputed THEN 'monitoring' WHEN open THEN 'no_sum'
        WHEN stake > 0 THEN 'defect' WHEN spared_half > 0 THEN 'short_death'
        ELSE ''
    END) AS reason
FROM halved
