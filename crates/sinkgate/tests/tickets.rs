//! Tickets, asked for by kinit.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::run;

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address: there is a server because there are everywhere.
const SERVER: &str = "203.0.113.88";

#[test]
#[ignore = "end to end: needs root"]
fn kinit_proves_its_password_over_tcp_and_udp() {
    let Some(gateway) = Gateway::start(SINKGATE, &["kinit"], &[]) else { return };
    for (limit, cipher, count) in [(1, "aes256-cts", 1), (1_400, "aes128-cts", 2)] {
        let settings = format!(
            "[libdefaults]\ndefault_realm = CORP.EXAMPLE\nudp_preference_limit = {limit}\n\
             default_tkt_enctypes = {cipher}\ndns_lookup_kdc = false\n\
             [realms]\nCORP.EXAMPLE = {{\nkdc = {SERVER}\n}}\n"
        );
        let settings = gateway.folder.written("krb5.conf", settings);
        let line = format!("echo s3cret | KRB5_CONFIG={} kinit jo", settings.display());
        let outcome = run(&gateway.network.victim, "sh", &["-c", &line]);
        assert!(outcome.stderr.contains("Password incorrect"), "{outcome:?}");
        let given = gateway.database.details("credentials.given", count);
        let last = given.last().cloned().unwrap_or_default();
        assert_eq!(last.get("user"), Some(&json!("jo@CORP.EXAMPLE")), "{given:?}");
        let number = if cipher == "aes256-cts" { 18 } else { 17 };
        let form = format!("$krb5pa${number}$jo$CORP.EXAMPLE$");
        let secret = last.get("secret").and_then(|secret| secret.as_str()).unwrap_or_default();
        assert!(secret.strip_prefix(&form).is_some_and(|hash| hash.len() > 100), "{given:?}");
    }
    gateway.database.expect(
        "SELECT DISTINCT details ->> 'command' AS command FROM event WHERE kind = 'service.command'",
        &json!([{"command": "ticket for krbtgt/CORP.EXAMPLE, by jo@CORP.EXAMPLE"}]),
    );
}
