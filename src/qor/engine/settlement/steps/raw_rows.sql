SELECT
    provider_bin,
    service_id,
    iin,
    card_no,
    identity_kind,
    care_form,
    setting,
    funding,
    contract_no,
    amount,
    started_at,
    ended_at,
    outcome,
    subcontract_bin,
    $unscaled AS unscaled
FROM closed_services
