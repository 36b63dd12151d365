-- All rows of contracts whose year or December is passed: there the order goes across lines.
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
    FALSE AS split
FROM billed_rows AS r
INNER JOIN
    contract_map AS m
    ON
        m.provider_bin = r.provider_bin
        AND m.named = r.named
        AND m.care_form = r.care_form
        AND m.funding = r.funding
        AND m.day = cast(r.ended_at AS DATE)
SEMI JOIN contracts_over_limit AS b ON b.contract_no = m.contract_no
ANTI JOIN itemised_rows AS i ON i.provider_bin = r.provider_bin AND i.service_id = r.service_id
