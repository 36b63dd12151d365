SELECT
    bin,
    iban,
    bic
FROM bank_accounts
WHERE valid_from <= $on_day AND (valid_to IS NULL OR valid_to >= $on_day)
ORDER BY valid_from
