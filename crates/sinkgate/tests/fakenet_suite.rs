//! What the test suite of FakeNet-NG asks for, with the settings in `examples/fakenet-suite`: as a
//! victim would ask, in plain Python.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::fs;
use std::path::Path;

use serde_json::json;
use testkit::programs::shell;
use testkit::{Gateway, Labs, can_run_labs};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/fakenet-suite");

/// The gateway's own address, one of somebody in the world, and a name that nobody has.
const EXTERNAL: &str = "10.66.0.1";
const ARBITRARY: &str = "8.8.8.8";
const DOMAIN: &str = "does-not-exist-amirite.mandiant.com";

const ANYBODY: [&str; 3] = [EXTERNAL, ARBITRARY, DOMAIN];

/// What the suite does, in as many words: `said(...)` is what comes back on a connection or to a
/// datagram, `page(...)` the status and body of a page.
const CLIENT: &str = r#"
import socket, ssl, subprocess, urllib.error, urllib.request

def said(transport, host, port, words=b'Testing FakeNet-NG', patience=5):
    kind = socket.SOCK_STREAM if transport == 'tcp' else socket.SOCK_DGRAM
    peer = socket.socket(socket.AF_INET, kind)
    peer.settimeout(patience)
    try:
        peer.connect((host, port))
        peer.sendall(words)
        return peer.recv(4096)
    except (TimeoutError, ConnectionError) as error:
        return type(error).__name__
    finally:
        peer.close()

def page(url, context=None):
    direct = urllib.request.ProxyHandler({})
    https = urllib.request.HTTPSHandler(context=context or ssl.create_default_context())
    try:
        answer = urllib.request.build_opener(direct, https).open(url, timeout=3)
        return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()

def is_listener(url, context=None):
    status, body = page(url, context)
    return status == 200 and 'H T T P   L I S T E N E R' in body
"#;

/// What stands for FakeNet-NG's own file.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02L\x01\0;";

/// A gateway with the example's settings; the rules are in this file of it.
fn start_with(rules: &str) -> Option<Gateway> {
    let mut gateway = Gateway::prepare(SINKGATE, &["ping", "unshare"], &[])?;
    let files = fs::read_dir(EXAMPLE).unwrap().map(|file| file.unwrap().path());
    for file in files.filter(|file| file.is_file()) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let _ = gateway.folder.written(name, fs::read(&file).unwrap());
    }
    let rules = gateway.folder.file(rules);
    gateway.set_environment("SINKGATE_RESPONSES_FILE", rules.to_str().unwrap());
    let gif = gateway.folder.written("FakeNet.gif", GIF);
    gateway.set_environment("SINKGATE_FTP_FILES", gif.to_str().unwrap());
    gateway.begin();
    Some(gateway)
}

fn start() -> Option<Gateway> {
    start_with("responses.toml")
}

/// What a victim prints whose resolver is the gateway.
fn victim(gateway: &Gateway, script: &str) -> String {
    let resolver = gateway.folder.written("resolv.conf", format!("nameserver {EXTERNAL}\n"));
    let script = gateway.folder.written("script.py", format!("{CLIENT}\n{script}"));
    let line = format!(
        "unshare --mount sh -ec 'mount --bind {} /etc/resolv.conf; exec python3 {}'",
        resolver.display(),
        script.display()
    );
    shell(&gateway.network.victim, &line).stdout.trim_end().to_owned()
}

/// What several say who are asked at once.
fn said(gateway: &Gateway, asked: &[(&str, &str, u16)]) -> Vec<String> {
    let calls = asked.iter().map(|(transport, host, port)| {
        format!("pool.submit(said, '{transport}', '{host}', {port})")
    });
    let calls: Vec<String> = calls.collect();
    let script = format!(
        "from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(9) as pool:
    for call in [{}]: print(call.result())",
        calls.join(", ")
    );
    victim(gateway, &script).lines().map(str::to_owned).collect()
}

