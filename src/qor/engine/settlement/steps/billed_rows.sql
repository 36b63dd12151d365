-- An empty contract or funding is an empty text here: only where it is asked for.
SELECT
    * REPLACE (coalesce(funding, '') AS funding),
    coalesce(contract_no, '') AS named
FROM raw_rows
