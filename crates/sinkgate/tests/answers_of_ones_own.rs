//! Rules of responses.toml, as other people's clients meet them.

use std::fs;

use serde_json::json;
use testkit::programs::{Outcome, python, run};
use testkit::{Folder, Gateway, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// A gateway with rules, and the folder they are in.
struct Ruled {
    gateway: Gateway,
    folder: Folder,
}

impl Ruled {
    fn start(programs: &[&str], rules: &str) -> Option<Self> {
        let mut gateway = Gateway::prepare(SINKGATE, programs, &[])?;
        // The account that the gateway becomes reads them when they have changed.
        let folder = Folder::new();
        let file = folder.written("responses.toml", rules);
        gateway.set_environment("SINKGATE_RESPONSES_FILE", &file.to_string_lossy());
        gateway.begin();
        Some(Self { gateway, folder })
    }

    fn curl(&self, arguments: &[&str]) -> Outcome {
        let usual = ["--silent", "--max-time", "20", "--noproxy", "*", "--insecure"];
        run(&self.gateway.network.victim, "curl", &[&usual, arguments].concat())
    }

    /// What comes back on a connection to `port` that begins with `words`.
    fn said_back(&self, port: u16, words: &str) -> String {
        python(
            &self.gateway.network.victim,
            &format!(
                r"
import socket
peer = socket.create_connection(('203.0.113.9', {port}), 20)
peer.settimeout(20)
peer.sendall({words:?}.encode())
peer.shutdown(socket.SHUT_WR)
heard = b''
try:
    while piece := peer.recv(65536):
        heard += piece
except ConnectionResetError:
    heard += b'<reset>'
print(heard.decode('latin-1'))
"
            ),
        )
        .trim_end_matches('\n')
        .to_owned()
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn requests_are_answered_by_the_first_rule_that_matches() {
    let rules = r#"
        [[rule]]
        name = "both"
        when = { name = "both.test", path = "/and-uri.txt" }
        answer = { body = { template = "Ahoy ${header:user-agent}" }, headers = { Server = "panel/1" } }
        [[rule]]
        name = "path"
        when.path = { regex = '^/task/[0-9]+$' }
        answer = { status = 202, media_type = "text/plain", body = { hex = "6f 6b" } }
    "#;
    let Some(ruled) = Ruled::start(&["curl"], rules) else { return };
    let ask = |scheme: &str, options: &[&str], host: &str, path: &str| {
        let port = if scheme == "https" { 443 } else { 80 };
        let (to, url) = (format!("{host}:{port}:203.0.113.9"), format!("{scheme}://{host}{path}"));
        ruled.curl(&[options, &["--include", "--resolve", &to, &url]].concat()).stdout
    };
    let agent = ["--user-agent", "bot"];
    let both = ask("http", &agent, "both.test", "/and-uri.txt");
    assert!(both.ends_with("\r\n\r\nAhoy bot") && both.contains("Server: panel/1\r\n"), "{both}");
    let both = ask("https", &agent, "both.test", "/and-uri.txt");
    assert!(both.starts_with("HTTP/2 200") && both.ends_with("Ahoy bot"), "{both}");
    let path = ask("http", &[], "other.test", "/task/7");
    assert!(path.starts_with("HTTP/1.1 202 Accepted") && path.ends_with("\r\n\r\nok"), "{path}");
    for (host, path) in [("both.test", "/other.txt"), ("other.test", "/and-uri.txt")] {
        assert!(!ask("http", &agent, host, path).contains("Ahoy"), "{host}{path}");
    }
    let noted =
        "SELECT details ->> 'rule' AS rule FROM event WHERE kind = 'response.rule' ORDER BY seq";
    let expected = ["both", "both", "path"].map(|rule| json!({"rule": rule}));
    ruled.gateway.database.expect(noted, &json!(expected));
}

#[test]
#[ignore = "end to end: needs root"]
fn connections_are_answered_in_every_way_there_is() {
    let rules = r#"
        [[rule]]
        when = { port = 1001, transport = "tcp" }
        answer = { send = "static\r\n", then = "close" }
        [[rule]]
        when.port = 1002
        answer = { send = { template = "220 ${port} ready\r\n" }, at = "open", then = "close" }
        [[rule]]
        when.port = 1003
        answer.exec = ["python3", "-u", "-c", """
import os, sys
while received := os.read(0, 65536):
    os.write(1, bytes((byte + 1) % 256 for byte in received))
print(os.getuid() == 0, os.environ['SINKGATE_PORT'], file=sys.stderr)
"""]
        [[rule]]
        when.port = 1004
        answer.steps = [{ send = "login: " }, { expect = "\n" }, { send = "welcome\n" }, "close"]
        [[rule]]
        when.port = 1005
        answer = "refuse"
        [[rule]]
        when.first = { regex = "^BOT[0-9] " }
        answer = "echo"
    "#;
    let Some(ruled) = Ruled::start(&[], rules) else { return };
    assert_eq!(ruled.said_back(1_001, "whatever"), "static\r");
    assert_eq!(ruled.said_back(1_002, ""), "220 1002 ready\r");
    assert_eq!(ruled.said_back(1_003, "whatever"), "xibufwfs");
    assert_eq!(ruled.said_back(1_004, "root\n"), "login: welcome");
    assert_eq!(ruled.said_back(7_777, "BOT7 here"), "BOT7 here");
    let ended = "SELECT details ->> 'outcome' AS outcome, details ->> 'complaint' AS complaint \
                 FROM event WHERE kind = 'response.program'";
    let expected = json!([{"outcome": "exit status: 0", "complaint": "False 1003"}]);
    ruled.gateway.database.expect(ended, &expected);
}

#[test]
#[ignore = "end to end: needs root"]
fn datagrams_are_answered_by_rules_and_programs() {
    let rules = r#"
        [[rule]]
        when = { port = 1000, transport = "udp" }
        answer.send = { base64 = "D0wKUg4=" }
        [[rule]]
        when = { port = 1003, transport = "udp" }
        answer.exec = ["python3", "-u", "-c", """
import os
while received := os.read(0, 65536):
    os.write(1, bytes((byte + 1) % 256 for byte in received))
"""]
    "#;
    let Some(ruled) = Ruled::start(&[], rules) else { return };
    let said = python(
        &ruled.gateway.network.victim,
        r"
import socket
peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.settimeout(20)
for port, words in [(1000, b'whatever'), (1003, b'whatever2'), (1003, b'abc')]:
    peer.sendto(words, ('203.0.113.9', port))
    print(*peer.recvfrom(4096))
",
    );
    let expected = "b'\\x0fL\\nR\\x0e' ('203.0.113.9', 1000)\n\
                    b'xibufwfs3' ('203.0.113.9', 1003)\nb'bcd' ('203.0.113.9', 1003)\n";
    assert_eq!(said, expected);
}

#[test]
#[ignore = "end to end: needs root"]
fn a_rule_speaks_inside_tls_and_a_dropped_port_gets_no_handshake() {
    let rules = r#"
        [[rule]]
        when.port = 4443
        answer = { send = "secret\n", then = "close" }
        [[rule]]
        when.port = 4444
        answer = "drop"
    "#;
    let Some(ruled) = Ruled::start(&["openssl"], rules) else { return };
    let ask = |port: u16| {
        let line = format!(
            "echo hello | timeout 5 openssl s_client -quiet -connect 203.0.113.9:{port} 2>/dev/null"
        );
        run(&ruled.gateway.network.victim, "sh", &["-c", &line]).stdout
    };
    assert_eq!(ask(4_443), "secret\n");
    assert_eq!(ask(4_444), "");
}

#[test]
#[ignore = "end to end: needs root"]
fn rules_are_read_anew_and_open_connections_keep_theirs() {
    let rules = |word: &str| {
        format!("[[rule]]\nwhen.port = 1001\nanswer = {{ send = '{word}', then = 'close' }}\n")
    };
    let Some(ruled) = Ruled::start(&[], &rules("old")) else { return };
    let victim = &ruled.gateway.network.victim;
    let flag = ruled.folder.file("changed");
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let program = format!(
                r"
import os, socket, time
peer = socket.create_connection(('203.0.113.9', 1001), 20)
peer.settimeout(20)
open({0:?} + '.open', 'w').close()
while not os.path.exists({0:?}):
    time.sleep(0.01)
peer.sendall(b'x')
print(peer.recv(100))
",
                flag.to_str().unwrap()
            );
            tell.send(python(victim, &program)).unwrap();
        });
        wait_until("the connection is open", || flag.with_extension("open").exists());
        let _ = ruled.folder.written("responses.toml", rules("new"));
        wait_until("new rules hold", || ruled.said_back(1_001, "x") == "new");
        fs::write(&flag, "").unwrap();
        assert_eq!(told.recv().unwrap(), "b'old'\n");
    });
    let _ = ruled.folder.written("responses.toml", "[[rule]]\nanswer = 'dorp'\n");
    wait_until("the log complains", || {
        ruled.gateway.log().contains("the rules before this change still hold")
    });
    assert!(ruled.gateway.log().contains("line 2: `rule.answer` is"), "{}", ruled.gateway.log());
    assert_eq!(ruled.said_back(1_001, "x"), "new");
}

