SELECT
    c.provider_bin,
    c.service_id,
    cast(c.amount AS VARCHAR) AS seen,
    cast(c.expected_amount AS VARCHAR) AS expected
FROM mispriced AS c
WHERE
    c.care_form IN ($forms) AND c.setting IN ('inpatient', 'day_hospital')
    AND c.amount > c.expected_amount + $amount_tolerance
    AND (
        c.other_amount IS NULL
        OR c.amount NOT BETWEEN c.other_amount
        - $amount_tolerance AND c.other_amount
        + $amount_tolerance
    )
