//! MySQL, as the MariaDB client and Python's use it.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// The interpreter that packages are installed for.
const PYTHON: &str = "/usr/bin/python3";

/// Nobody has this address.
const SERVER: &str = "203.0.113.33";

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

/// What the client prints, each row a line.
fn client(gateway: &Gateway, options: &str, statements: &str) -> String {
    let line = format!("mariadb -h {SERVER} -u root -ps3cret {options} -N -B -e \"{statements}\"");
    shell(&gateway.network.victim, &line).stdout
}

#[test]
#[ignore = "end to end: needs root"]
fn the_mariadb_client_works_with_and_without_tls() {
    let Some(gateway) = start(&["mariadb"], &[]) else { return };
    for options in ["--skip-ssl", "--ssl", "--skip-ssl -P 3307"] {
        let bot = "CREATE DATABASE note; USE note; CREATE TABLE readme (id int, note text); \
                   INSERT INTO readme VALUES (1, 'pay'); SELECT 1+1, DATABASE(); SHOW TABLES";
        assert_eq!(client(&gateway, options, bot), "2\tnote\nreadme\n", "{options}");
        let version = client(&gateway, options, "SELECT VERSION()");
        assert!(version.starts_with("10.6.18-MariaDB"), "{version}");
    }
    let given = gateway.database.details("credentials.given", 6);
    let hashes: Vec<&str> = given.iter().map(|given| given["secret"].as_str().unwrap()).collect();
    let script = format!(
        "import hashlib\n\
         sha1 = lambda data: hashlib.sha1(data).digest()\n\
         for line in {hashes:?}:\n\
         \x20   challenge, answer = line[len('$mysqlna$'):].split('*')\n\
         \x20   stage = sha1(b's3cret')\n\
         \x20   mask = sha1(bytes.fromhex(challenge) + sha1(stage))\n\
         \x20   assert bytes(a ^ b for a, b in zip(stage, mask)).hex() == answer, line"
    );
    let checked = run(&gateway.network.victim, PYTHON, &["-c", &script]);
    assert!(checked.status.success(), "{checked:?}");
    gateway.database.expect(
        "SELECT count(*) AS count FROM event WHERE kind = 'tls.established'",
        &json!([{"count": 2}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn passwords_are_asked_for_inside_tls() {
    let Some(gateway) = start(&["mariadb"], &["--set", "mysql.login=sha2"]) else { return };
    assert!(client(&gateway, "--ssl", "SELECT @@version").starts_with("8.0.39"));
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!(given[0]["secret"], "s3cret");
    assert_eq!(client(&gateway, "--skip-ssl", "SELECT 1"), "1\n");
}

#[test]
#[ignore = "end to end: needs root"]
fn pythons_client_reads_rows_and_errors() {
    let programs = [PYTHON, "/usr/lib/python3/dist-packages/pymysql/__init__.py"];
    let Some(gateway) = start(&programs, &[]) else { return };
    let script = format!(
        "import json, pymysql\n\
         link = pymysql.connect(host='{SERVER}', user='app', password='s3cret', connect_timeout=20)\n\
         cursor = link.cursor()\n\
         found = []\n\
         for statement in ['SELECT 41 + 1, %s, NULL', 'SELECT USER()', 'SHOW DATABASES']:\n\
         \x20   cursor.execute(statement, ('a',) if '%s' in statement else None)\n\
         \x20   found.append([list(row) for row in cursor.fetchall()])\n\
         for statement in ['SELECT * FROM a.b', 'SELEKT 1', 'SELECT x()']:\n\
         \x20   try:\n\
         \x20       cursor.execute(statement)\n\
         \x20   except pymysql.MySQLError as error:\n\
         \x20       found.append(error.args[0])\n\
         link.commit()\n\
         print(json.dumps(found))"
    );
    let done = run(&gateway.network.victim, PYTHON, &["-c", &script]);
    assert!(done.status.success(), "{done:?}");
    let found: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(found[0], json!([[42, "a", null]]));
    assert!(found[1][0][0].as_str().unwrap().starts_with("app@"), "{found}");
    assert_eq!(found[2].as_array().unwrap().len(), 5, "{found}");
    assert_eq!((&found[3], &found[4], &found[5]), (&json!(1046), &json!(1064), &json!(1305)));
    gateway.database.expect(
        "SELECT count(*) AS count FROM event WHERE kind = 'service.command'
         AND details ->> 'command' = 'SELEKT 1'",
        &json!([{"count": 1}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn logins_are_refused_where_that_is_set() {
    let Some(gateway) = start(&["mariadb"], &["--set", "mysql.accept=never"]) else { return };
    let line = format!("mariadb -h {SERVER} -u root -ps3cret -e 'SELECT 1'; true");
    let said = shell(&gateway.network.victim, &line).stderr;
    assert!(said.contains("ERROR 1045 (28000)"), "{said}");
    assert_eq!(gateway.database.details("credentials.given", 1)[0]["user"], "root");
}
