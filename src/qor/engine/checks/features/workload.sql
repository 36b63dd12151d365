-- Laboratories have no minutes; a duty of a day (ward, ambulance) is no row of visits. A
-- performer's day is the calendar day of the start.
SELECT
    m.provider_bin,
    m.service_id,
    m.care_form,
    m.performer_id,
    m.service_code,
    m.started_at,
    m.started_on,
    m.registered_at,
    $days AS in_cur,
    CASE WHEN s.group_session THEN
        '' ELSE coalesce(
        m.iin,
        m.provider_bin || '/' || m.service_id
    ) END AS whose,
    cast(s.minutes AS DECIMAL(9, 0)) * coalesce(m.quantity, 1) AS minutes
FROM month_rows AS m INNER JOIN rules_today AS s ON s.code = m.service_code AND s.minutes > 0
SEMI JOIN (SELECT DISTINCT performer_id FROM staff) AS w ON w.performer_id = m.performer_id
WHERE m.setting IN ('visit', 'home_visit', 'remote') AND m.care_form <> 'ambulance'
