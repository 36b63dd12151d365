SELECT
    code,
    care_form,
    kind,
    count(*) AS n,
    sum(proposed_deduction) AS at_stake
FROM findings
GROUP BY code, care_form, kind
ORDER BY code NULLS LAST, kind, care_form
