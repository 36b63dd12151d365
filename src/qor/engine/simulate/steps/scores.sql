WITH found AS (
    SELECT
        month,
        provider_bin,
        service_id,
        "check"
    FROM findings
    UNION ALL
    SELECT
        month,
        provider_bin,
        service_id,
        reason AS "check"
    FROM returns
),

wanted AS (
    SELECT
        month,
        provider_bin,
        service_id,
        "check"
    FROM planted
    WHERE month IN ($months)
)

SELECT
    coalesce(f."check", p."check") AS slug,
    count(p.month) AS planted,
    count(f.month) AS found,
    count(*) FILTER (WHERE f.month IS NOT NULL AND p.month IS NOT NULL) AS hits
FROM found AS f
FULL JOIN wanted AS p
    ON
        f.month = p.month
        AND f.provider_bin = p.provider_bin
        AND f.service_id = p.service_id
        AND f."check" = p."check"
GROUP BY 1
