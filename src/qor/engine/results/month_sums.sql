SELECT
    coalesce(sum(rows_received), 0) AS rows_received,
    coalesce(sum(rows_received) FILTER (WHERE care_form IS NULL), 0) AS rows_rejected,
    coalesce(sum(received), 0) AS received,
    coalesce(sum(returned), 0) AS returned,
    coalesce(sum(held), 0) AS held,
    coalesce(sum(payable), 0) AS payable,
    coalesce(sum(at_stake), 0) AS at_stake
FROM acts
