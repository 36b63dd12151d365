SELECT
    month,
    amount
FROM receipts
