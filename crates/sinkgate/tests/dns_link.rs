//! End to end: names that a victim asks everyone on its link for.
//!
//! Clients are sockets as resolvers of systems open them (dig's are connected, and hear nobody but the
//! group), Avahi, and Samba's `nmblookup`.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{python, run};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// What desktops ask with.
const CLIENTS: &[&str] =
    &["avahi-daemon", "avahi-resolve", "dbus-run-session", "nmblookup", "unshare"];

/// The address that every name has.
const FIXED: &str = "dns.fixed_v4=192.0.2.66";

/// Asks everyone in every way, and prints who answered, and how each answer begins.
const QUESTIONS: &str = r"
import socket
HEAD = b'\x12\x34\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00'
PRINTER = b'\x07printer\x05local\x00\x00\x01\x00\x01'
WPAD = b'\x20FHFAEBEECACACACACACACACACACACAAA\x00'
link = socket.if_nametoindex('v0')

def ask(question, to, port=0):
    family = socket.AF_INET6 if ':' in to[0] else socket.AF_INET
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.settimeout(WAIT)
    s.bind(('', port))
    if family == socket.AF_INET: s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.sendto(question, to)
    try:
        answer, sender = s.recvfrom(1000)
    except TimeoutError:
        return print('silence')
    own = 'fe80' if sender[0].startswith('fe80:') else sender[0]
    print(own, sender[1], answer[:4].hex(), answer[6:8].hex())

ask(HEAD + PRINTER, ('224.0.0.251', 5353))
ask(HEAD + PRINTER, ('224.0.0.251', 5353), 5353)
ask(HEAD + b'\x04wpad\x00\x00\x01\x00\x01', ('224.0.0.252', 5355))
ask(HEAD + b'\x04wpad\x00\x00\x1c\x00\x01', ('ff02::1:3', 5355, 0, link))
ask(HEAD + PRINTER, ('ff02::fb', 5353, 0, link))
ask(HEAD[:3] + b'\x10' + HEAD[4:] + WPAD + b'\x00\x20\x00\x01', ('10.66.0.255', 137))
ask(HEAD + b'\x20CK' + b'A' * 30 + b'\x00\x00\x21\x00\x01', ('203.0.113.7', 137))
";

#[test]
#[ignore = "end to end: needs root"]
fn names_of_the_link_are_answered_when_enabled_from_our_own_address() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &["--set", "dns.link_names=true"]) else {
        return;
    };
    let said = python(&gateway.network.victim, &QUESTIONS.replace("WAIT", "5"));
    let expected = [
        "10.66.0.1 5353 12348400 0001",
        "10.66.0.1 5353 00008400 0001",
        "10.66.0.1 5355 12348000 0001",
        "fe80 5355 12348000 0001",
        "fe80 5353 12348400 0001",
        "10.66.0.1 137 12348500 0001",
        "203.0.113.7 137 12348400 0001",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    gateway.database.expect(
        "SELECT name, query_type, count(*) AS times FROM dns_query WHERE response_code = 0
         GROUP BY name, query_type ORDER BY name, query_type",
        &json!([
            {"name": "\\042<00>", "query_type": 33, "times": 1},
            {"name": "printer.local", "query_type": 1, "times": 3},
            {"name": "wpad", "query_type": 1, "times": 1},
            {"name": "wpad", "query_type": 28, "times": 1},
            {"name": "wpad<00>", "query_type": 32, "times": 1},
        ]),
    );
    assert_eq!(gateway.counters().get("replies_unsent"), Some(&0));
}

#[test]
#[ignore = "end to end: needs root"]
fn they_are_recorded_and_not_answered_otherwise() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let said = python(&gateway.network.victim, &QUESTIONS.replace("WAIT", "0.5"));
    let expected = [&["silence"; 6][..], &["203.0.113.7 137 12348400 0001"]].concat();
    assert_eq!(said.lines().collect::<Vec<_>>(), expected, "only one machine is not everyone");
    gateway.database.expect(
        "SELECT count(*) AS questions FROM dns_query WHERE response_code IS NULL",
        &json!([{"questions": 6}]),
    );
}

/// Avahi as it runs on a desktop, with a bus and a folder of its own, and what asks it.
const AVAHI: &str = r#"
mount -t tmpfs none /run && mkdir /run/avahi-daemon
printf '[server]\nallow-interfaces=v0\n[publish]\ndisable-publishing=yes\n' >/run/avahi.conf
dbus-run-session -- sh -c '
    export DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS
    avahi-daemon --no-drop-root --no-rlimits --no-chroot --no-proc-title -f /run/avahi.conf 2>/dev/null &
    until avahi-daemon --check; do sleep 0.05; done
    avahi-resolve -4 -n scanner.local || true
    avahi-daemon --kill'
"#;

/// Runs it where nothing of this machine's own Avahi is seen.
fn avahi(gateway: &Gateway) -> String {
    let arguments = ["--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", AVAHI];
    let outcome = run(&gateway.network.victim, "unshare", &arguments);
    assert!(outcome.status.success(), "{outcome:?}");
    outcome.stdout
}

fn nmblookup(gateway: &Gateway, arguments: &[&str]) -> String {
    let own = ["--configfile=/dev/null", "--option=interfaces=v0"];
    run(&gateway.network.victim, "nmblookup", &[&own, arguments].concat()).stdout
}

#[test]
#[ignore = "end to end: needs root"]
fn resolvers_of_desktops_take_the_answers() {
    let enabled = ["--set", "dns.link_names=true", "--set", "dns.mode=fixed", "--set", FIXED];
    let Some(gateway) = Gateway::start(SINKGATE, CLIENTS, &enabled) else { return };
    assert_eq!(avahi(&gateway), "scanner.local\t192.0.2.66\n");
    let found = nmblookup(&gateway, &["FILESRV"]);
    assert_eq!(found, "192.0.2.66 FILESRV<00>\n");
    let status = nmblookup(&gateway, &["-A", "203.0.113.7"]);
    assert!(status.contains("WORKGROUP       <00> - <GROUP> B <ACTIVE>"), "{status}");
}

#[test]
#[ignore = "end to end: needs root"]
fn resolvers_of_desktops_hear_nothing_otherwise() {
    let Some(gateway) = Gateway::start(SINKGATE, CLIENTS, &[]) else { return };
    assert_eq!(avahi(&gateway), "");
    assert_eq!(nmblookup(&gateway, &["FILESRV"]), "name_query failed to find name FILESRV\n");
    gateway.database.expect(
        "SELECT DISTINCT name, query_type, response_code FROM dns_query
         WHERE name IN ('scanner.local', 'filesrv<00>') ORDER BY name",
        &json!([
            {"name": "filesrv<00>", "query_type": 32, "response_code": null},
            {"name": "scanner.local", "query_type": 1, "response_code": null},
        ]),
    );
}
