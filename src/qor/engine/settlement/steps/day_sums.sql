SELECT
    contract_no,
    care_form,
    funding,
    unscaled,
    day,
    sum(payable) AS payable
FROM (
    SELECT
        r.contract_no,
        r.care_form,
        r.funding,
        r.unscaled,
        r.day,
        r.claimed AS payable
    FROM day_totals AS r
    JOIN
        lines_over_limit AS l
        ON
            l.contract_no = r.contract_no
            AND l.care_form = r.care_form
            AND l.funding = r.funding
            AND l.unscaled = r.unscaled
            AND l.service_month = $month
            AND NOT l.contract_over_limit
            AND l.contract_no <> ''
    UNION ALL
    SELECT
        j.contract_no,
        j.care_form,
        j.funding,
        j.unscaled,
        j.ended_on,
        -(j.returned + j.held + j.disallowed)
    FROM judged AS j
    INNER JOIN
        lines_over_limit AS l
        ON
            l.contract_no = j.contract_no
            AND l.care_form = j.care_form
            AND l.funding = j.funding
            AND l.unscaled = j.unscaled
            AND l.service_month = $month
            AND NOT l.contract_over_limit
            AND l.contract_no <> ''
    WHERE NOT j.earlier
    UNION ALL
    SELECT
        u.contract_no,
        u.care_form,
        u.funding,
        FALSE,
        DATE '1900-01-01',
        u.amount
    FROM (
        SELECT
            *,
            FALSE AS unscaled
        FROM capitation_amounts
        WHERE service_month = $month
    ) AS u
    JOIN lines_over_limit AS l
        ON
            l.contract_no = u.contract_no
            AND l.care_form = u.care_form
            AND l.funding = u.funding
            AND l.unscaled = u.unscaled
            AND l.service_month = $month
            AND NOT l.contract_over_limit
            AND l.contract_no <> ''
)
GROUP BY ALL
