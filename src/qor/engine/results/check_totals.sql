SELECT
    "check",
    any_value(kind) AS kind,
    count(*) AS found,
    sum(proposed_deduction) AS at_stake
FROM findings
GROUP BY "check"
ORDER BY "check"
