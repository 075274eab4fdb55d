//! Proxies and websockets, used by curl, ncat and two of Python's libraries.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use serde_json::{Value, json};
use testkit::programs::{Outcome, run};
use testkit::{Direction, Gateway};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// The distribution's own Python, which its packages are for.
const PYTHON: &str = "/usr/bin/python3";

/// Nobody has this address: it is a proxy because all are.
const PROXY: &str = "203.0.113.9:1080";

fn start() -> Option<Gateway> {
    Gateway::start(SINKGATE, &["curl"], &[])
}

/// Gets a page, and must.
fn page(gateway: &Gateway, arguments: &[&str]) -> Outcome {
    let usual = ["--silent", "--show-error", "--fail", "--max-time", "20", "--noproxy", ""];
    let outcome = run(&gateway.network.victim, "curl", &[&usual, arguments].concat());
    assert!(outcome.status.success(), "curl {arguments:?}: {outcome:?}");
    assert!(outcome.stdout.contains("<html"), "curl {arguments:?}: {outcome:?}");
    outcome
}

/// The one event of this kind.
fn only(gateway: &Gateway, kind: &str) -> Value {
    let events = gateway.database.details(kind, 1);
    events.first().unwrap().clone()
}

/// What the flow was known as, in the order it was found out.
fn protocols(gateway: &Gateway) -> Vec<String> {
    gateway.database.texts(
        "SELECT details ->> 'protocol' FROM event WHERE kind = 'flow.recognised' ORDER BY seq",
    )
}

#[test]
#[ignore = "end to end: needs root"]
fn socks4_leads_to_an_address() {
    let Some(gateway) = start() else { return };
    page(&gateway, &["--socks4", PROXY, "http://198.51.100.4:8080/a"]);
    assert_eq!(
        only(&gateway, "proxy.request"),
        json!({
            "protocol": "socks4", "command": "connect", "host": "198.51.100.4", "port": 8080,
            "granted": true,
        })
    );
    assert_eq!(only(&gateway, "http.request")["target"], "/a");
    assert_eq!(protocols(&gateway), ["socks", "http"]);
}

