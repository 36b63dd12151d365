WITH deaths AS (
    SELECT DISTINCT
        provider_bin,
        service_id
    FROM findings
    WHERE "check" IN ($lethal)
)

SELECT
    f.provider_bin,
    f.service_id,
    f."check",
    f.code,
    f.edition,
    f.kind,
    f.care_form,
    f.amount,
    f.proposed_deduction,
    f.stake_note,
    f.evidence.seen AS seen,
    f.evidence.expected AS expected,
    f.evidence.other_provider_bin AS other_provider_bin,
    f.evidence.other_service_id AS other_service_id,
    f.found_on,
    d.service_id IS NOT NULL AS lethal,
    f.month,
    l.service_ended_on AS ended_on,
    n.value AS norm
FROM findings AS f
INNER JOIN case_days AS l
    ON f.provider_bin = l.provider_bin AND f.service_id = l.service_id AND f."check" = l."check"
LEFT JOIN norms_of_the_day AS n
    ON
        l.provider_bin = n.provider_bin
        AND l.care_form = n.care_form
        AND l.ended_on = n.ended_on
LEFT JOIN deaths AS d ON f.provider_bin = d.provider_bin AND f.service_id = d.service_id
ORDER BY f.provider_bin, f.service_id, f."check"
