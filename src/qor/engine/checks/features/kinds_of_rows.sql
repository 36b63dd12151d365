-- What licences and contracts are asked of is the same for many rows: such kinds of rows, once
-- each; and the codes billed on each day.
SELECT
    provider_bin,
    care_form,
    funding,
    subcontract_bin,
    started_on,
    ended_on
FROM cur
GROUP BY ALL
