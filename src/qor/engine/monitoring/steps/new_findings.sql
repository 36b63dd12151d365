SELECT
    $month AS month,
    provider_bin,
    service_id,
    "check",
    code,
    $edition AS edition,
    kind,
    care_form,
    amount,
    proposed_deduction,
    stake_note,
    struct_pack(
        seen := seen,
        expected := expected,
        other_provider_bin := other_provider_bin,
        other_service_id := other_service_id
    ) AS evidence,
    $found_on AS found_on
FROM priced
WHERE kind <> 'return'
