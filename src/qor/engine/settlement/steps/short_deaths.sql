SELECT
    r.provider_bin,
    r.service_id
FROM billed_rows AS r LEFT JOIN people AS q
    ON q.iin = r.iin
WHERE
    r.outcome = 'died' AND r.care_form = 'stay_group'
    AND r.ended_at - r.started_at <= to_days($short_days)
    AND r.identity_kind IS DISTINCT FROM 'newborn'
    AND coalesce(
        date_diff('day', q.birth_date, cast(r.started_at AS DATE)) >= $newborn_days,
        TRUE
    )