#[test]
#[ignore = "end to end: needs root"]
fn what_was_captured_is_answered_again() {
    let rules = "[[rule]]\nname = 'captured'\nanswer.replay = 'c2.pcap'\n";
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["curl", "tcpdump"], &[]) else { return };
    let folder = Folder::new();
    let capture = folder.file("c2.pcap").display().to_string();
    // Somewhere there was a command server, and somebody listened.
    python(
        &gateway.network.victim,
        &format!(
            r"
import http.server, subprocess, threading, time, urllib.request
class Panel(http.server.BaseHTTPRequestHandler):
    tasks = [b'sleep', b'screenshot']
    def do_GET(self):
        body = self.tasks.pop(0)
        self.send_response(202)
        self.send_header('X-Panel', 'v7')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
panel = http.server.HTTPServer(('127.0.0.1', 8080), Panel)
threading.Thread(target=panel.serve_forever, daemon=True).start()
ears = subprocess.Popen(['tcpdump', '--immediate-mode', '-q', '-U', '-i', 'lo', '-w', {capture:?}, 'tcp port 8080'],
                        stderr=subprocess.PIPE, text=True)
while 'listening' not in ears.stderr.readline(): pass
opener = urllib.request.build_opener(urllib.request.ProxyHandler({{}}))
for _ in range(2):
    opener.open('http://127.0.0.1:8080/task?id=1', timeout=20).read()
while b'screenshot' not in open({capture:?}, 'rb').read(): time.sleep(0.01)
ears.terminate()
ears.wait()
"
        ),
    );
    let file = folder.written("responses.toml", rules);
    gateway.set_environment("SINKGATE_RESPONSES_FILE", &file.to_string_lossy());
    gateway.begin();
    let ruled = Ruled { gateway, folder };
    let ask = |path: &str| {
        let url = format!("http://203.0.113.9{path}");
        ruled.curl(&["--include", &url]).stdout
    };
    let first = ask("/task?id=1");
    assert!(
        first.starts_with("HTTP/1.1 202 Accepted") && first.ends_with("\r\n\r\nsleep"),
        "{first}"
    );
    assert!(first.contains("X-Panel: v7\r\n"), "{first}");
    assert!(ask("/task?id=2").ends_with("\r\n\r\nscreenshot"), "the next one, as then");
    assert!(
        ask("/else").starts_with("HTTP/1.1 200 OK"),
        "what was not captured is answered as always"
    );
}