#[test]
#[ignore = "end to end: needs root"]
fn socks4a_leads_to_a_name_and_says_who_asks() {
    let Some(gateway) = start() else { return };
    let socks = ["--proxy", "socks4a://bot-7@203.0.113.9:1080"];
    page(&gateway, &[&socks[..], &["http://panel.example/gate.php"]].concat());
    assert_eq!(
        only(&gateway, "proxy.request"),
        json!({
            "protocol": "socks4a", "command": "connect", "host": "panel.example", "port": 80,
            "user": "bot-7", "granted": true,
        })
    );
    gateway.database.expect(
        "SELECT DISTINCT name, source FROM flow_name ORDER BY source",
        &json!([
            {"name": "panel.example", "source": "host"},
            {"name": "panel.example", "source": "proxy"},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn socks5_leads_to_an_address_of_either_family() {
    let Some(gateway) = start() else { return };
    page(&gateway, &["--socks5", PROXY, "http://198.51.100.4/"]);
    page(&gateway, &["--socks5", "[2001:db8::9]:31337", "http://[2001:db8::7]:8000/"]);
    let asked = gateway.database.details("proxy.request", 2);
    assert_eq!(
        asked[0],
        json!({
            "protocol": "socks5", "command": "connect", "host": "198.51.100.4", "port": 80,
            "granted": true,
        })
    );
    assert_eq!((&asked[1]["host"], &asked[1]["port"]), (&json!("2001:db8::7"), &json!(8000)));
}

#[test]
#[ignore = "end to end: needs root"]
fn socks5_leads_to_a_name_and_takes_every_password() {
    let Some(gateway) = start() else { return };
    let login = ["--proxy-user", "bot-7:s3cret"];
    let socks = ["--socks5-hostname", PROXY, "http://panel.example:2082/login"];
    page(&gateway, &[&login[..], &socks].concat());
    assert_eq!(
        only(&gateway, "proxy.request"),
        json!({
            "protocol": "socks5", "command": "connect", "host": "panel.example", "port": 2082,
            "user": "bot-7", "granted": true,
        })
    );
    assert_eq!(
        only(&gateway, "credentials.given"),
        json!({"protocol": "socks", "mechanism": "password", "user": "bot-7", "secret": "s3cret"})
    );
    let stream = gateway.database.stream(Direction::FromVictim, "dst_port = 1080");
    assert!(stream.windows(6).any(|bytes| bytes == b"s3cret"), "it is in the payload, too");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_tunnel_of_http_leads_to_a_name() {
    let Some(gateway) = start() else { return };
    let login = ["--proxy-user", "bot-7:s3cret", "--proxytunnel"];
    let proxy = ["--proxy", "http://203.0.113.9:3128", "http://inside.example:8081/x"];
    page(&gateway, &[&login[..], &proxy].concat());
    assert_eq!(
        only(&gateway, "proxy.request"),
        json!({
            "protocol": "http", "command": "connect", "host": "inside.example", "port": 8081,
            "user": "bot-7", "granted": true,
        })
    );
    assert_eq!(only(&gateway, "credentials.given")["secret"], "s3cret");
    assert_eq!(gateway.database.details("http.request", 2)[1]["target"], "/x");
}

#[test]
#[ignore = "end to end: needs root"]
fn ncat_talks_through_each_kind_of_proxy() {
    let Some(gateway) = Gateway::start(SINKGATE, &["ncat", "sh"], &[]) else { return };
    for kind in ["socks4", "socks5", "http"] {
        let script = format!(
            "printf 'GET /by-{kind} HTTP/1.0\\r\\n\\r\\n' |
             ncat --proxy {PROXY} --proxy-type {kind} 198.51.100.4 8080"
        );
        let outcome = run(&gateway.network.victim, "sh", &["-c", &script]);
        assert!(outcome.stdout.contains("<html"), "{kind}: {outcome:?}");
    }
    let asked = gateway.database.details("proxy.request", 3);
    let protocols: Vec<_> = asked.iter().map(|asked| asked["protocol"].clone()).collect();
    assert_eq!(protocols, ["socks4", "socks5", "http"]);
    assert!(asked.iter().all(|asked| asked["port"] == 8080), "{asked:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_proxy_behind_a_proxy_is_a_proxy() {
    let Some(gateway) = start() else { return };
    let chain = ["--preproxy", "socks5h://203.0.113.9:1080", "--proxytunnel"];
    let proxy = ["--proxy", "http://second.example:3128", "http://third.example/"];
    page(&gateway, &[&chain[..], &proxy].concat());
    let asked = gateway.database.details("proxy.request", 2);
    assert_eq!(asked[0]["host"], "second.example");
    assert_eq!(asked[1]["host"], "third.example");
    assert_eq!(protocols(&gateway), ["socks", "http", "http"]);
}

/// The script of a websocket's client; nothing if its library is not installed.
fn websocket(library: &str, script: &str) -> Option<(Gateway, String)> {
    let package = format!("/usr/lib/python3/dist-packages/{library}/__init__.py");
    let gateway = Gateway::start(SINKGATE, &[PYTHON, &package], &[])?;
    let outcome = run(&gateway.network.victim, PYTHON, &["-c", script]);
    assert!(outcome.status.success(), "{outcome:?}");
    Some((gateway, outcome.stdout))
}

#[test]
#[ignore = "end to end: needs root"]
fn websockets_of_asyncio_are_opened_and_closed() {
    let script = r"
import asyncio, websockets
async def talk():
    url = 'ws://203.0.113.9:8765/c2?id=7'
    async with websockets.connect(url, subprotocols=['v2.bot', 'v1.bot']) as socket:
        print(socket.subprotocol, socket.extensions)
        await socket.send('hello from 7')
        await socket.send(bytes(range(256)) * 1000)
        await socket.send(['in ', 'three ', 'parts'])
        await asyncio.wait_for(await socket.ping(b'there?'), 10)
        print('pong')
        await socket.close(1000, 'bye')
    print(socket.close_code)
asyncio.run(talk())
";
    let Some((gateway, written)) = websocket("websockets", script) else { return };
    assert_eq!(written.lines().collect::<Vec<_>>(), ["v2.bot []", "pong", "1000"]);
    let request = only(&gateway, "http.request");
    assert_eq!((&request["target"], &request["status"]), (&json!("/c2?id=7"), &json!(101)));
    assert_eq!(
        gateway.database.details("websocket.message", 3),
        [
            json!({"opcode": "text", "bytes": 12, "text": "hello from 7"}),
            json!({"opcode": "binary", "bytes": 256_000}),
            json!({"opcode": "text", "bytes": 14, "text": "in three parts"}),
        ]
    );
    assert_eq!(gateway.database.number("SELECT count(*) FROM event WHERE kind LIKE '%broke'"), 0);
    gateway.database.expect(
        "SELECT protocol, ending FROM flow_end",
        &json!([{"protocol": "websocket", "ending": "we-closed"}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn websockets_of_websocket_client_are_opened_and_closed() {
    let script = r"
import websocket
socket = websocket.create_connection('ws://[2001:db8::7]/', timeout=10)
socket.send('one')
socket.send_binary(b'\0\1\2')
socket.ping(b'there?')
print(socket.recv_data(control_frame=True))
socket.close()
";
    let Some((gateway, written)) = websocket("websocket", script) else { return };
    assert_eq!(written.trim_end(), "(10, b'there?')");
    assert_eq!(
        gateway.database.details("websocket.message", 2),
        [
            json!({"opcode": "text", "bytes": 3, "text": "one"}),
            json!({"opcode": "binary", "bytes": 3})
        ]
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn a_websocket_is_opened_through_a_proxy() {
    let script = r"
import websocket
socket = websocket.create_connection(
    'ws://panel.example/', timeout=10, proxy_type='http',
    http_proxy_host='203.0.113.9', http_proxy_port=3128)
socket.send('from behind a proxy')
socket.close()
";
    let Some((gateway, _)) = websocket("websocket", script) else { return };
    assert_eq!(only(&gateway, "websocket.message")["text"], "from behind a proxy");
    assert_eq!(protocols(&gateway), ["http", "http", "websocket"]);
}
