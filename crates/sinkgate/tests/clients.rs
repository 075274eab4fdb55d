//! Clients that are hard to please, and many at once.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{python, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

fn start(programs: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, &[])
}

#[test]
#[ignore = "end to end: needs root"]
fn kdig_asks_over_tls_and_https() {
    let Some(gateway) = start(&["kdig"]) else { return };
    for way in ["+tls", "+https", "+https-get", "+tcp", "+notcp"] {
        let answer = shell(
            &gateway.network.victim,
            &format!("kdig @203.0.113.53 {way} +short way.example A"),
        );
        assert!(answer.stdout.trim().parse::<std::net::Ipv4Addr>().is_ok(), "{way}: {answer:?}");
    }
    gateway.database.expect(
        "SELECT count(*) AS asked, count(DISTINCT answers) AS answers FROM dns_query
         WHERE name = 'way.example'",
        &json!([{"asked": 5, "answers": 1}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn gnutls_agrees_to_old_and_new() {
    let Some(gateway) = start(&["gnutls-cli"]) else { return };
    for version in ["VERS-TLS1.0", "VERS-TLS1.1", "VERS-TLS1.2", "VERS-TLS1.3"] {
        let talk = shell(
            &gateway.network.victim,
            &format!(
                "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | gnutls-cli --insecure --priority \
                 'LEGACY:-VERS-ALL:+{version}:+SHA1:%COMPAT' -p 2443 --sni-hostname old.example \
                 203.0.113.9 2>&1"
            ),
        );
        assert!(talk.stdout.contains("Handshake was completed"), "{version}: {talk:?}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn h2load_asks_many_things_at_once() {
    let Some(gateway) = start(&["h2load"]) else { return };
    for url in ["http://203.0.113.9/a.txt", "https://203.0.113.9/a.txt"] {
        let done = shell(&gateway.network.victim, &format!("h2load -n 1000 -c 10 -m 10 {url}"));
        assert!(done.stdout.contains("1000 succeeded, 0 failed"), "{url}: {done:?}");
    }
    gateway.database.expect(
        "SELECT count(*) AS requests FROM event WHERE kind = 'http.request'
         AND json_extract(details, '$.version') = '2'",
        &json!([{"requests": 2000}]),
    );
}

/// One that says nothing sits on each of fifty ports, in the clear and inside TLS; two hundred
/// others ask on the same ports and are answered.
#[test]
#[ignore = "end to end: needs root"]
fn nobody_waits_for_somebody_who_is_idle() {
    let Some(gateway) = start(&["python3"]) else { return };
    let answered = python(
        &gateway.network.victim,
        r"
import socket, ssl, concurrent.futures as f
ports = [21, 22, 25, 53, 80, 110, 143, 443, 993, 8080] + list(range(20000, 20040))
context = ssl._create_unverified_context()
idle = []
for port in ports:
    idle.append(socket.create_connection(('203.0.113.9', port)))
    idle.append(context.wrap_socket(socket.create_connection(('203.0.113.9', port))))
def ask(number):
    s = socket.create_connection(('203.0.113.9', ports[number % len(ports)]), timeout=20)
    if number % 2: s = context.wrap_socket(s)
    s.sendall(b'GET /a.txt HTTP/1.0\r\n\r\n')
    answer = b''
    while piece := s.recv(4096): answer += piece
    return answer.endswith(b'OK\n')
with f.ThreadPoolExecutor(200) as pool: print(sum(pool.map(ask, range(200))))
",
    );
    assert_eq!(answered.trim(), "200");
    gateway.database.expect("SELECT count(*) AS flows FROM flow", &json!([{"flows": 300}]));
}
