//! What is committed here arrives in MariaDB and PostgreSQL, whatever happens on the way.

mod load;
mod long_texts;
mod rows;
mod sensor;
mod trouble;

use std::thread;
use std::time::Duration;

use store::follow::{Reset, Target, prepare};
use testkit::servers::{Kind, PASSWORD, Server};

use crate::support::Fresh;
use load::Load;
use sensor::Sensor;

/// A server with one prepared database.
fn server(kind: Kind, options: &[&str]) -> Option<Server> {
    let server = Server::start_with(kind, options)?;
    server.make_database("evidence");
    make_tables(&server.url("evidence"));
    Some(server)
}

fn make_tables(url: &str) {
    let prepared = prepare(&target(url), Reset::Keep).unwrap();
    assert_eq!((prepared.from, prepared.to), (0, 1));
}

fn target(url: &str) -> Target {
    url.parse().unwrap()
}

/// So small that a body is longer than a statement may be.
const SMALL_PACKETS: [&str; 1] = ["--max-allowed-packet=1M"];

#[test]
fn mariadb_has_every_byte_of_three_sensors() {
    let Some(server) = server(Kind::MariaDb, &SMALL_PACKETS) else { return };
    every_byte_of_three_sensors(&server);
}

#[test]
fn postgres_has_every_byte_of_three_sensors() {
    let Some(server) = server(Kind::Postgres, &[]) else { return };
    every_byte_of_three_sensors(&server);
}

fn every_byte_of_three_sensors(server: &Server) {
    // One over the socket in the file system; its server asks for the password there, too.
    let socket = server.socket_url("evidence").replace('@', &format!(":{PASSWORD}@"));
    let urls = [server.url("evidence"), of_least_account(server), socket];
    let mut sensors: Vec<Sensor> =
        urls.iter().zip(1..).map(|(url, number)| Sensor::start(number, url)).collect();
    for sensor in &mut sensors {
        sensor.record(Load::hostile);
    }
    for _ in 0..20 {
        sensors.iter_mut().for_each(|sensor| sensor.record(Load::several));
    }
    sensors.iter_mut().for_each(Sensor::wait_until_followed);
    rows::assert_equal(&sensors, server);
    rows::assert_recipe_equal(&sensors, server);
    // Everything once more: nothing changes.
    let again = sensors.swap_remove(0).forget_what_was_sent(&server.url("evidence"));
    sensors.push(again);
    sensors.iter_mut().for_each(Sensor::wait_until_followed);
    rows::assert_equal(&sensors, server);
}

/// An account with the rights that `docs/how-to/send-to-a-database.md` gives it, and no others.
fn of_least_account(server: &Server) -> String {
    let statements: &[&str] = match server.kind() {
        Kind::MariaDb => &["GRANT SELECT, INSERT, UPDATE ON evidence.* TO least"],
        Kind::Postgres => &[
            "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO least",
            "GRANT UPDATE ON counter TO least",
        ],
    };
    server.make_account("least");
    for statement in statements {
        server.ask("evidence", statement);
    }
    server.url("evidence").replace("sensor:", "least:")
}

#[test]
fn what_is_wrong_is_said_in_words_and_without_the_password() {
    for kind in Kind::ALL {
        let Some(server) = Server::start(kind) else { continue };
        server.make_database("empty");
        let url = server.url("empty");
        let complaint = |url: &str| Sensor::start(1, url).complaint();
        let wrong = complaint(&url.replace(PASSWORD, "guess-4712"));
        assert!(wrong.contains("refuses the account or its password"), "{wrong}");
        assert!(!wrong.contains("4712") && !wrong.contains("4711"), "{wrong}");
        let missing = complaint(&url.replace("empty", "missing"));
        let words = ["does not let this account connect", "there is no database"];
        assert!(words.iter().any(|words| missing.contains(words)), "{missing}");
        let bare = complaint(&url);
        assert!(bare.contains("lacks tables of ours: `sinkgate init-db` makes them"), "{bare}");
        make_tables(&url);
        server.ask("empty", "UPDATE sinkgate_schema SET version = 99");
        let newer = complaint(&url);
        assert!(newer.contains("tables of version 99; this one knows version 1"), "{newer}");
        let refused = prepare(&target(&url), Reset::Keep).unwrap_err().to_string();
        assert!(refused.contains("newer sinkgate"), "{refused}");
    }
}

#[test]
fn encrypted_connections_look_at_the_certificate_unless_told_not_to() {
    for kind in Kind::ALL {
        let Some(server) = Server::start_encrypted(kind) else { continue };
        server.make_database("evidence");
        let url = server.url("evidence");
        let authority = server.authority().display().to_string();
        let trusting = format!("{url}?tls=require&ca={authority}");
        make_tables(&trusting);
        let strange = Sensor::start(1, &format!("{url}?tls=require")).complaint();
        assert!(strange.contains("certificate"), "{strange}");
        let elsewhere = trusting.replace("127.0.0.1", "localhost");
        let elsewhere = Sensor::start(1, &elsewhere).complaint();
        assert!(elsewhere.contains("certificate"), "{elsewhere}");
        let urls = [trusting, format!("{url}?tls=insecure")];
        let numbered = urls.iter().zip(1..);
        let mut sensors: Vec<Sensor> =
            numbered.map(|(url, number)| Sensor::start(number, url)).collect();
        for sensor in &mut sensors {
            sensor.record(Load::several);
            sensor.wait_until_followed();
        }
        rows::assert_equal(&sensors, &server);
    }
}

#[test]
fn tables_are_made_once_and_anew_only_on_request() {
    for kind in Kind::ALL {
        let Some(server) = Server::start(kind) else { continue };
        if kind == Kind::Postgres {
            server.ask("", "ALTER ROLE sensor CREATEDB");
        } else {
            server.ask("", "GRANT ALL ON *.* TO sensor");
        }
        let target = target(&server.url("evidence"));
        let made = prepare(&target, Reset::Keep).unwrap();
        assert!(made.is_new && made.from == 0, "{made:?}");
        let again = prepare(&target, Reset::Keep).unwrap();
        assert!(!again.is_new && (again.from, again.to) == (1, 1), "{again:?}");
        let mut sensor = Sensor::start(1, &server.url("evidence"));
        sensor.record(Load::several);
        sensor.wait_until_followed();
        prepare(&target, Reset::Remove).unwrap();
        assert_eq!(server.ask("evidence", "SELECT count(*) FROM flow").trim(), "0");
        // Tables made anew get everything anew.
        let mut sensor = sensor.taken_up(&server.url("evidence"));
        sensor.wait_until_followed();
        rows::assert_equal(&[sensor], &server);
    }
}

#[test]
fn what_is_not_ours_is_left_alone() {
    for kind in Kind::ALL {
        let Some(server) = Server::start(kind) else { continue };
        server.make_database("recipe");
        server.ask("recipe", "CREATE TABLE connection_log (sport integer)");
        for reset in [Reset::Keep, Reset::Remove] {
            let refused = prepare(&target(&server.url("recipe")), reset).unwrap_err().to_string();
            assert!(refused.contains("`connection_log` that is not ours"), "{refused}");
        }
        server.ask("recipe", "SELECT sport FROM connection_log");
    }
}

/// Where the rows of a test are; kept when it fails.
fn fresh() -> Fresh {
    Fresh::new()
}

/// Waits for threads to have had a chance; no test relies on it.
fn breathe() {
    thread::park_timeout(Duration::from_millis(5));
}
