SELECT
    bin,
    CASE WHEN age_group IN ($apart) THEN age_group ELSE '' END AS part,
    sum(persons) AS persons,
    coalesce(sum(without_contributions), 0) AS without_contributions
FROM attached
GROUP BY ALL
