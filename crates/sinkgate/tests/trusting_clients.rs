//! Programs with lists of authorities of their own, in a lab: each checks what it is shown, by name
//! and by address, and is content.

use serde_json::{Value, json};
use testkit::{Labs, can_run_labs};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// By name, by address, and names for which browsers know from birth that they are never in the
/// clear, and who may sign for them.
const URLS: &[&str] = &[
    "https://www.example.com/",
    "https://198.51.100.77/",
    "https://www.google.com/",
    "https://accounts.google.com/",
];

fn labs(programs: &[&str]) -> Option<Labs> {
    can_run_labs(programs).then(|| Labs::of_root(SINKGATE))
}

/// Asserts that each of these was asked inside TLS for something the victim was content with.
fn assert_asked(labs: &Labs, hosts: &[&str]) {
    let asked = hosts.iter().map(|host| json!({"host": host})).collect();
    let list = hosts.join("', '");
    labs.database().expect(
        &format!(
            "SELECT DISTINCT json_extract(asked.details, '$.host') AS host FROM event AS asked
             JOIN event AS agreed ON agreed.flow = asked.flow AND agreed.kind = 'tls.established'
             WHERE asked.kind = 'http.request' AND host IN ('{list}')
             AND json_extract(agreed.details, '$.certificate_for') = host ORDER BY 1"
        ),
        &Value::Array(asked),
    );
}

const HOSTS: &[&str] =
    &["198.51.100.77", "accounts.google.com", "www.example.com", "www.google.com"];

#[test]
#[ignore = "end to end: needs root"]
fn chromium_shows_pages_of_every_name_and_address() {
    let Some(labs) = labs(&["chromium"]) else { return };
    for url in URLS {
        let page = labs.output(&format!(
            "timeout 40 chromium --headless=new --no-sandbox --disable-gpu \
             --user-data-dir=$PWD/profile --dump-dom {url} 2>/dev/null"
        ));
        let is_ours = page.contains("<h1>") && !page.contains("main-frame-error");
        assert!(is_ours, "{url}: {page}");
    }
    assert_asked(&labs, HOSTS);
}

#[test]
#[ignore = "end to end: needs root"]
fn firefox_asks_for_pages_of_every_name_and_address() {
    let Some(labs) = labs(&["firefox-esr"]) else { return };
    for url in URLS {
        let _ = labs.output(&format!(
            "timeout 40 firefox-esr --headless --no-remote --profile $(mktemp -d -p $PWD) \
             --screenshot $PWD/page.png {url} >/dev/null 2>&1"
        ));
    }
    assert_asked(&labs, HOSTS);
}

#[test]
#[ignore = "end to end: needs root"]
fn java_reads_pages_of_every_name_and_address() {
    let Some(labs) = labs(&["ant", "keytool"]) else { return };
    let gets = URLS
        .iter()
        .map(|url| format!("<get src='{url}' dest='page'/><concat><path path='page'/></concat>"));
    let project = format!(
        "<project default='get'><target name='get'>{}</target></project>",
        gets.collect::<String>()
    );
    let _ = labs.folder.written("build.xml", &project);
    let said = labs.output("ant -f build.xml 2>&1");
    assert_eq!(said.matches("<h1>").count(), URLS.len(), "{said}");
    assert_asked(&labs, HOSTS);
    let list = labs.output("keytool -list -cacerts -storepass changeit 2>&1");
    assert!(list.contains("contains 1 entry"), "the seal is right: {list}");
}

#[test]
#[ignore = "end to end: needs root"]
fn python_requests_reads_pages_of_every_name_and_address() {
    let Some(labs) = labs(&["/usr/lib/python3/dist-packages/requests/__init__.py"]) else { return };
    let said = labs.output(&format!(
        "python3 -c \"import requests
for url in '{}'.split(): print(requests.get(url, timeout=20).status_code)\"",
        URLS.join(" ")
    ));
    assert_eq!(said, "200\n".repeat(URLS.len()));
    assert_asked(&labs, HOSTS);
}

/// No browser is needed for this one: the machine is made to look as if it had all of them.
#[test]
fn browsers_find_policies_beside_what_they_had() {
    let Some(labs) = can_run_labs(&["openssl"]).then(|| Labs::of(SINKGATE)) else { return };
    let script = "mount -t tmpfs none /opt; mount -t tmpfs none /etc/opt
        mkdir -p /opt/google/chrome /opt/microsoft/msedge /opt/firefox /etc/opt/chrome
        touch /etc/opt/chrome/other
        exec ./sinkgate lab --quiet -- sh -ec '
            cat /etc/opt/*/policies/managed/authority.json | grep -o CACertificates
            cat /opt/firefox/distribution/policies.json | grep -o \\\"/opt.*pem\\\"
            openssl x509 -in /opt/firefox/distribution/authority.pem -noout -subject | cut -c1-8
            ls /etc/opt/chrome; touch /etc/opt/new || echo closed'";
    let outcome = labs.through("unshare", &["-Urm", "sh", "-ec", script]);
    assert_eq!(
        outcome.stdout,
        "CACertificates\nCACertificates\n\"/opt/firefox/distribution/authority.pem\"\nsubject=\n\
         other\npolicies\nclosed\n",
        "{outcome:?}"
    );
}
