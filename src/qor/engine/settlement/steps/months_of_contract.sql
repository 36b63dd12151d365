SELECT DISTINCT
    cast(substr(month, 6, 2) AS INTEGER) AS number,
    valid_from,
    valid_to
FROM lines_of_contract
