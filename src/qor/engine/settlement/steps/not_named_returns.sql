-- Services that name none of several contracts that cover them go back.
SELECT
    r.provider_bin,
    r.service_id,
    'contract_not_named' AS reason
FROM billed_rows AS r
INNER JOIN
    contract_map AS m
    ON
        m.provider_bin = r.provider_bin
        AND m.named = r.named
        AND m.care_form = r.care_form
        AND m.funding = r.funding
        AND m.day = cast(r.ended_at AS DATE)
        AND m.not_named
        AND m.contract_no = ''
ANTI JOIN turned_back AS t ON t.provider_bin = r.provider_bin AND t.service_id = r.service_id