/// On a port that FakeNet-NG listens on, and on one that it does not.
fn assert_echoed(transport: &str) {
    let Some(gateway) = start() else { return };
    let asked = ANYBODY.map(|host| [(transport, host, 1_337), (transport, host, 9_999)]);
    let asked = asked.as_flattened();
    assert_eq!(said(&gateway, asked), ["b'Testing FakeNet-NG'"; 6], "{asked:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn tcp_is_echoed_on_every_port_of_every_host() {
    assert_echoed("tcp");
}

/// The client's socket hears only the address that it asked.
#[test]
#[ignore = "end to end: needs root"]
fn udp_is_echoed_on_every_port_of_every_host() {
    assert_echoed("udp");
}

#[test]
#[ignore = "end to end: needs root"]
fn ports_have_answers_of_their_own() {
    let Some(gateway) = start() else { return };
    for (transport, port, words, expected) in [
        ("tcp", 1_000, "whatever", r"b'\x0fL\nR\x0e'"),
        ("tcp", 1_001, "whatever", "b'static string TCP response'"),
        ("tcp", 1_002, "whatever", "b'sample TCP raw file response'"),
        ("tcp", 1_003, "whatever", "b'xibufwfs'"),
        ("udp", 1_000, "whatever", r"b'\x0fL\nR\x0e'"),
        ("udp", 1_003, "whatever2", "b'xibufwfs3'"),
    ] {
        let script = format!("print(said('{transport}', '{EXTERNAL}', {port}, b'{words}'))");
        assert_eq!(victim(&gateway, &script), expected, "{transport} {port}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn every_host_is_alive() {
    let Some(gateway) = start() else { return };
    for host in ANYBODY {
        let script =
            format!("print(subprocess.run(['ping', '-q', '-c1', '-W5', '{host}']).returncode)");
        assert!(victim(&gateway, &script).ends_with("\n0"), "{host}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn a_name_has_the_address_that_is_set() {
    let Some(gateway) = start() else { return };
    let address = victim(&gateway, &format!("print(socket.gethostbyname('{DOMAIN}'))"));
    assert_eq!(address, "192.0.2.123");
}

#[test]
#[ignore = "end to end: needs root"]
fn pages_are_served_on_any_port_with_and_without_tls() {
    let Some(gateway) = start() else { return };
    for (url, context) in [
        ("http://8.8.8.8/asdf.html", "None"),
        ("https://8.8.8.8/asdf.html", "ssl._create_unverified_context()"),
        ("http://8.8.8.8:10/asdf.html", "None"),
        ("http://8.8.8.8:12345/asdf.html", "None"),
    ] {
        let script = format!("print(is_listener('{url}', {context}))");
        assert_eq!(victim(&gateway, &script), "True", "{url}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn who_does_not_trust_the_authority_is_not_deceived() {
    let Some(gateway) = start() else { return };
    let script = "
try: page('https://8.8.8.8/asdf.html')
except urllib.error.URLError as error: print(type(error.reason).__name__)";
    assert_eq!(victim(&gateway, script), "SSLCertVerificationError");
}

#[test]
#[ignore = "end to end: needs root"]
fn mail_is_fetched_and_taken() {
    let Some(gateway) = start() else { return };
    let fetch = format!(
        "import poplib
server = poplib.POP3('{EXTERNAL}', 110, timeout=5)
server.user('popuser')
server.pass_('password')
response, lines, _ = server.retr(1)
print(response.startswith(b'+OK'), any(b'Alice' in line for line in lines))"
    );
    assert_eq!(victim(&gateway, &fetch), "True True");
    let send = format!(
        "import smtplib
server = smtplib.SMTP('{EXTERNAL}', timeout=5)
server.ehlo('fake.net')
server.sendmail('from@fake.net', ['to@fake.net'], 'FakeNet-NG SMTP test email')
print(server.quit()[0])"
    );
    assert_eq!(victim(&gateway, &send), "221");
}

/// Over a connection that we open, as the suite wants it, and over one of the client's.
#[test]
#[ignore = "end to end: needs root"]
fn files_are_fetched() {
    let Some(gateway) = start() else { return };
    for (host, is_passive) in [(ARBITRARY, "False"), (ARBITRARY, "True"), (DOMAIN, "False")] {
        let fetch = format!(
            "import ftplib
server = ftplib.FTP('{host}', timeout=5)
server.set_pasv({is_passive})
server.login()
content = []
server.retrbinary('RETR FakeNet.gif', content.append)
print(b''.join(content).hex(), server.quit()[:3])"
        );
        let expected: String = GIF.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(victim(&gateway, &fetch), format!("{expected} 221"), "{host} {is_passive}");
    }
}

/// The suite does this on Windows, where FakeNet-NG makes the system trust it; here a lab does.
#[test]
#[ignore = "end to end: needs root"]
fn who_trusts_the_authority_gets_pages_of_any_name() {
    if !can_run_labs(&[]) {
        return;
    }
    let labs = Labs::of_root(SINKGATE);
    let script = format!("{CLIENT}\nprint(is_listener('https://evil.com/test.html'))");
    let script = labs.folder.written("script.py", script).display().to_string();
    let rules = Path::new(EXAMPLE).join("responses.toml").display().to_string();
    let lab = ["lab", "--quiet", "--responses", &rules, "--", "python3", &script];
    let outcome = labs.run(&lab);
    assert_eq!(outcome.stdout, "True\n", "{outcome:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn requests_have_answers_of_their_own() {
    let Some(gateway) = start() else { return };
    for (url, words, is_expected) in [
        ("http://8.8.8.8/test.txt", "Wraps this", true),
        ("http://some.random.c2.com/asdf.html", "success", true),
        ("http://both_host.com/and_uri.txt", "Ahoy", true),
        ("http://both_host.com/not_uri.txt", "Ahoy", false),
        ("http://non_host.com/and_uri.txt", "Ahoy", false),
        ("http://other.c2.com:81/whatever.html", "success", true),
        ("http://other.c2.com:80/whatever.html", "success", false),
    ] {
        let (status, body) = answer(&gateway, url);
        assert_eq!((status.as_str(), body.contains(words)), ("200", is_expected), "{url}: {body}");
    }
    gateway.database.expect(
        "SELECT details ->> 'rule' AS rule, count(*) AS requests FROM event
         WHERE kind = 'response.rule' GROUP BY rule ORDER BY rule",
        &json!([
            {"rule": "by both", "requests": 1},
            {"rule": "by host", "requests": 1},
            {"rule": "by host and port", "requests": 1},
            {"rule": "by path", "requests": 1},
            {"rule": "every other page", "requests": 1},
        ]),
    );
}

/// Status and body.
fn answer(gateway: &Gateway, url: &str) -> (String, String) {
    let said =
        victim(gateway, &format!("status, body = page('{url}')\nprint(status)\nprint(body)"));
    let (status, body) = said.split_once('\n').unwrap_or((&said, ""));
    (status.to_owned(), body.to_owned())
}

#[test]
#[ignore = "end to end: needs root"]
fn chats_are_said_back() {
    let Some(gateway) = start() else { return };
    let script = format!(
        "peer = socket.create_connection(('{EXTERNAL}', 6667), 5)\n\
         def asked(words, expected):\n\
         \x20   peer.sendall(words + b'\\r\\n')\n\
         \x20   answer = b''\n\
         \x20   for _ in range(4):\n\
         \x20       answer += peer.recv(16384)\n\
         \x20       if expected in answer:\n\
         \x20           return True\n\
         \x20   return answer\n\
         peer.sendall(b'NICK dr_evil\\r\\n')\n\
         print([\n\
         \x20   asked(b'USER dr_evil 0 * :dr_evil', b' 001 dr_evil :Welcome to IRC'),\n\
         \x20   asked(b'JOIN #whatevs', b' JOIN :#whatevs'),\n\
         \x20   asked(b'PRIVMSG #evil_bartenders :Black Market',\n\
         \x20         b' PRIVMSG #evil_bartenders :Black Market'),\n\
         \x20   asked(b'PRIVMSG inspector_clouseau :Hello?', b' PRIVMSG dr_evil :Hello?'),\n\
         \x20   asked(b'QUIT', b'ERROR :Closing Link'),\n\
         ])"
    );
    assert_eq!(victim(&gateway, &script).trim(), "[True, True, True, True, True]");
}

#[test]
#[ignore = "end to end: needs root"]
fn listed_hosts_and_ports_are_not_answered() {
    let Some(gateway) = start() else { return };
    let asked = [("tcp", "6.6.6.6", 9_999), ("tcp", ARBITRARY, 139), ("udp", ARBITRARY, 67)];
    assert_eq!(said(&gateway, &asked), ["TimeoutError"; 3]);
    gateway.database.expect(
        "SELECT count(*) AS dropped FROM event WHERE kind = 'response.rule'",
        &json!([{"dropped": 3}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn nobody_but_the_gateway_answers_when_nothing_is_redirected() {
    let Some(gateway) = start_with("no-redirect.toml") else { return };
    let asked = ANYBODY.map(|host| [("tcp", host, 1_337), ("tcp", host, 9_999)]);
    let said = said(&gateway, asked.as_flattened());
    let (service, others) = said.split_first().unwrap();
    assert_eq!(service, "b'Testing FakeNet-NG'");
    let is_refused = |said: &String| ["BrokenPipeError", "ConnectionResetError"].contains(&&**said);
    assert!(others.len() == 5 && others.iter().all(is_refused), "{others:?}");
}
