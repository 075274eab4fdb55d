//! HTTP, asked by curl, wget and Python, on any port.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use serde_json::{Value, json};
use testkit::programs::{Outcome, python, run};
use testkit::{Direction, Gateway};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

fn start() -> Option<Gateway> {
    // The victim asks the gateway for names through nobody: addresses are in the commands.
    Gateway::start(SINKGATE, &["curl"], &[])
}

fn curl(gateway: &Gateway, arguments: &[&str]) -> Outcome {
    let usual = ["--silent", "--show-error", "--max-time", "20", "--noproxy", "*"];
    let outcome = run(&gateway.network.victim, "curl", &[&usual, arguments].concat());
    assert!(outcome.status.success(), "curl {arguments:?}: {outcome:?}");
    outcome
}

/// The requests the database knows, each without the fields that were not there.
fn requests(gateway: &Gateway, count: i64) -> Vec<Value> {
    let requests = "FROM event WHERE kind = 'http.request'";
    let counted = format!("SELECT count(*) AS count {requests}");
    gateway.database.expect(&counted, &json!([{ "count": count }]));
    let details = format!("SELECT details {requests} ORDER BY seq");
    let read = |text: &String| serde_json::from_str(text).unwrap();
    gateway.database.texts(&details).iter().map(read).collect()
}

#[test]
#[ignore = "end to end: needs root"]
fn curl_gets_a_page() {
    let Some(gateway) = start() else { return };
    for url in ["http://203.0.113.9/", "http://203.0.113.9:31337/", "http://[2001:db8::7]:8443/a/b"]
    {
        let page = curl(&gateway, &["--fail", url]).stdout;
        assert!(page.contains("<html"), "{url}: {page}");
    }
    let request = &requests(&gateway, 3)[1];
    assert_eq!(request["method"], "GET");
    assert_eq!(request["target"], "/");
    assert_eq!(request["status"], 200);
}

