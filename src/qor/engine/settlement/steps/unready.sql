SELECT DISTINCT *
FROM (
    SELECT
        provider_bin,
        contract_no,
        care_form,
        funding,
        service_month,
        kind,
        what,
        0 AS services,
        0 AS amount
    FROM capitation_unready
    UNION ALL
    SELECT DISTINCT
        l.bin,
        l.contract_no,
        '',
        '',
        $month,
        '',
        'number_of_two_providers',
        0,
        0
    FROM contract_lines AS l
    SEMI JOIN
        shared_numbers AS s
        ON s.contract_no = l.contract_no AND s.year = l.year
    UNION ALL
    SELECT
        a.provider_bin,
        a.contract_no,
        '',
        '',
        $month,
        '',
        'provider_not_listed',
        sum(a.services),
        sum(a.claimed)
    FROM act_lines AS a
    ANTI JOIN (SELECT bin FROM providers) AS p ON p.bin = a.provider_bin
    GROUP BY ALL
    UNION ALL
    SELECT
        provider_bin,
        contract_no,
        care_form,
        funding,
        service_month,
        '',
        'no_sum',
        count(*),
        sum(held)
    FROM settled
    WHERE reason = 'no_sum'
    GROUP BY ALL
    UNION ALL
    SELECT
        w.provider_bin,
        w.contract_no,
        w.care_form,
        w.funding,
        w.service_month,
        '',
        'no_sum',
        count(*),
        sum(w.amount)
    FROM waiting AS w
    SEMI JOIN sums_missing AS q
        ON
            q.contract_no = w.contract_no
            AND q.care_form = w.care_form AND q.funding = w.funding
            AND q.service_month = w.service_month
    GROUP BY ALL
    UNION ALL
    SELECT
        l.bin,
        l.contract_no,
        l.care_form,
        l.funding,
        $month,
        '',
        'line_without_sum',
        0,
        0
    FROM contract_lines AS l
    WHERE
        l.amount IS NULL AND (l.month = $month OR (
            l.month IS NULL
            AND NOT EXISTS (
                SELECT 1
                FROM sums_held AS h
                WHERE
                    h.contract_no = l.contract_no
                    AND h.care_form = l.care_form AND h.funding = l.funding
            )
        ))
        AND l.valid_from <= $month_last AND (l.valid_to IS NULL OR l.valid_to >= $month_first)
    GROUP BY ALL
    UNION ALL
    -- Forms paid by a complex tariff of whose provider no tariff is there: their patients are worth
    -- nothing until it is.
    SELECT
        t.provider_bin,
        t.contract_no,
        t.care_form,
        t.funding,
        $month,
        '',
        'no_norm',
        sum(t.n),
        0
    FROM totals AS t
    ANTI JOIN tariffs_of AS n ON n.bin = t.provider_bin AND n.care_form = t.care_form
    WHERE t.care_form IN ($complex_forms) AND t.contract_no <> ''
    GROUP BY ALL
    UNION ALL
    SELECT
        provider_bin,
        contract_no,
        care_form,
        funding,
        service_month,
        '',
        'scale_not_loaded',
        count(*),
        sum(beyond)
    FROM settled
    WHERE reason = 'scale_not_loaded'
    GROUP BY ALL
    UNION ALL
    SELECT
        s.provider_bin,
        s.contract_no,
        s.care_form,
        s.funding,
        s.service_month,
        '',
        'share_not_loaded',
        count(*),
        sum(s.beyond)
    FROM settled AS s
    JOIN ways AS w ON w.care_form = s.care_form AND w.scale = 'inpatient'
    SEMI JOIN shares_not_loaded AS n ON n.bin = s.provider_bin
    WHERE s.reason IN ('above_month', 'scale_not_loaded')
    GROUP BY ALL
    UNION ALL
    SELECT
        a.provider_bin,
        a.contract_no,
        '',
        '',
        $month,
        '',
        'no_bank_account',
        0,
        sum(a.accepted)
    FROM act_lines AS a
    ANTI JOIN (
        SELECT bin
        FROM bank_accounts
        WHERE
            iban IS NOT NULL AND valid_from <= $closed_on
            AND (valid_to IS NULL OR valid_to >= $closed_on)
    ) AS b ON b.bin = a.provider_bin
    WHERE a.contract_no <> ''
    GROUP BY ALL
    HAVING sum(a.accepted) > 0
    UNION ALL
    SELECT
        provider_bin,
        contract_no,
        care_form,
        '',
        $month,
        '',
        'no_co_execution',
        sum(services),
        sum(accepted)
    FROM co_executors
    WHERE co_contract_no = '' AND contract_no <> ''
    GROUP BY ALL
)
