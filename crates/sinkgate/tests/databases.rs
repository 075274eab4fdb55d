//! Everything recorded is in MariaDB and PostgreSQL too, from a gateway and from a lab.

use std::fs;

use testkit::programs::{Outcome, python};
use testkit::servers::{Kind, PASSWORD, Server};
use testkit::{Gateway, Labs, Network, can_run_labs, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// What the recipe's user asks.
const HELLO: &str = "SELECT src_addr_v4, sport, protocol FROM sinkhole_data ORDER BY received_time";

/// The URL as it is given on the command line, and the variable that has the password.
fn url(server: &Server) -> String {
    server.url("evidence").replace(&format!(":{PASSWORD}@"), "@")
}

fn variable() -> String {
    format!("SINKGATE_DATABASE_PASSWORD={PASSWORD}")
}

fn assert_no_password(outcome: &Outcome) {
    let Outcome { stdout, stderr, .. } = outcome;
    assert!(!stdout.contains(PASSWORD) && !stderr.contains(PASSWORD), "{outcome:?}");
}

/// A server beside the gateway, with the tables in it.
fn server(gateway: &Gateway, kind: Kind) -> Option<Server> {
    let server = Server::start_inside(kind, &gateway.network.gateway, "10.66.0.1")?;
    server.make_database("evidence");
    let made = init(gateway, &[&url(&server)]);
    assert!(made.stdout.contains("has new tables of version 1"), "{made:?}");
    Some(server)
}

fn init(gateway: &Gateway, arguments: &[&str]) -> Outcome {
    let variable = variable();
    let arguments = [&["init-db", "--database"], arguments].concat();
    let outcome = gateway.run_through(&["env", &variable], &arguments);
    assert_no_password(&outcome);
    outcome
}

#[test]
#[ignore = "end to end: needs root"]
fn a_gateway_writes_to_two_databases_and_catches_up_after_its_restart() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let (maria, postgres) = (server(&gateway, Kind::MariaDb), server(&gateway, Kind::Postgres));
    let (Some(mut maria), Some(postgres)) = (maria, postgres) else { return };
    let (one, other) = (url(&maria), url(&postgres));
    let arguments = ["run", "-i", "g0", "--database", &one, "--database", &other];
    gateway.set_arguments(&arguments);
    gateway.set_environment("SINKGATE_DATABASE_PASSWORD", PASSWORD);
    gateway.begin();
    say_hello(&gateway.network, 40_001);
    let first = "172097538\t40001\t1\n";
    for server in [&maria, &postgres] {
        wait_until("the row is there", || server.ask("evidence", HELLO) == first);
    }
    for id in gateway.process().ids() {
        let line = fs::read(format!("/proc/{id}/cmdline")).unwrap();
        assert!(!String::from_utf8_lossy(&line).contains(PASSWORD));
    }
    maria.stop();
    say_hello(&gateway.network, 40_002);
    wait_until("it is said", || gateway.show(&["databases"]).contains("there is no connection"));
    assert!(gateway.show(&["counters"]).contains(&format!("database {one}: ")));
    assert!(gateway.stop().success());
    let both = "172097538\t40001\t1\n172097538\t40002\t1\n";
    assert_eq!(postgres.ask("evidence", HELLO), both);
    gateway.network.gateway.run_inside(|| maria.start_again()).unwrap();
    gateway.begin();
    wait_until("the row is there", || maria.ask("evidence", HELLO) == both);
    assert!(gateway.stop().success());
    let rows = gateway.show(&["databases", "--csv"]);
    assert_eq!(rows.lines().filter(|line| line.contains("/evidence,0,")).count(), 2, "{rows}");
    let ends = maria.ask("evidence", "SELECT count(*) FROM run_end");
    assert_eq!(ends, "2\n");
    assert_same_counters(&gateway, &postgres);
    assert!(!gateway.log().contains(PASSWORD), "{}", gateway.log());
}

