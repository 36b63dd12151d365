-- Three checks ask where the amount is not the expected one: computed once, and only such rows are
-- kept.
SELECT m.* FROM (
    SELECT
        c.provider_bin,
        c.service_id,
        c.care_form,
        c.setting,
        c.amount,
        $expected AS expected_amount,
        $other AS other_amount
    FROM cur AS c
    INNER JOIN price_lines AS t
        ON
            t.care_form = c.care_form AND t.code = c.billed_code AND t.case_kind = $case_kind
            AND c.ended_on BETWEEN t.valid_from AND t.valid_to
    LEFT JOIN coefficient_lines AS k
        ON
            k.bin = c.provider_bin AND k.care_form = c.care_form
            AND c.ended_on BETWEEN k.valid_from AND k.valid_to
    WHERE $priced
) AS m
WHERE m.amount <> m.expected_amount
