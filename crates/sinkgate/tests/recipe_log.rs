//! The recipe as it stands: its iptables rules, a real rsyslogd that forwards what they log, and
//! its three tables, in a file and in MariaDB.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use testkit::packets::knock;
use testkit::programs::{Running, python_value, run, start};
use testkit::servers::{Kind, PASSWORD, Server};
use testkit::{Gateway, Shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// 10.66.0.2, as `INET_ATON` gives it.
const VICTIM: u32 = 10 << 24 | 66 << 16 | 2;

/// The recipe's server takes every TCP port at one; its DNS server answers with its own address.
const ARGUMENTS: &[&str] = &[
    "run",
    "--listen",
    "0.0.0.0:9999",
    "--listen",
    "0.0.0.0:53",
    "--no-rules",
    "--set",
    "dns.mode=self",
    "--set",
    "dns.ttl=600",
    "--set",
    "syslog.listen=127.0.0.1:5140",
];

const REDIRECT: &str =
    "iptables -t nat -A PREROUTING -p tcp --dport 1:65535 -j REDIRECT --to-ports 9999";

/// Looks a name up, connects to where it leads and says hello; gives the port it did that from.
const VISIT: &str = r"
import json, socket
s = socket.create_connection(('10.66.0.1', 6667))
s.sendall(b'Hello, World!'); s.shutdown(socket.SHUT_WR)
while s.recv(9): pass
print(json.dumps(s.getsockname()[1]))
";

fn recipe(others: &[&str]) -> Option<Gateway> {
    let mut gateway = Gateway::prepare(SINKGATE, &[&["iptables"], others].concat(), &[])?;
    gateway.set_arguments(ARGUMENTS);
    gateway.begin();
    Some(gateway)
}

/// One lookup and one visit; its three tables show them, and the connection is there once.
fn visit(gateway: &Gateway) -> Value {
    let question = ["@10.66.0.1", "+noall", "+answer", "irc.example"];
    let answer = run(&gateway.network.victim, "dig", &question).stdout;
    assert_eq!(
        answer.split_whitespace().collect::<Vec<_>>(),
        ["irc.example.", "600", "IN", "A", "10.66.0.1"]
    );
    let port = python_value(&gateway.network.victim, VISIT);
    let database = &gateway.database;
    database.expect(
        &format!("SELECT dport, protocol FROM connection_log WHERE sport = {port}"),
        &json!([{"dport": 6667, "protocol": 1}]),
    );
    database.expect(
        &format!(
            "SELECT src_addr_v4, protocol, CAST(received_data AS TEXT) AS received_data
             FROM sinkhole_data WHERE sport = {port}"
        ),
        &json!([{"src_addr_v4": VICTIM, "protocol": 1, "received_data": "Hello, World!"}]),
    );
    database.expect(
        "SELECT src_addr_v4, query_domain, query_type FROM dns_log",
        &json!([{"src_addr_v4": VICTIM, "query_domain": "irc.example", "query_type": 1}]),
    );
    port
}

/// Waits until the log line about the first packet from a port is part of a flow to another.
fn expect_line(gateway: &Gateway, port: &Value, dport: u16, ending: &str) {
    gateway.database.expect(
        &format!(
            "SELECT DISTINCT dst_port, ending FROM event JOIN flow ON flow.seq = event.flow
             JOIN flow_end ON flow_end.flow = flow.seq
             WHERE kind = 'netfilter.log' AND victim_port = {port}
             AND details ->> 'flags' = '[\"SYN\"]'"
        ),
        &json!([{"dst_port": dport, "ending": ending}]),
    );
}

/// Leave for rules in a namespace to write to the kernel's log; taken back at the end.
struct Leave {
    before: String,
}

const SWITCH: &str = "/proc/sys/net/netfilter/nf_log_all_netns";

impl Leave {
    /// Nothing if this machine does not give it. Prints why a test is skipped.
    fn take() -> Option<Self> {
        if let Err(error) = fs::File::open("/dev/kmsg") {
            eprintln!("skipped: cannot read the kernel's log: {error}");
            return None;
        }
        let before = fs::read_to_string(SWITCH);
        match before.and_then(|before| fs::write(SWITCH, "1").map(|()| before)) {
            Ok(before) => Some(Self { before }),
            Err(error) => {
                eprintln!("skipped: cannot let namespaces log ({SWITCH}): {error}");
                None
            }
        }
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        let _ = fs::write(SWITCH, &self.before);
    }
}

/// A syslog server that forwards as the recipe has it, and does nothing else.
fn start_rsyslog(gateway: &Gateway) -> Running {
    let folder = gateway.folder.path().display().to_string();
    let _ = gateway.folder.written(
        "00-sinkhole.conf",
        ":msg, contains, \"INPUT:SINKHOLE:\" @@127.0.0.1:5140\n& stop\n",
    );
    let configuration = format!(
        "module(load=\"imkmsg\")\nglobal(workDirectory=\"{folder}\")\n\
         include(file=\"{folder}/00-sinkhole.conf\")\n"
    );
    let file = gateway.folder.written("rsyslog.conf", configuration);
    let pid = Path::new(&folder).join("rsyslog.pid");
    let arguments = ["-n", "-f", file.to_str().unwrap(), "-i", pid.to_str().unwrap()];
    start(&gateway.network.gateway, "rsyslogd", &arguments)
}

#[test]
#[ignore = "end to end: needs root"]
fn the_recipe_logs_before_it_redirects() {
    let Some(_leave) = Leave::take() else { return };
    let Some(mut gateway) = recipe(&["dig", "rsyslogd"]) else { return };
    gateway.network.gateway.shell(&format!(
        "iptables -t nat -A PREROUTING -i g0 -p tcp -j LOG --log-prefix 'INPUT:SINKHOLE: '; \
         {REDIRECT}"
    ));
    let _rsyslog = start_rsyslog(&gateway);
    let port = visit(&gateway);
    expect_line(&gateway, &port, 6_667, "finished");
    // The answer never arrives: from the gateway's side this is a scan.
    gateway.network.victim.shell("iptables -A INPUT -p tcp --sport 7777 -j DROP");
    let scan = knock(&gateway.network.victim, "10.66.0.1:7777");
    let port = json!(scan.local_addr().unwrap().as_socket().unwrap().port());
    expect_line(&gateway, &port, 7_777, "never-connected");
    gateway.database.expect(
        &format!("SELECT dport FROM connection_log WHERE sport = {port}"),
        &json!([{"dport": 7_777}]),
    );
    assert!(gateway.stop().success());
    gateway.database.assert_consistent();
}

#[test]
#[ignore = "end to end: needs root"]
fn the_recipe_logs_what_comes_in_after_it_was_redirected() {
    let Some(_leave) = Leave::take() else { return };
    let Some(mut gateway) = recipe(&["dig", "rsyslogd"]) else { return };
    gateway.network.gateway.shell(&format!(
        "iptables -A INPUT -i g0 -j LOG --log-prefix 'INPUT:SINKHOLE: '; {REDIRECT}"
    ));
    let _rsyslog = start_rsyslog(&gateway);
    let port = visit(&gateway);
    expect_line(&gateway, &port, 6_667, "finished");
    // Every packet is logged by this rule, and all of them are of the same flow.
    gateway.database.expect(
        &format!(
            "SELECT count(DISTINCT event.flow) AS flows, count(*) > 3 AS many FROM event
             JOIN flow ON flow.seq = event.flow
             WHERE kind = 'netfilter.log' AND victim_port = {port}"
        ),
        &json!([{"flows": 1, "many": 1}]),
    );
    // So is the question that was asked: the victim's address and port are those of its flow.
    gateway.database.expect(
        "SELECT count(*) AS questions FROM dns_query JOIN event USING (flow)
         WHERE kind = 'netfilter.log' AND details ->> 'protocol' = 'udp'",
        &json!([{"questions": 1}]),
    );
    assert!(gateway.stop().success());
    gateway.database.assert_consistent();
}

#[test]
#[ignore = "end to end: needs root"]
fn the_recipe_finds_its_three_tables_in_its_database() {
    let Some(mut gateway) =
        Gateway::prepare(SINKGATE, &["dig", "iptables", "logger", "rsyslogd"], &[])
    else {
        return;
    };
    let Some(server) = Server::start(Kind::MariaDb) else { return };
    begin_with(&mut gateway, &server);
    gateway.network.gateway.shell(&format!(
        "iptables -A INPUT -i g0 -j LOG --log-prefix 'INPUT:SINKHOLE: '; {REDIRECT}"
    ));
    let leave = Leave::take();
    let _rsyslog = start_rsyslog(&gateway);
    let port = visit(&gateway);
    if leave.is_none() {
        eprintln!("the line that the rule would have logged is sent by `logger`");
        let known = u16::try_from(port.as_u64().unwrap()).unwrap();
        log(&gateway, &["-T", "--rfc3164"], &line(known));
    }
    expect_line(&gateway, &port, 6_667, "finished");
    assert!(gateway.stop().success());
    let ask = |sql: &str| server.ask("sinkhole", sql);
    // The kernel's log has lines of other tests, too, and victims use a port again.
    let connection = format!("sport = {port} AND dport IN (6667, 9999)");
    let connections = ask(&format!("SELECT * FROM connection_log WHERE {connection}"));
    assert_row(&connections, &format!("{VICTIM}\t{port}\t6667\t1\t"), "");
    let received = ask(&format!("SELECT * FROM sinkhole_data WHERE sport = {port}"));
    assert_row(&received, &format!("{VICTIM}\t{port}\t1\t"), "\tHello, World!");
    let asked = ask("SELECT * FROM dns_log WHERE src_addr_v4 = INET_ATON('10.66.0.2')");
    assert_row(&asked, &format!("{VICTIM}\t"), "\tirc.example\t1");
}

/// Starts the recipe's gateway with a database on this server, over the server's socket.
fn begin_with(gateway: &mut Gateway, server: &Server) {
    server.make_database("sinkhole");
    let url = server.socket_url("sinkhole");
    let variable = format!("SINKGATE_DATABASE_PASSWORD={PASSWORD}");
    let made = gateway.run_through(&["env", &variable], &["init-db", "--database", &url]);
    assert!(made.status.success(), "{made:?}");
    let less = "REVOKE ALL ON sinkhole.* FROM sensor; \
                GRANT SELECT, INSERT, UPDATE ON sinkhole.* TO sensor";
    server.ask("", less);
    gateway.set_arguments(&[ARGUMENTS, &["--database", &url]].concat());
    gateway.set_environment("SINKGATE_DATABASE_PASSWORD", PASSWORD);
    gateway.begin();
}

/// There is one row, with a time between these.
fn assert_row(rows: &str, beginning: &str, ending: &str) {
    let row = rows.strip_suffix('\n').unwrap();
    let time = row.strip_prefix(beginning).and_then(|rest| rest.strip_suffix(ending));
    let is_time = |text: &str| text.len() == "2026-11-24 09:30:01.000000".len();
    assert!(time.is_some_and(is_time), "{rows}");
}

/// What netfilter says of the first packet of a connection.
fn line(port: u16) -> String {
    format!(
        "INPUT:SINKHOLE: IN=g0 OUT= SRC=10.66.0.2 DST=10.66.0.1 LEN=60 TOS=0x00 PREC=0x00 TTL=64 \
         ID=60598 DF PROTO=TCP SPT={port} DPT=6667 WINDOW=64240 RES=0x00 SYN URGP=0 "
    )
}

/// Sends a line to the listener.
fn log(gateway: &Gateway, how: &[&str], line: &str) {
    let arguments = [&["-n", "127.0.0.1", "-P", "5140", "-t", "kernel"], how, &["--", line]];
    let outcome = run(&gateway.network.gateway, "logger", &arguments.concat());
    assert!(outcome.status.success(), "{outcome:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn log_lines_are_heard_however_they_are_sent() {
    let Some(mut gateway) = recipe(&["dig", "logger"]) else { return };
    gateway.network.gateway.shell(REDIRECT);
    let port = visit(&gateway);
    let known = u16::try_from(port.as_u64().unwrap()).unwrap();
    let send = |how: &[&str], line: &str| log(&gateway, how, line);
    send(&["-T", "--rfc3164"], &line(known));
    send(&["-T", "--rfc5424", "--octet-count"], &line(1_001));
    send(&["-d", "--rfc5424"], &line(1_002));
    send(&["-d", "--rfc3164"], &line(1_003));
    send(&["-d"], "INPUT:SINKHOLE: IN=g0 OUT= SRC=10.66.0.2 DST=10.66.");
    send(&["-d"], "INPUT:SINKHOLE: \u{1b}[2Jnothing");
    send(&["-d"], "Invalid user INPUT:SINKHOLE: IN=g0 SRC=10.66.0.9 DST=10.66.0.1");
    expect_line(&gateway, &port, 6_667, "finished");
    for port in [1_001, 1_002, 1_003] {
        expect_line(&gateway, &json!(port), 6_667, "never-connected");
    }
    gateway.database.expect(
        "SELECT count(*) AS rows FROM connection_log WHERE protocol = 1",
        &json!([{"rows": 4}]),
    );
    assert!(gateway.stop().success());
    let counters = gateway.counters();
    let count = |name: &str| counters.get(name).copied().unwrap();
    assert_eq!((count("log_lines"), count("log_lines_garbled")), (7, 2));
    assert_eq!((count("log_lines_truncated"), count("flows_only_logged")), (1, 3));
    gateway.database.assert_consistent();
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_4_victims_do_not_reach_the_log_listener() {
    let arguments = ["--set", "syslog.listen=127.0.0.1:5140"];
    let Some(mut gateway) = Gateway::start(SINKGATE, &["logger"], &arguments) else { return };
    for how in ["-T", "-d"] {
        let arguments = ["-n", "10.66.0.1", "-P", "5140", how, "--", &line(1_001)];
        let _ = run(&gateway.network.victim, "logger", &arguments);
    }
    gateway.database.expect(
        "SELECT dst_port, transport FROM flow ORDER BY transport",
        &json!([{"dst_port": 5140, "transport": 6}, {"dst_port": 5140, "transport": 17}]),
    );
    assert!(gateway.stop().success());
    assert_eq!(gateway.counters().get("log_lines"), Some(&0));
    let refused = ["run", "-i", "g0", "--set", "syslog.listen=10.66.0.1:5140"];
    let refused = gateway.run(&refused);
    assert!(!refused.status.success());
    assert!(refused.stderr.contains("victims must not reach the log listener"), "{refused:?}");
}
