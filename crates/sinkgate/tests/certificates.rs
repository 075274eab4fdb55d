//! TLS for any name on any port, seen by other people's clients, which check what they are shown.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// A gateway, and a file with its authority for clients to trust.
fn start(programs: &[&str]) -> Option<(Gateway, String)> {
    let gateway = Gateway::start(SINKGATE, programs, &[])?;
    let root = fetched(&gateway, "r1.pem");
    Some((gateway, root))
}

/// A file of the authority's site, fetched as a victim would; the name it has here.
fn fetched(gateway: &Gateway, file: &str) -> String {
    let site = shell(
        &gateway.network.victim,
        "openssl s_client -connect 203.0.113.9:443 2>/dev/null </dev/null \
         | openssl x509 -noout -ext crlDistributionPoints",
    );
    let start = site.stdout.find("http://").unwrap();
    let host = site.stdout[start + 7..].split('/').next().unwrap();
    let path = gateway.folder.written(file, b"").display().to_string();
    let resolve = format!("{host}:80:203.0.113.80");
    shell(
        &gateway.network.victim,
        &format!("curl -sSf --resolve {resolve} -o {path} http://{host}/{file}"),
    );
    path
}

#[test]
#[ignore = "end to end: needs root"]
fn curl_trusts_every_name_and_address_on_any_port() {
    let Some((gateway, root)) = start(&["curl", "openssl"]) else { return };
    for (url, resolve) in [
        ("https://panel.example/", "panel.example:443:203.0.113.9"),
        ("https://odd.example:31337/", "odd.example:31337:203.0.113.9"),
        ("https://203.0.113.9/", "a:1:203.0.113.9"),
        ("https://[2001:db8::7]:8443/", "a:1:203.0.113.9"),
    ] {
        let arguments = format!("--cacert {root} --resolve {resolve} --noproxy '*' {url}");
        for version in ["--http1.1", "--http2"] {
            let page = shell(&gateway.network.victim, &format!("curl -sSf {version} {arguments}"));
            assert!(page.stdout.contains("<html"), "{url}: {page:?}");
        }
    }
    gateway.database.expect(
        "SELECT DISTINCT json_extract(details, '$.certificate_for') AS subject FROM event
         WHERE kind = 'tls.established' AND subject LIKE '%example' ORDER BY 1",
        &json!([{"subject": "odd.example"}, {"subject": "panel.example"}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn openssl_speaks_every_version_it_can_with_and_without_a_name() {
    let Some((gateway, root)) = start(&["curl", "openssl"]) else { return };
    for version in ["-tls1", "-tls1_1", "-tls1_2", "-tls1_3"] {
        for name in ["-servername old.example", "-noservername"] {
            let options = "-cipher ALL:@SECLEVEL=0 -ign_eof";
            let talk = shell(
                &gateway.network.victim,
                &format!(
                    "printf 'GET /a.txt HTTP/1.0\\r\\n\\r\\n' | openssl s_client {options} {version} {name} \
                     -CAfile {root} -connect 203.0.113.9:4433 2>/dev/null"
                ),
            );
            assert!(talk.stdout.contains("Verify return code: 0 (ok)"), "{version} {talk:?}");
            assert!(talk.stdout.contains("200 OK"), "{version} {name}: {talk:?}");
        }
    }
    gateway.database.expect(
        "SELECT DISTINCT json_extract(details, '$.version') AS version FROM event
         WHERE kind = 'tls.established' ORDER BY 1",
        &json!([
            {"version": "TLSv1"},
            {"version": "TLSv1.1"},
            {"version": "TLSv1.2"},
            {"version": "TLSv1.3"},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn who_asks_whether_a_certificate_is_revoked_hears_that_it_is_good() {
    let Some((gateway, root)) = start(&["curl", "openssl"]) else { return };
    let issuer = fetched(&gateway, "e1.pem");
    let leaf = gateway.folder.written("leaf.pem", b"").display().to_string();
    shell(
        &gateway.network.victim,
        &format!(
            "openssl s_client -connect 203.0.113.9:443 -servername asked.example 2>/dev/null \
             </dev/null | openssl x509 > {leaf}"
        ),
    );
    let answer = shell(
        &gateway.network.victim,
        &format!(
            "openssl ocsp -issuer {issuer} -cert {leaf} -CAfile {root} -no_nonce \
             -host 203.0.113.80:80 -path /ocsp -header Host=$(openssl x509 -in {leaf} -noout \
             -ocsp_uri | cut -d/ -f3) 2>&1"
        ),
    );
    assert!(answer.stdout.contains("Response verify OK"), "{answer:?}");
    assert!(answer.stdout.contains("leaf.pem: good"), "{answer:?}");
    let stapled = shell(
        &gateway.network.victim,
        "openssl s_client -status -connect 203.0.113.9:443 2>/dev/null </dev/null",
    );
    assert!(stapled.stdout.contains("Cert Status: good"), "{stapled:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_victim_that_does_not_trust_us_is_understood() {
    let Some((gateway, _root)) = start(&["curl", "openssl"]) else { return };
    let outcome = run(&gateway.network.victim, "curl", &["-sS", "https://203.0.113.9/"]);
    assert_eq!(outcome.status.code(), Some(60), "{outcome:?}");
    gateway.database.expect(
        "SELECT count(*) > 0 AS understood FROM event WHERE kind = 'tls.failed'
         AND json_extract(details, '$.meaning') LIKE '%does not trust%'",
        &json!([{"understood": 1}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn a_host_that_is_easy_to_type_hands_out_the_authority_only_if_it_is_named() {
    for (settings, hands_out) in [(&[][..], false), (&["--set", "tls.trust_host=pki.lan"], true)] {
        let Some(gateway) = Gateway::start(SINKGATE, &["curl"], settings) else { return };
        let line = "curl -sSf --noproxy '*' --resolve pki.lan:80:203.0.113.9 http://pki.lan/";
        let page = shell(&gateway.network.victim, line).stdout;
        assert_eq!(page.contains("Root certificate"), hands_out, "{settings:?}: {page}");
    }
}
