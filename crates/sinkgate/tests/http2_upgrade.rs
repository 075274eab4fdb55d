//! HTTP/2 without TLS, by clients that ask for it in a request of HTTP/1.1.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::shell;

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// What was asked on how many connections.
const ASKED: &str = "SELECT details ->> 'version' AS version, details ->> 'method' AS method,
                            details ->> 'target' AS target, details ->> 'status' AS status
                     FROM event WHERE kind = 'http.request' ORDER BY flow, seq";

#[test]
#[ignore = "end to end: needs root"]
fn curl_goes_on_with_http2() {
    let Some(gateway) = Gateway::start(SINKGATE, &["curl"], &[]) else { return };
    let curl = "curl -sSf --http2 --max-time 20 --noproxy '*'";
    let spoken = "-w '%{http_version} %{num_connects}\n'";
    let url = "http://203.0.113.7";
    let said = shell(
        &gateway.network.victim,
        &format!(
            "{curl} {spoken} {url}/a.txt {url}/b.txt && {curl} {spoken} -d user=a {url}/c.txt"
        ),
    );
    assert_eq!(said.stdout, "OK\n2 1\nOK\n2 0\nOK\n2 1\n");
    let head = shell(&gateway.network.victim, &format!("{curl} -I {url}/d.txt")).stdout;
    assert!(head.contains("HTTP/1.1 101 Switching Protocols\r\n"), "{head}");
    assert!(head.contains("HTTP/2 200 \r\n") && head.contains("content-length: 3"), "{head}");
    let asked = |version, method, target| json!({"version": version, "method": method, "target": target, "status": 200});
    let expected = [
        asked("1.1", "GET", "/a.txt"),
        asked("2", "GET", "/b.txt"),
        asked("1.1", "POST", "/c.txt"),
        asked("1.1", "HEAD", "/d.txt"),
    ];
    gateway.database.expect(ASKED, &json!(expected));
}

#[test]
#[ignore = "end to end: needs root"]
fn nghttp_goes_on_with_http2() {
    let Some(gateway) = Gateway::start(SINKGATE, &["nghttp"], &[]) else { return };
    let said = shell(
        &gateway.network.victim,
        "nghttp -u -w 6 --stat http://203.0.113.7:8080/a.html http://203.0.113.7:8080/b.txt",
    );
    assert!(said.stdout.contains("</html>") && said.stdout.contains("OK\n"), "{said:?}");
    let broken = "SELECT count(*) AS count FROM event WHERE kind = 'protocol.broke'";
    gateway.database.expect(broken, &json!([{"count": 0}]));
    gateway
        .database
        .expect("SELECT DISTINCT protocol FROM flow_end", &json!([{"protocol": "http2"}]));
}
