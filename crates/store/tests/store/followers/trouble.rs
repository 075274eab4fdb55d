//! Nothing is missing afterwards: the server is stopped, killed, frozen, full, unreachable; or we
//! are killed.

use std::fs;
use std::io::Write;
use std::path::Path;

use testkit::servers::{Kind, Server};
use testkit::{Folder, Network, Shell, SmallDisk, can_make_namespaces};

use super::load::Load;
use super::sensor::{Sensor, crash_and_go_on};
use super::{make_tables, rows, server};

#[test]
fn mariadb_misses_nothing_after_trouble() {
    let Some(server) = server(Kind::MariaDb, &[]) else { return };
    nothing_is_missing_after_trouble(server);
}

#[test]
fn postgres_misses_nothing_after_trouble() {
    let Some(server) = server(Kind::Postgres, &[]) else { return };
    nothing_is_missing_after_trouble(server);
}

fn nothing_is_missing_after_trouble(mut server: Server) {
    let mut sensor = Sensor::start(1, &server.url("evidence"));
    stopped_for_a_while(&mut server, &mut sensor);
    killed_in_the_middle(&mut server, &mut sensor);
    read_only(&server, &mut sensor);
    without_privilege(&server, &mut sensor);
    without_a_table(&server, &mut sensor);
    sensor.wait_until_followed();
    rows::assert_equal(&[sensor], &server);
}

fn stopped_for_a_while(server: &mut Server, sensor: &mut Sensor) {
    sensor.record_for(20, Load::several);
    server.stop();
    sensor.record_for(outage(), Load::several);
    sensor.wait_for_complaint("there is no connection");
    server.start_again();
    sensor.record_for(20, Load::several);
    sensor.wait_until_followed();
}

/// How often something is recorded before the server is back. `OUTAGE=6000` is half a minute.
fn outage() -> u32 {
    std::env::var("OUTAGE").map_or(100, |times| times.parse().unwrap())
}

fn killed_in_the_middle(server: &mut Server, sensor: &mut Sensor) {
    for _ in 0..3 {
        sensor.record_for(50, Load::many);
        // The rows of it take longer to write there than here: some of them are on the way now.
        server.kill();
        server.start_again();
    }
    sensor.wait_until_followed();
}

fn read_only(server: &Server, sensor: &mut Sensor) {
    let (on, off) = match server.kind() {
        Kind::MariaDb => ("SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0"),
        Kind::Postgres => (
            "ALTER DATABASE evidence SET default_transaction_read_only = on",
            "ALTER DATABASE evidence RESET default_transaction_read_only",
        ),
    };
    server.ask("", on);
    hang_up(server);
    sensor.record_for(5, Load::several);
    sensor.wait_for_complaint("full, or it may only be read");
    server.ask("", off);
    hang_up(server);
    sensor.wait_until_followed();
}

fn without_privilege(server: &Server, sensor: &mut Sensor) {
    let (take, give) = match server.kind() {
        Kind::MariaDb => {
            ("REVOKE ALL ON evidence.* FROM sensor", "GRANT ALL ON evidence.* TO sensor")
        }
        Kind::Postgres => {
            ("REVOKE INSERT ON payload FROM sensor", "GRANT INSERT ON payload TO sensor")
        }
    };
    server.ask("evidence", take);
    hang_up(server);
    sensor.record_for(5, Load::several);
    sensor.wait_for_complaint("does not let this account");
    server.ask("evidence", give);
    sensor.wait_until_followed();
}

fn without_a_table(server: &Server, sensor: &mut Sensor) {
    let (away, back) = match server.kind() {
        Kind::MariaDb => ("RENAME TABLE payload TO away", "RENAME TABLE away TO payload"),
        Kind::Postgres => {
            ("ALTER TABLE payload RENAME TO away", "ALTER TABLE away RENAME TO payload")
        }
    };
    server.ask("evidence", away);
    sensor.record_for(5, Load::several);
    sensor.wait_for_complaint("lacks tables of ours");
    server.ask("evidence", back);
    sensor.wait_until_followed();
}

/// Ends every connection of the account that writes.
fn hang_up(server: &Server) {
    match server.kind() {
        Kind::MariaDb => server.ask("", "KILL USER sensor"),
        Kind::Postgres => server.ask(
            "",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sensor'",
        ),
    };
}

#[test]
fn mariadb_misses_nothing_after_its_disk_was_full() {
    nothing_is_missing_after_the_disk_was_full(Kind::MariaDb);
}

#[test]
fn postgres_misses_nothing_after_its_disk_was_full() {
    nothing_is_missing_after_the_disk_was_full(Kind::Postgres);
}

