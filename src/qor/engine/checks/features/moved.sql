-- Attached within the run's days at the person's own word, as it is said, but with no consent on
-- file.
SELECT
    iin,
    attached_bin,
    attached_since
FROM people
WHERE
    NOT attachment_consent AND coalesce(attachment_basis, 'application') = 'application'
    AND attached_since BETWEEN (SELECT first FROM run_days) AND (SELECT last FROM run_days)
