//! What HTTP clients of other people make of our answers: parts, conditions, logins, checks.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{Outcome, python, run};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

fn start(settings: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, &["curl"], settings)
}

fn curl(gateway: &Gateway, arguments: &[&str]) -> Outcome {
    let usual = ["--silent", "--show-error", "--max-time", "20", "--noproxy", "*"];
    let outcome = run(&gateway.network.victim, "curl", &[&usual, arguments].concat());
    assert!(outcome.status.success(), "curl {arguments:?}: {outcome:?}");
    outcome
}

#[test]
#[ignore = "end to end: needs root"]
fn curl_gets_parts_and_resumes() {
    let Some(gateway) = start(&[]) else { return };
    let url = "http://203.0.113.9/a.xml";
    let whole = curl(&gateway, &["--fail", url]).stdout;
    assert_eq!(curl(&gateway, &["--range", "0-4", url]).stdout, whole[..5]);
    assert_eq!(curl(&gateway, &["--range", "-6", url]).stdout, whole[whole.len() - 6..]);
    let several = curl(&gateway, &["--include", "--range", "0-1,4-5", url]).stdout;
    assert!(several.contains("206 Partial Content"), "{several}");
    assert!(several.contains("multipart/byteranges; boundary="), "{several}");
    let file = gateway.folder.written("part", &whole[..10]);
    let file = file.to_str().unwrap();
    curl(&gateway, &["--continue-at", "-", "--output", file, url]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), whole);
}

#[test]
#[ignore = "end to end: needs root"]
fn wget_resumes() {
    let Some(gateway) = Gateway::start(SINKGATE, &["wget"], &[]) else { return };
    let file = gateway.folder.written("part", "<?xml");
    let file = file.to_str().unwrap();
    let arguments = ["-q", "-c", "-T", "20", "-t", "1", "--no-proxy", "-O", file];
    let url = ["http://203.0.113.9/a.xml"];
    let outcome = run(&gateway.network.victim, "wget", &[&arguments[..], &url].concat());
    assert!(outcome.status.success(), "{outcome:?}");
    assert!(std::fs::read_to_string(file).unwrap().starts_with("<?xml version"));
}

#[test]
#[ignore = "end to end: needs root"]
fn curl_is_told_that_it_has_a_page_already() {
    let Some(gateway) = start(&[]) else { return };
    let url = "http://203.0.113.9/page";
    let status = ["--output", "/dev/null", "--write-out", "%{http_code}"];
    let since = |date| curl(&gateway, &[&status[..], &["--time-cond", date, url]].concat()).stdout;
    assert_eq!(since("20260101"), "304");
    assert_eq!(since("20010101"), "200");
    let tags = gateway.folder.written("tags", "");
    let tags = tags.to_str().unwrap();
    curl(&gateway, &["--etag-save", tags, "--output", "/dev/null", url]);
    let again = curl(&gateway, &[&status[..], &["--etag-compare", tags, url]].concat());
    assert_eq!(again.stdout, "304");
}

#[test]
#[ignore = "end to end: needs root"]
fn the_oldest_versions_are_answered_too() {
    let Some(gateway) = start(&[]) else { return };
    let url = "http://203.0.113.9/a.txt";
    let versions = ["--http0.9", "--http1.0", "--http1.1"];
    for version in versions {
        assert_eq!(curl(&gateway, &["--fail", version, url]).stdout, "OK\n", "{version}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn passwords_and_hashes_are_recorded() {
    let Some(gateway) = start(&["--set", "http.authentication=digest"]) else { return };
    let url = "http://203.0.113.9/private.txt";
    let user = ["--fail", "--user", "jo:hunter2"];
    for scheme in ["--basic", "--digest", "--ntlm"] {
        let page = curl(&gateway, &[&user[..], &[scheme, url]].concat());
        assert_eq!(page.stdout, "OK\n", "{scheme}");
    }
    let given = "SELECT details ->> 'mechanism' AS mechanism, details ->> 'user' AS user \
                 FROM event WHERE kind = 'credentials.given' ORDER BY seq";
    let expected = ["basic", "digest", "ntlm"];
    let expected = expected.map(|mechanism| json!({"mechanism": mechanism, "user": "jo"}));
    gateway.database.expect(given, &json!(expected));
    let secrets = "SELECT details ->> 'secret' FROM event WHERE kind = 'credentials.given' \
                   ORDER BY seq";
    let secrets = gateway.database.texts(secrets);
    assert_eq!(secrets[0], "hunter2");
    assert!(secrets[1].starts_with("$response$"), "{secrets:?}");
    assert!(secrets[2].starts_with("jo::"), "{secrets:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_login_by_python_is_recorded() {
    let Some(gateway) = start(&[]) else { return };
    let status = python(
        &gateway.network.victim,
        r"
import json, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
body = json.dumps({'username': 'jo', 'password': 'hush'}).encode()
headers = {'Content-Type': 'application/json', 'Accept': 'application/json'}
request = urllib.request.Request('http://203.0.113.9:8080/api/login', body, headers)
with opener.open(request, timeout=20) as answer:
    print(type(json.load(answer)).__name__)
",
    );
    assert_eq!(status.trim(), "dict");
    gateway.database.expect(
        "SELECT details FROM event WHERE kind = 'credentials.given'",
        &json!([{"details":
            r#"{"protocol":"http","mechanism":"json","user":"jo","secret":"hush"}"#}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn checks_for_an_internet_are_answered_and_marked() {
    let settings = ["--set", "persona.public_address=86.131.7.9"];
    let Some(gateway) = start(&settings) else { return };
    let ask = |host: &str, path: &str| {
        let (to, url) = (format!("{host}:80:203.0.113.9"), format!("http://{host}{path}"));
        curl(&gateway, &["--fail", "--resolve", &to, &url]).stdout
    };
    assert_eq!(ask("www.msftconnecttest.com", "/connecttest.txt"), "Microsoft Connect Test");
    assert_eq!(ask("detectportal.firefox.com", "/success.txt"), "success\n");
    assert_eq!(ask("api.ipify.org", "/"), "86.131.7.9");
    assert!(ask("ip-api.com", "/json/").contains("British Telecommunications"));
    let marked = "SELECT count(*) AS count FROM event WHERE kind = 'http.request' \
                  AND details ->> 'connectivity_check' IS NOT NULL";
    gateway.database.expect(marked, &json!([{"count": 4}]));
}
