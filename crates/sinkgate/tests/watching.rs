//! What watches networks, and what is found in them: SNMP, syslog, STUN and SSDP, with usual clients.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{python, python_value, run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address.
const SERVER: &str = "203.0.113.66";

#[test]
#[ignore = "end to end: needs root"]
fn a_machine_is_walked_by_snmp_of_every_version() {
    let Some(gateway) = Gateway::start(SINKGATE, &["snmpget", "snmpwalk"], &[]) else { return };
    let victim = &gateway.network.victim;
    let name = ["-On", SERVER, ".1.3.6.1.2.1.1.5.0"];
    for version in ["-v1", "-v2c"] {
        let told = run(victim, "snmpget", &[&[version, "-c", "public"][..], &name].concat());
        assert!(told.stdout.contains("= STRING: "), "{version}: {told:?}");
    }
    let walked = run(victim, "snmpwalk", &["-v2c", "-c", "s3cret", "-On", SERVER, ".1.3.6.1.2.1"]);
    assert!(walked.status.success(), "{walked:?}");
    assert!(walked.stdout.lines().count() > 30, "{walked:?}");
    let bulk = shell(victim, &format!("snmpbulkwalk -v2c -c s3cret -On {SERVER} .1.3.6.1.2.1"));
    assert_eq!(bulk.stdout.lines().count(), walked.stdout.lines().count(), "{bulk:?}");
    let open = ["-v3", "-l", "noAuthNoPriv", "-u", "watcher"];
    let told = run(victim, "snmpget", &[&open[..], &name].concat());
    assert!(told.stdout.contains("= STRING: "), "{told:?}");
    let given = gateway.database.details("credentials.given", 5);
    assert_eq!(given[0]["secret"], "public");
    assert_eq!(given[4]["user"], "watcher");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_password_of_snmp_can_be_guessed_from_what_is_noted() {
    let Some(gateway) = Gateway::start(SINKGATE, &["snmpget"], &[]) else { return };
    let victim = &gateway.network.victim;
    for (digest, password) in [("MD5", "letmein00"), ("SHA", "letmein01")] {
        let line = format!(
            "snmpget -v3 -l authNoPriv -u watcher -a {digest} -A {password} -r 0 {SERVER} .1.3.6.1.2.1.1.5.0 2>&1 || true"
        );
        let refused = shell(victim, &line).stdout;
        assert!(refused.contains("Authentication failure"), "{refused}");
    }
    let given = gateway.database.details("credentials.given", 2);
    let secrets: Vec<&Value> = given.iter().map(|given| &given["secret"]).collect();
    // As RFC 3414 §A.2 makes a key of a password.
    let script = format!(
        "import hashlib, hmac, json\n\
         secrets = {}\n\
         right = []\n\
         for secret, kind, password in zip(secrets, ['md5', 'sha1'], [b'letmein00', b'letmein01']):\n\
         \x20   _, mark, _, _, message, engine, digest = secret.split('$')\n\
         \x20   engine = bytes.fromhex(engine)\n\
         \x20   long = (password * (1048576 // len(password) + 1))[:1048576]\n\
         \x20   key = hashlib.new(kind, long).digest()\n\
         \x20   key = hashlib.new(kind, key + engine + key).digest()\n\
         \x20   made = hmac.new(key, bytes.fromhex(message), kind).digest()[:12]\n\
         \x20   right.append(mark == 'SNMPv3' and made.hex() == digest)\n\
         print(json.dumps(right))",
        json!(secrets)
    );
    assert_eq!(python_value(victim, &script), json!([true, true]));
}

#[test]
#[ignore = "end to end: needs root"]
fn log_messages_are_taken_over_udp_and_tcp() {
    let Some(gateway) = Gateway::start(SINKGATE, &["logger"], &[]) else { return };
    let victim = &gateway.network.victim;
    let to = ["-n", SERVER, "-P", "514", "-t", "bot"];
    for (how, text) in [("--udp", "over udp"), ("--tcp", "over tcp")] {
        let sent = run(victim, "logger", &[&to[..], &[how, "-p", "auth.crit", text]].concat());
        assert!(sent.status.success(), "{sent:?}");
    }
    let sent = gateway.database.details("syslog.message", 2);
    let mut texts: Vec<_> = sent.iter().map(|one| one["text"].as_str().unwrap_or("")).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["over tcp", "over udp"], "{sent:?}");
    assert_eq!((&sent[0]["facility"], &sent[0]["severity"]), (&json!("auth"), &json!("crit")));
    assert_eq!(sent[0]["program"], "bot");
}

#[test]
#[ignore = "end to end: needs root"]
fn an_address_is_told_by_stun_and_a_router_is_found() {
    let settings = ["--set", "persona.public_address=198.18.7.7"];
    let Some(gateway) = Gateway::start(SINKGATE, &["stun"], &settings) else { return };
    let victim = &gateway.network.victim;
    let told = shell(victim, &format!("stun {SERVER} 1 -v 2>&1"));
    assert!(told.stdout.contains("198.18.7.7"), "{told:?}");
    let script = format!(
        "import socket\n\
         s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         s.settimeout(5)\n\
         s.sendto(b'M-SEARCH * HTTP/1.1\\r\\nMAN: \"ssdp:discover\"\\r\\nST: upnp:rootdevice\\r\\n\\r\\n', ('{SERVER}', 1900))\n\
         print(s.recv(4096).decode())"
    );
    let found = python(victim, &script);
    assert!(found.contains(&format!("LOCATION: http://{SERVER}:5000/")), "{found}");
    let searched = gateway.database.details("service.command", 1);
    assert_eq!(searched[0], json!({"protocol": "ssdp", "command": "M-SEARCH upnp:rootdevice"}));
}
