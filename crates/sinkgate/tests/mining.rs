//! Miners, which find a pool wherever they look for one.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::python_value;

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address.
const POOL: &str = "203.0.113.66";

#[test]
#[ignore = "end to end: needs root"]
fn a_miner_logs_in_gets_work_and_its_shares_count_on_any_port_and_inside_tls() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let script = format!(
        "import json, socket, ssl\n\
         context = ssl._create_unverified_context()\n\
         results = []\n\
         for port, is_wrapped in (3333, False), (443, True), (45700, False):\n\
         \x20   s = socket.create_connection(('{POOL}', port), timeout=5)\n\
         \x20   if is_wrapped: s = context.wrap_socket(s)\n\
         \x20   lines = s.makefile('r')\n\
         \x20   def ask(request):\n\
         \x20       s.sendall(json.dumps(request).encode() + b'\\n')\n\
         \x20       return json.loads(lines.readline())\n\
         \x20   login = dict(login='48edf', **{{'pass': 'x', 'agent': 'XMRig/6.21.0'}})\n\
         \x20   answer = ask(dict(id=1, jsonrpc='2.0', method='login', params=login))\n\
         \x20   job = answer['result']['job']\n\
         \x20   share = dict(id=answer['result']['id'], job_id=job['job_id'], nonce='01000000', result='00' * 32)\n\
         \x20   counted = ask(dict(id=2, method='submit', params=share))['result']['status']\n\
         \x20   results.append([len(job['blob']), len(job['seed_hash']), counted])\n\
         print(json.dumps(results))"
    );
    let results = python_value(&gateway.network.victim, &script);
    assert_eq!(results, json!([[152, 64, "OK"], [152, 64, "OK"], [152, 64, "OK"]]));
    let given = gateway.database.details("credentials.given", 3);
    assert!(given.iter().all(|given| given["user"] == "48edf"), "{given:?}");
    gateway.database.expect_events("service.command", 6);
}