/// From the victim, from this port.
fn say_hello(network: &Network, port: u16) {
    python(
        &network.victim,
        &format!(
            "
import socket
t = socket.socket(); t.bind(('', {port})); t.connect(('203.0.113.9', 6667))
t.sendall(b'Hello, World!'); t.shutdown(socket.SHUT_WR)
while t.recv(9): pass
"
        ),
    );
}

/// The last counters of the last run are the last ones there, too.
fn assert_same_counters(gateway: &Gateway, server: &Server) {
    let there = server.ask(
        "evidence",
        "SELECT name, value FROM counter WHERE run = (SELECT max(id::text)::uuid FROM run) \
         ORDER BY name",
    );
    let here = gateway.database.texts(
        "SELECT name || char(9) || value AS line FROM counter \
         WHERE run = (SELECT max(seq) FROM run) ORDER BY name",
    );
    assert_eq!(there.lines().collect::<Vec<_>>(), here);
}

#[test]
#[ignore = "end to end: needs root"]
fn what_cannot_work_is_refused_before_a_victim_is_served() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    for (url, complaint) in [
        ("mysql://a:hush-1@b/c", "a password on the command line can be read"),
        ("oracle://a:hush-1@b/c", "mysql:// or postgres://"),
        ("mysql://a@b/c?password-file=/nonexistent", "/nonexistent for mysql://a@b:3306/c"),
    ] {
        let usual = gateway.usual_arguments();
        let usual: Vec<&str> = usual.iter().map(String::as_str).collect();
        let line = [&["run", "-i", "g0", "--database", url][..], &usual].concat();
        let outcome = gateway.run(&line);
        assert!(!outcome.status.success() && outcome.stderr.contains(complaint), "{outcome:?}");
        assert!(!outcome.stderr.contains("hush-1"), "{outcome:?}");
        assert_eq!(gateway.database.runs(), 0);
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn tables_are_removed_only_when_that_is_meant() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let Some(server) = server(&gateway, Kind::MariaDb) else { return };
    server.ask("evidence", "INSERT INTO run VALUES ('1', '2', UTC_TIMESTAMP(6), '')");
    let url = url(&server);
    let again = init(&gateway, &[&url]);
    assert!(again.stdout.contains("was ready"), "{again:?}");
    let refused = init(&gateway, &[&url, "--reset"]);
    assert!(refused.stderr.contains("add --yes if that is meant"), "{refused:?}");
    let count = || server.ask("evidence", "SELECT count(*) FROM run");
    assert_eq!(count(), "1\n");
    let done = init(&gateway, &[&url, "--reset", "--yes"]);
    assert!(done.status.success(), "{done:?}");
    assert_eq!(count(), "0\n");
    let printed = init(&gateway, &[&url, "--print"]);
    assert!(printed.stdout.contains("CREATE OR REPLACE VIEW sinkhole_data"), "{printed:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_lab_writes_to_a_database_outside_that_its_program_knows_nothing_of() {
    if !can_run_labs(&[]) {
        return;
    }
    for kind in Kind::ALL {
        let Some(server) = Server::start(kind) else { continue };
        server.make_database("evidence");
        let labs = Labs::of(SINKGATE);
        let variable = variable();
        let made =
            labs.through("env", &[&variable, "./sinkgate", "init-db", "--database", &url(&server)]);
        assert!(made.status.success(), "{made:?}");
        let script = "env; echo hello >/dev/tcp/203.0.113.9/6667";
        let url = url(&server);
        let lab = ["./sinkgate", "lab", "--quiet", "--database", &url, "--", "bash", "-c", script];
        let outcome = labs.through("env", &[&[&*variable][..], &lab].concat());
        assert!(outcome.status.success(), "{outcome:?}");
        assert_no_password(&outcome);
        let said = server.ask("evidence", "SELECT LENGTH(received_data) FROM sinkhole_data");
        assert_eq!(said, "6\n", "{outcome:?}");
        assert_eq!(server.ask("evidence", "SELECT count(*) FROM run_end"), "1\n");
    }
}
