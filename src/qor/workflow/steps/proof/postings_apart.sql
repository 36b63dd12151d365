WITH documents AS (
    SELECT *
    FROM moved_by_lines
    UNION ALL
    SELECT *
    FROM moved_by_deductions
    UNION ALL
    SELECT *
    FROM moved_by_sums
    UNION ALL
    SELECT *
    FROM moved_by_orders
),

both_sides AS (
    SELECT
        debit,
        credit,
        provider_id AS provider,
        contract_no AS contract,
        funding,
        act_id AS act,
        amount,
        cause,
        id,
        1 AS n
    FROM ledger_posting
    UNION ALL
    SELECT
        CASE WHEN amount > 0 THEN debit ELSE credit END AS debit,
        CASE WHEN amount > 0 THEN credit ELSE debit END AS credit,
        provider,
        contract,
        funding,
        act,
        abs(amount) AS amount,
        cause,
        NULL AS id,
        -1 AS n
    FROM documents
    WHERE amount <> 0
)

SELECT
    debit,
    credit,
    provider,
    contract,
    funding,
    act,
    amount,
    cause,
    max(id) AS id,
    sum(n) AS times
FROM both_sides
GROUP BY ALL
HAVING sum(n) <> 0
