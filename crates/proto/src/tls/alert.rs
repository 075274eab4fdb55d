//! Alerts (RFC 8446 §6), and what they say about the victim that sent one.

/// What an alert of this number says about the victim.
#[must_use]
pub fn alert_meaning(alert: u8) -> &'static str {
    let known = ALERTS.binary_search_by_key(&alert, |(number, _)| *number).ok();
    known.and_then(|place| ALERTS.get(place)).map_or(UNKNOWN, |(_, meaning)| meaning)
}

const UNKNOWN: &str = "an alert that no standard knows";

/// By number (RFC 8446 §6, RFC 5246 §7.2, RFC 6101 §5.4).
const ALERTS: &[(u8, &str)] = &[
    (0, "close_notify: the victim has said everything"),
    (10, "unexpected_message: the victim did not expect what we sent"),
    (20, "bad_record_mac: the victim could not open what we sent"),
    (21, "decryption_failed: the victim could not open what we sent"),
    (22, "record_overflow: a record of ours was too long for the victim"),
    (30, "decompression_failure: the victim could not unpack what we sent"),
    (40, "handshake_failure: no cipher or parameter that both sides know"),
    (41, "no_certificate: the victim has no certificate to show"),
    (42, "bad_certificate: the victim pins certificates, or found ours broken"),
    (43, "unsupported_certificate: the victim cannot use a certificate of this kind"),
    (44, "certificate_revoked: the victim believes our certificate revoked"),
    (45, "certificate_expired: by the victim's clock our certificate does not hold"),
    (46, "certificate_unknown: the victim pins certificates, or does not trust our authority"),
    (47, "illegal_parameter: the victim found something of ours inconsistent"),
    (48, "unknown_ca: the victim does not trust our authority"),
    (49, "access_denied: the victim refuses us"),
    (50, "decode_error: the victim could not read what we sent"),
    (51, "decrypt_error: a check of cryptography failed at the victim"),
    (60, "export_restriction: the victim keeps to the old rules on export"),
    (70, "protocol_version: the victim does not speak the version we chose"),
    (71, "insufficient_security: the victim wants better ciphers"),
    (80, "internal_error: something failed inside the victim"),
    (86, "inappropriate_fallback: the victim came back with an older version"),
    (90, "user_canceled: the victim's user gave up"),
    (100, "no_renegotiation: the victim does not negotiate anew"),
    (109, "missing_extension: the victim misses an extension of ours"),
    (110, "unsupported_extension: the victim did not ask for an extension of ours"),
    (112, "unrecognized_name: the victim does not know the name"),
    (113, "bad_certificate_status_response: the victim does not accept our OCSP answer"),
    (115, "unknown_psk_identity: the victim does not know the key we chose"),
    (116, "certificate_required: the victim wants a certificate of us"),
    (120, "no_application_protocol: no protocol that both sides know"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_are_in_order_and_found() {
        assert!(ALERTS.is_sorted_by_key(|(number, _)| *number));
        assert!(alert_meaning(48).starts_with("unknown_ca"));
        assert_eq!(alert_meaning(1), UNKNOWN);
    }
}
