-- How many lines do not balance, the sum of all lines of services, the sum of all services.
SELECT
    (SELECT count(*) FROM acts WHERE received <> returned + held + payable) AS wrong,
    (SELECT coalesce(sum(received), 0) FROM acts WHERE care_form IS NOT NULL) AS total,
    (SELECT coalesce(sum(amount), 0) FROM month_services) AS billed
