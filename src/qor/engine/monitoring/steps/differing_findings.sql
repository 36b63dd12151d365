-- The services that one version finds and the other does not, or prices otherwise.
SELECT
    CASE
        WHEN o.provider_bin IS NULL THEN 'more' WHEN n.provider_bin IS NULL THEN 'less' ELSE
            'other_amount'
    END AS change,
    coalesce(n.provider_bin, o.provider_bin) AS provider_bin,
    coalesce(n.service_id, o.service_id) AS service_id,
    coalesce(n."check", o."check") AS "check",
    coalesce(n.code, o.code) AS code,
    o.proposed_deduction AS before,
    n.proposed_deduction AS after
FROM found_after AS n
FULL JOIN found_before AS o
    ON
        n.provider_bin = o.provider_bin AND n.service_id = o.service_id
        AND n."check" = o."check"
WHERE
    n.provider_bin IS NULL OR o.provider_bin IS NULL
    OR n.proposed_deduction IS DISTINCT FROM o.proposed_deduction
    OR n.code IS DISTINCT FROM o.code
ORDER BY 1, 2, 3, 4
