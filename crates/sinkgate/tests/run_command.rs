//! `sinkgate run`: how it starts, refuses, stops and cleans up, and with what rights it serves.

use serde_json::json;
use testkit::programs::{Outcome, are_installed, python, run, start};
use testkit::{Gateway, Network, Shell, status, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Everything of ours that the kernel of the gateway holds.
fn traces(network: &Network) -> String {
    let rules = network.gateway.shell("nft list tables | grep sinkgate || true");
    let routes = network.gateway.shell("ip rule; ip -6 rule");
    let ours = routes.lines().filter(|rule| !rule.contains("lookup local"));
    let ours =
        ours.filter(|rule| !rule.ends_with("lookup main") && !rule.ends_with("lookup default"));
    rules + &ours.collect::<Vec<_>>().join("\n")
}

/// Runs it with what every start has, to its end.
fn attempt(gateway: &Gateway, arguments: &[&str]) -> Outcome {
    attempt_through(gateway, &["env"], arguments)
}

fn attempt_through(gateway: &Gateway, other: &[&str], arguments: &[&str]) -> Outcome {
    let usual = gateway.usual_arguments();
    let usual: Vec<&str> = usual.iter().map(String::as_str).collect();
    gateway.run_through(other, &[&["run"], arguments, &usual].concat())
}

fn assert_refused(outcome: &Outcome, words: &[&str]) {
    assert!(!outcome.status.success(), "{outcome:?}");
    assert_ne!(outcome.status.code(), Some(124), "it went on: {outcome:?}");
    for word in words {
        assert!(outcome.stderr.contains(word), "{word} is not in {outcome:?}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn a_second_start_is_refused_and_harms_nothing() {
    let Some(mut gateway) = Gateway::start(SINKGATE, &["nc"], &[]) else { return };
    let before = traces(&gateway.network);
    assert_refused(&attempt(&gateway, &["-i", "g0"]), &[]);
    let elsewhere = gateway.folder.file("other.db").display().to_string();
    let other = ["run", "-i", "g0", "--config", "/dev/null", "--db", &elsewhere];
    let outcome = gateway.run_through(&["env", "XDG_STATE_HOME=/nonexistent"], &other);
    assert_refused(&outcome, &[]);
    assert_eq!(traces(&gateway.network), before);
    gateway.network.victim.shell("nc -z -w 5 203.0.113.9 6667");
    gateway.database.expect("SELECT count(*) AS flows FROM flow", &json!([{"flows": 1}]));
    assert!(gateway.stop().success());
}

#[test]
#[ignore = "end to end: needs root"]
fn print_rules_prints_them_and_changes_nothing() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let before = traces(&gateway.network);
    let outcome = attempt(&gateway, &["-i", "g0", "--print-rules"]);
    assert!(outcome.status.success(), "{outcome:?}");
    for word in ["table inet sinkgate", "\"g0\"", "tproxy", "ip"] {
        assert!(outcome.stdout.contains(word), "{word} is not in {outcome:?}");
    }
    assert_eq!(traces(&gateway.network), before);
    assert!(!gateway.database.path().exists());
    // What is printed is what nft understands.
    let file = gateway.folder.written("rules", &outcome.stdout);
    let rules = format!("sed '/^# ip /,$d' {} | nft -c -f -", file.display());
    gateway.network.gateway.shell(&rules);
}

#[test]
#[ignore = "end to end: needs root"]
fn what_cannot_work_is_refused_in_words() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &["setpriv"], &[]) else { return };
    assert_refused(&attempt(&gateway, &["-i", "nowhere0"]), &["nowhere0"]);
    assert_refused(&attempt(&gateway, &[]), &["--interface"]);
    let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
    assert_refused(&attempt_through(&gateway, &nobody, &["-i", "g0"]), &["root"]);
    let user = ["-i", "g0", "--set", "gateway.user=no-such-user"];
    assert_refused(&attempt(&gateway, &user), &["no-such-user"]);
    assert_eq!(traces(&gateway.network), "");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_port_that_is_taken_is_refused() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    for kind in ["SOCK_STREAM", "SOCK_DGRAM"] {
        let script = format!(
            "import socket, time
s = socket.socket(socket.AF_INET6, socket.{kind}); s.bind(('::', 9999))
if s.type == socket.SOCK_STREAM: s.listen()
print('ready', flush=True); time.sleep(1000)"
        );
        let squatter = start(&gateway.network.gateway, "python3", &["-uc", &script]);
        wait_until("the port is taken", || {
            gateway
                .network
                .gateway
                .shell("cat /proc/net/tcp6 /proc/net/udp6 2>/dev/null; ss -Hlntu")
                .contains("9999")
        });
        assert_refused(&attempt(&gateway, &["-i", "g0"]), &["9999"]);
        assert_eq!(traces(&gateway.network), "", "{kind}");
        drop(squatter);
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn an_ssh_connection_through_that_interface_is_not_cut() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let ssh = ["env", "SSH_CONNECTION=10.66.0.2 50000 10.66.0.1 22"];
    assert_refused(&attempt_through(&gateway, &ssh, &["-i", "g0"]), &["SSH", "g0"]);
    assert_eq!(traces(&gateway.network), "");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_table_that_would_defeat_ours_is_named() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    gateway.network.gateway.shell(
        "nft 'table inet firewall { chain input { \
         type filter hook input priority 0; policy drop; iifname \"lo\" accept; }; }'",
    );
    assert_refused(&attempt(&gateway, &["-i", "g0"]), &["inet firewall", "input"]);
    assert_eq!(traces(&gateway.network), "");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_stop_on_a_host_that_does_not_forward_leaves_nothing() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    gateway.network.gateway.shell("echo 0 > /proc/sys/net/ipv4/ip_forward");
    gateway.begin();
    assert_ne!(traces(&gateway.network), "");
    assert!(gateway.stop().success(), "{}", gateway.log());
    assert_eq!(traces(&gateway.network), "");
    gateway.database.expect("SELECT count(*) AS ends FROM run_end", &json!([{"ends": 1}]));
}

#[test]
#[ignore = "end to end: needs root"]
fn a_stop_on_a_host_that_forwards_leaves_the_closed_form_until_down() {
    for switch in ["ipv4/ip_forward", "ipv6/conf/all/forwarding"] {
        let Some(mut gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
        gateway.network.gateway.shell(&format!("echo 1 > /proc/sys/net/{switch}"));
        gateway.begin();
        assert!(gateway.stop().success(), "{}", gateway.log());
        let rules = gateway.network.gateway.shell("nft list table inet sinkgate");
        assert!(rules.contains("hook forward") && !rules.contains("tproxy"), "{rules}");
        assert!(gateway.log().contains("--down"), "{}", gateway.log());
        let down = gateway.run(&["run", "--down"]);
        assert!(down.status.success(), "{down:?}");
        assert_eq!(traces(&gateway.network), "");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn after_kill_9_the_victims_side_is_closed_until_down_or_the_next_start() {
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    gateway.kill();
    assert_ne!(traces(&gateway.network), "");
    assert_eq!(call(&gateway), "closed");
    gateway.begin();
    assert_eq!(call(&gateway), "open");
    gateway.kill();
    let down = gateway.run(&["run", "--down"]);
    assert!(down.status.success(), "{down:?}");
    assert_eq!(traces(&gateway.network), "");
    let again = gateway.run(&["run", "--down"]);
    assert!(again.status.success(), "cleaning what is clean is no failure: {again:?}");
    gateway.begin();
    assert_eq!(call(&gateway), "open");
    assert!(gateway.stop().success());
    let runs = "SELECT count(*) AS runs, (SELECT count(*) FROM run_end) AS ends FROM run";
    gateway.database.expect(runs, &json!([{"runs": 3, "ends": 1}]));
}

fn call(gateway: &Gateway) -> String {
    let answer = python(
        &gateway.network.victim,
        "import socket
try: socket.create_connection(('203.0.113.9', 6667), 0.5); print('open')
except OSError: print('closed')",
    );
    answer.trim().to_owned()
}

#[test]
#[ignore = "end to end: needs root"]
fn sigint_stops_as_sigterm_does() {
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    gateway.process().interrupt();
    assert!(gateway.process().end().success(), "{}", gateway.log());
    assert_eq!(traces(&gateway.network), "");
    gateway.database.expect("SELECT count(*) AS ends FROM run_end", &json!([{"ends": 1}]));
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_6_who_serves_victims_has_no_rights() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let server = gateway.server();
    let of_server = |key| status(server, key).unwrap();
    assert_eq!(of_server("Uid"), "65534\t65534\t65534\t65534");
    assert_eq!(of_server("Gid"), "65534\t65534\t65534\t65534");
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert_eq!(of_server(set), "0000000000000000", "{set}");
    }
    assert_eq!(of_server("NoNewPrivs"), "1");
    assert_eq!(of_server("Groups"), "");
}

#[test]
#[ignore = "end to end: needs root"]
fn systemd_is_told_when_it_is_ready_and_when_it_stops() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let socket = gateway.folder.file("notify");
    let listening = std::os::unix::net::UnixDatagram::bind(&socket).unwrap();
    listening.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    gateway.set_environment("NOTIFY_SOCKET", socket.to_str().unwrap());
    gateway.begin();
    let hear = || {
        let mut buffer = [0; 512];
        let length = listening.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    };
    let mut told = hear();
    assert!(told.contains("READY=1"), "{told}");
    gateway.stop();
    while !told.contains("STOPPING=1") {
        told = hear();
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn behind_rules_of_the_users_own_the_original_destination_is_asked_for() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["iptables", "ip6tables", "dig"], &[])
    else {
        return;
    };
    gateway.network.gateway.shell(
        "for each in iptables ip6tables; do
             $each -t nat -A PREROUTING -i g0 -p tcp -j REDIRECT --to-ports 9999
             $each -t nat -A PREROUTING -i g0 -p udp --dport 53 -j REDIRECT --to-ports 9999
         done",
    );
    gateway.set_arguments(&[
        "run",
        "--no-rules",
        "--listen",
        "0.0.0.0:9999",
        "--listen",
        "[::]:9999",
    ]);
    let rules = || gateway.network.gateway.shell("nft -s list ruleset; ip rule; ip -6 rule");
    let before = rules();
    gateway.begin();
    python(
        &gateway.network.victim,
        r"
import socket
for address, port in ('203.0.113.9', 6667), ('2001:db8::7', 65535), ('10.66.0.1', 22):
    s = socket.create_connection((address, port)); s.sendall(b'to %d' % port); s.close()
",
    );
    gateway.database.expect(
        "SELECT dst, dst_port, CAST(bytes AS TEXT) AS said FROM flow
         JOIN payload ON payload.flow = flow.seq ORDER BY dst_port",
        &json!([
            {"dst": "10.66.0.1", "dst_port": 22, "said": "to 22"},
            {"dst": "203.0.113.9", "dst_port": 6667, "said": "to 6667"},
            {"dst": "2001:db8::7", "dst_port": 65535, "said": "to 65535"},
        ]),
    );
    let question = ["@10.66.0.1", "+short", "+tries=1", "recipe.example"];
    let outcome = run(&gateway.network.victim, "dig", &question);
    assert!(!outcome.stdout.trim().is_empty(), "{outcome:?}");
    assert!(gateway.stop().success(), "{}", gateway.log());
    let rules = gateway.network.gateway.shell("nft -s list ruleset; ip rule; ip -6 rule");
    assert_eq!(rules, before, "somebody else's rules were touched");
}

#[test]
#[ignore = "end to end: needs root"]
fn without_rules_an_ordinary_user_can_serve() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &["setpriv"], &[]) else { return };
    if !are_installed(&["curl"]) {
        return;
    }
    // A folder of their own: the database is theirs.
    gateway.network.gateway.shell(&format!("chown 4242 {}", gateway.folder.path().display()));
    let program = gateway.folder.file("sinkgate");
    std::fs::copy(SINKGATE, &program).unwrap();
    let (program, database) = (program.display().to_string(), gateway.database.path());
    let user = ["--reuid", "4242", "--regid", "4242", "--clear-groups", &program];
    let arguments = ["run", "--no-rules", "--listen", "127.0.0.1:9999", "--config", "/dev/null"];
    let last = ["--db", database.to_str().unwrap()];
    let state = format!("XDG_STATE_HOME={}", gateway.folder.file("state").display());
    let line = [&[&*state, "setpriv"], &user[..], &arguments, &last].concat();
    let _serving = start(&gateway.network.gateway, "env", &line);
    wait_until("it serves", || gateway.database.runs() == 1);
    let page = run(&gateway.network.gateway, "curl", &["-sS", "http://127.0.0.1:9999/"]);
    assert!(page.stdout.contains("<html"), "{page:?}");
    gateway.database.expect(
        "SELECT victim, dst, dst_port FROM flow",
        &json!([{"victim": "127.0.0.1", "dst": "127.0.0.1", "dst_port": 9999}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn the_log_is_key_value_or_json() {
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    gateway.stop();
    assert!(gateway.log().lines().count() > 0);
    for line in gateway.log().lines() {
        assert!(line.contains("level=") && line.contains("="), "{line}");
    }
    let Some(mut gateway) = Gateway::start(SINKGATE, &[], &["--log-format", "json"]) else {
        return;
    };
    gateway.stop();
    assert!(gateway.log().lines().count() > 0);
    for line in gateway.log().lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).unwrap().is_object(), "{line}");
    }
}