fn nothing_is_missing_after_the_disk_was_full(kind: Kind) {
    if !can_make_namespaces() {
        return;
    }
    let folder = Folder::new();
    let disk = folder.file("disk");
    let _mounted = SmallDisk::mounted_at(&disk, "300m");
    let Some(server) = Server::start_on(kind, &disk) else { return };
    server.make_database("evidence");
    make_tables(&server.url("evidence"));
    let mut sensor = Sensor::start(1, &server.url("evidence"));
    sensor.record_for(20, Load::several);
    sensor.wait_until_followed();
    if kind == Kind::Postgres {
        // It would stop for good if its journal found no room, so that is taken now.
        server.ask("", "SELECT pg_switch_wal(); CHECKPOINT");
    }
    let filler = disk.join("filler");
    fill(&filler);
    sensor.record_for(20, Load::many);
    sensor.wait_for_complaint("full, or it may only be read");
    let local = rows::count(&sensor, "flow");
    let there = server.ask("evidence", "SELECT count(*) FROM flow");
    assert!(there.trim().parse::<i64>().unwrap() < local);
    sensor.record_for(20, Load::several);
    fs::remove_file(filler).unwrap();
    sensor.wait_until_followed();
    assert_eq!(rows::count(&sensor, "flow"), local + 100);
    rows::assert_equal(&[sensor], &server);
}

/// Writes until there is no room.
fn fill(filler: &Path) {
    let mut file = fs::File::create(filler).unwrap();
    while file.write_all(&[0; 1 << 12]).is_ok() {}
}

#[test]
fn mariadb_misses_nothing_after_we_were_killed() {
    let Some(server) = server(Kind::MariaDb, &[]) else { return };
    nothing_is_missing_after_we_were_killed(&server);
}

#[test]
fn postgres_misses_nothing_after_we_were_killed() {
    let Some(server) = server(Kind::Postgres, &[]) else { return };
    nothing_is_missing_after_we_were_killed(&server);
}

fn nothing_is_missing_after_we_were_killed(server: &Server) {
    let mut sensor = Sensor::silent(1);
    sensor.record_for(300, Load::many);
    for _ in 0..4 {
        sensor = sensor.with_another_writer(|path| crash_and_go_on(path, &server.url("evidence")));
    }
    let mut sensor = sensor.taken_up(&server.url("evidence"));
    sensor.wait_until_followed();
    rows::assert_equal(&[sensor], server);
}

#[test]
fn mariadb_misses_nothing_after_the_network_was_cut() {
    nothing_is_missing_after_the_network_was_cut(Kind::MariaDb);
}

#[test]
fn postgres_misses_nothing_after_the_network_was_cut() {
    nothing_is_missing_after_the_network_was_cut(Kind::Postgres);
}

/// Packets just vanish: nobody is told that the connection is gone.
fn nothing_is_missing_after_the_network_was_cut(kind: Kind) {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::new();
    let Some(server) = Server::start_inside(kind, &network.gateway, "10.66.0.1") else { return };
    server.make_database("evidence");
    let url = server.url("evidence");
    network.victim.run_inside(|| make_tables(&url)).unwrap();
    let mut sensor = network.victim.run_inside(|| Sensor::start(1, &url)).unwrap();
    sensor.record_for(20, Load::several);
    sensor.wait_until_followed();
    network.gateway.shell(
        "nft add table inet cut
         nft 'add chain inet cut in { type filter hook input priority 0; policy drop; }'",
    );
    sensor.record_for(100, Load::several);
    sensor.wait_for_complaint("there is no connection");
    network.gateway.shell("nft delete table inet cut");
    sensor.wait_until_followed();
    rows::assert_equal(&[sensor], &server);
}

#[test]
fn mariadb_misses_nothing_after_it_was_frozen() {
    let Some(server) = server(Kind::MariaDb, &[]) else { return };
    nothing_is_missing_after_it_was_frozen(&server);
}

#[test]
fn postgres_misses_nothing_after_it_was_frozen() {
    let Some(server) = server(Kind::Postgres, &[]) else { return };
    nothing_is_missing_after_it_was_frozen(&server);
}

/// The kernel goes on taking bytes for a server that is stopped: no connection breaks.
fn nothing_is_missing_after_it_was_frozen(server: &Server) {
    let mut sensor = Sensor::start(1, &server.url("evidence"));
    sensor.record_for(20, Load::several);
    sensor.wait_until_followed();
    sensor.record_for(20, Load::many);
    server.freeze();
    sensor.record_for(20, Load::many);
    sensor.wait_for_complaint("it does not answer");
    assert!(sensor.kept_complaint().contains("it does not answer"));
    server.thaw();
    sensor.record_for(20, Load::several);
    sensor.wait_until_followed();
    rows::assert_equal(&[sensor], server);
}
