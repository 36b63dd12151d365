SELECT
    s.provider_bin,
    s.service_id,
    coalesce(contract_no, '') AS named,
    s.care_form,
    coalesce(funding, '') AS funding,
    cast(s.ended_at AS DATE) AS ended_on,
    cast($price AS DECIMAL(18, 2)) AS price,
    coalesce(s.iin, s.card_no, s.service_id) AS person
FROM services AS s
SEMI JOIN (
    SELECT * FROM wanted
    WHERE month = $month
) AS k
    ON k.bin = s.provider_bin AND k.service = s.service_id
