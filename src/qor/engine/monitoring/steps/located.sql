-- The findings of the interval with what is known of their services.
SELECT
    r.*,
    c.care_form,
    c.funding,
    c.amount,
    $day_of_norms AS ended_on
FROM raw_findings AS r
INNER JOIN cur AS c ON c.provider_bin = r.provider_bin AND c.service_id = r.service_id
