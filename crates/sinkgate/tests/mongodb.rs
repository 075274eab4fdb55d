//! MongoDB, as Python's client uses it.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::run;

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// The interpreter that packages are installed for.
const PYTHON: &str = "/usr/bin/python3";

/// Nobody has this address.
const SERVER: &str = "203.0.113.27";

fn start() -> Option<Gateway> {
    let programs = [PYTHON, "/usr/lib/python3/dist-packages/pymongo/__init__.py"];
    Gateway::start(SINKGATE, &programs, &[])
}

#[test]
#[ignore = "end to end: needs root"]
fn pythons_client_does_what_ransom_bots_do() {
    let Some(gateway) = start() else { return };
    let script = format!(
        "import json, pymongo\n\
         client = pymongo.MongoClient('{SERVER}', 27017, serverSelectionTimeoutMS=20000)\n\
         before = client.list_database_names()\n\
         other = [name for name in before if name not in ('admin', 'config', 'local')][0]\n\
         tables = client[other].list_collection_names()\n\
         rows = list(client[other][tables[0]].find().limit(5))\n\
         client.drop_database(other)\n\
         note = client['README']['note'].insert_one({{'content': 'pay 0.01 BTC'}})\n\
         after = client.list_database_names()\n\
         print(json.dumps([len(before), len(tables) > 2, rows, other in after, 'README' in after,\n\
         \x20   client.server_info()['version']]))"
    );
    let done = run(&gateway.network.victim, PYTHON, &["-c", &script]);
    assert!(done.status.success(), "{done:?}");
    let found: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(found, json!([4, true, [], false, true, "5.0.29"]));
    gateway.database.expect(
        "SELECT count(*) AS count FROM event WHERE kind = 'service.command'
         AND details ->> 'command' LIKE 'README %pay 0.01 BTC%'",
        &json!([{"count": 1}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn proofs_are_kept() {
    let Some(gateway) = start() else { return };
    let script = format!(
        "import pymongo\n\
         client = pymongo.MongoClient('{SERVER}', username='root', password='s3cret',\n\
         \x20   authMechanism='SCRAM-SHA-1', serverSelectionTimeoutMS=20000)\n\
         try:\n\
         \x20   client.list_database_names()\n\
         except pymongo.errors.OperationFailure as error:\n\
         \x20   print(error.code)"
    );
    let done = run(&gateway.network.victim, PYTHON, &["-c", &script]);
    assert_eq!(done.stdout, "18\n", "{done:?}");
    gateway.database.expect(
        "SELECT DISTINCT details ->> 'user' AS user, substr(details ->> 'secret', 1, 22) AS secret
         FROM event WHERE kind = 'credentials.given'",
        &json!([{"user": "root", "secret": "$scram-sha-1$n=root,r="}]),
    );
}