#[test]
#[ignore = "end to end: needs root"]
fn a_host_field_names_the_flow() {
    let Some(gateway) = start() else { return };
    let resolve = ["--resolve", "panel.example:8080:203.0.113.9"];
    curl(&gateway, &[&resolve[..], &["http://panel.example:8080/gate.php?id=7"]].concat());
    gateway.database.expect(
        "SELECT name, source FROM flow_name",
        &json!([{"name": "panel.example", "source": "host"}]),
    );
    let request = &requests(&gateway, 1)[0];
    assert_eq!(request["target"], "/gate.php?id=7");
    assert_eq!(request["host"], "panel.example:8080");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_posted_body_is_recorded_byte_for_byte() {
    let Some(gateway) = start() else { return };
    let body: Vec<u8> =
        (0..100_000_u32).map(|place| (place.wrapping_mul(place) >> 3) as u8).collect();
    let file = gateway.folder.written("body", &body);
    let file = format!("@{}", file.display());
    let page = curl(&gateway, &["--fail", "--data-binary", &file, "http://203.0.113.9/up"]).stdout;
    assert!(page.contains("<html"), "{page}");
    let request = &requests(&gateway, 1)[0];
    assert_eq!((&request["method"], &request["body_bytes"]), (&json!("POST"), &json!(100_000)));
    let stream = gateway.database.stream(Direction::FromVictim, "dst_port = 80");
    assert!(stream.ends_with(&body), "the body is not the end of what was recorded");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_body_in_chunks_is_understood() {
    let Some(gateway) = start() else { return };
    let file = gateway.folder.written("body", "stolen ".repeat(5_000));
    let file = format!("@{}", file.display());
    let chunked = ["--header", "Transfer-Encoding: chunked", "--data-binary", &file];
    curl(&gateway, &[&["--fail"], &chunked[..], &["http://203.0.113.9:8080/up"]].concat());
    let request = &requests(&gateway, 1)[0];
    assert_eq!(request["body_bytes"], 35_000);
    let stream = gateway.database.stream(Direction::FromVictim, "dst_port = 8080");
    assert!(stream.ends_with(b"\r\n0\r\n\r\n"));
}

#[test]
#[ignore = "end to end: needs root"]
fn head_put_delete_and_options_are_answered() {
    let Some(gateway) = start() else { return };
    let head = curl(&gateway, &["--fail", "--head", "http://203.0.113.9/logo.png"]).stdout;
    assert!(head.contains("Content-Type: image/png"), "{head}");
    let file = gateway.folder.written("body", "x");
    let file = file.to_str().unwrap();
    curl(&gateway, &["--fail", "--upload-file", file, "http://203.0.113.9/put"]);
    curl(&gateway, &["--fail", "--request", "DELETE", "http://203.0.113.9/gone"]);
    let options = ["--fail", "--include", "--request", "OPTIONS", "http://203.0.113.9/"];
    assert!(curl(&gateway, &options).stdout.contains("Allow: "));
    let answered: Vec<_> = requests(&gateway, 4)
        .iter()
        .map(|request| (request["method"].to_string(), request["status"].as_u64().unwrap()))
        .collect();
    let expected = [("HEAD", 200), ("PUT", 201), ("DELETE", 204), ("OPTIONS", 200)];
    assert_eq!(answered, expected.map(|(method, status)| (format!("\"{method}\""), status)));
}

#[test]
#[ignore = "end to end: needs root"]
fn two_requests_share_one_connection() {
    let Some(gateway) = start() else { return };
    let outcome =
        curl(&gateway, &["--verbose", "http://203.0.113.9/one", "http://203.0.113.9/two"]);
    assert!(outcome.stderr.contains("Re-using existing connection"), "{outcome:?}");
    assert_eq!(requests(&gateway, 2)[1]["target"], "/two");
    assert_eq!(gateway.database.number("SELECT count(*) FROM flow"), 1);
}

#[test]
#[ignore = "end to end: needs root"]
fn wget_gets_what_the_ending_promises() {
    let Some(gateway) = Gateway::start(SINKGATE, &["wget"], &[]) else { return };
    let file = gateway.folder.file("logo.png");
    let arguments = ["-q", "-T", "20", "-t", "1", "--no-proxy", "-O", file.to_str().unwrap()];
    let url = ["http://203.0.113.9:8000/images/logo.png"];
    let outcome = run(&gateway.network.victim, "wget", &[&arguments[..], &url].concat());
    assert!(outcome.status.success(), "{outcome:?}");
    assert!(std::fs::read(&file).unwrap().starts_with(b"\x89PNG\r\n"));
}

#[test]
#[ignore = "end to end: needs root"]
fn python_is_satisfied() {
    let Some(gateway) = start() else { return };
    let statuses = python(
        &gateway.network.victim,
        r"
import http.client, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with opener.open('http://203.0.113.9:8888/config.json', timeout=20) as answer:
    print(answer.status, answer.headers['Content-Type'])
connection = http.client.HTTPConnection('2001:db8::7', 8888, timeout=20)
for path in '/first', '/second':
    connection.request('POST', path, body=b'a=1&b=2')
    answer = connection.getresponse()
    answer.read()
    print(answer.status)
",
    );
    assert_eq!(statuses.lines().collect::<Vec<_>>(), ["200 application/json", "200", "200"]);
    gateway.database.expect("SELECT count(*) AS flows FROM flow", &json!([{"flows": 2}]));
}

#[test]
#[ignore = "end to end: needs root"]
fn curl_waits_for_leave_to_send_and_gets_it() {
    let Some(gateway) = start() else { return };
    let file = gateway.folder.written("body", "y".repeat(2_000_000));
    let file = format!("@{}", file.display());
    let expect = ["--expect100-timeout", "60", "--header", "Expect: 100-continue"];
    let rest = ["--max-time", "15", "--data-binary", &file, "http://203.0.113.9/up"];
    curl(&gateway, &[&expect[..], &rest].concat());
    assert_eq!(requests(&gateway, 1)[0]["body_bytes"], 2_000_000);
}

#[test]
#[ignore = "end to end: needs root"]
fn a_proxy_tunnel_leads_back_to_us() {
    let Some(gateway) = start() else { return };
    let proxy = ["--noproxy", "", "--proxytunnel", "--proxy", "http://203.0.113.9:3128"];
    let page = curl(&gateway, &[&proxy[..], &["http://inside.example/"]].concat()).stdout;
    assert!(page.contains("<html"), "{page}");
    let methods: Vec<_> =
        requests(&gateway, 2).iter().map(|request| request["method"].to_string()).collect();
    assert_eq!(methods, ["\"CONNECT\"", "\"GET\""]);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_9_no_answer_has_our_name() {
    let Some(gateway) = start() else { return };
    for path in ["/", "/robots.txt", "/%00", "/missing.php"] {
        let url = format!("http://203.0.113.9{path}");
        let outcome = curl(&gateway, &["--include", &url]);
        assert!(!outcome.stdout.to_lowercase().contains("sinkgate"), "{outcome:?}");
        assert!(!outcome.stdout.to_lowercase().contains("sinkhole"), "{outcome:?}");
    }
    let server = |gateway: &Gateway| {
        let head = curl(gateway, &["--head", "http://203.0.113.9/"]).stdout;
        head.lines().find(|line| line.starts_with("Server:")).unwrap().to_owned()
    };
    assert_eq!(server(&gateway), server(&gateway), "one persona for all answers");
}
