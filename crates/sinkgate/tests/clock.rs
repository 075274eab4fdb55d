//! The time, as victims are told it: the real one by NTP, and another one by everything.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{python_value, run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address.
const SERVER: &str = "203.0.113.66";

#[test]
#[ignore = "end to end: needs root"]
fn clients_believe_what_they_are_told() {
    let Some(gateway) = Gateway::start(SINKGATE, &["ntpdig", "ntpq"], &[]) else { return };
    let victim = &gateway.network.victim;
    let told = run(victim, "ntpdig", &["-j", SERVER]);
    assert!(told.status.success(), "{told:?}");
    let told: serde_json::Value = serde_json::from_str(told.stdout.trim()).unwrap();
    assert_eq!(told["stratum"], 2, "{told}");
    assert!(told["offset"].as_f64().is_some_and(|offset| offset.abs() < 0.5), "{told}");
    let variables = shell(victim, &format!("ntpq -n -c rv {SERVER}")).stdout;
    assert!(variables.contains("stratum=2") && variables.contains("refid="), "{variables}");
    let asked = gateway.database.details("service.command", 1);
    assert_eq!(asked[0], json!({"protocol": "ntp", "command": "readvar"}));
    gateway.database.expect(
        "SELECT count(*) AS count FROM event WHERE kind = 'protocol.broke'",
        &json!([{"count": 0}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn lists_of_clients_are_asked_for_in_vain() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let script = format!(
        "import json, socket\n\
         s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         s.settimeout(1)\n\
         s.sendto(bytes.fromhex('1700032a') + bytes(4), ('{SERVER}', 123))\n\
         try:\n\
         \x20   print(len(s.recv(4096)))\n\
         except TimeoutError:\n\
         \x20   print(0)"
    );
    assert_eq!(python_value(&gateway.network.victim, &script), json!(0));
    let asked = gateway.database.details("service.command", 1);
    assert_eq!(asked[0]["command"], "private monlist of implementation 3");
}

#[test]
#[ignore = "end to end: needs root"]
fn another_time_is_told_by_everything_and_both_are_recorded() {
    let settings = ["--set", "time.start=2019-05-01", "--set", "time.speed=60"];
    let Some(gateway) = Gateway::start(SINKGATE, &["curl", "openssl", "ntpdig"], &settings) else {
        return;
    };
    let victim = &gateway.network.victim;
    let head = shell(victim, &format!("curl -sSI --max-time 20 http://{SERVER}/")).stdout;
    assert!(head.contains("Date: Wed, 01 May 2019 00:"), "{head}");
    let dates = shell(
        victim,
        &format!("openssl s_client -connect {SERVER}:443 </dev/null | openssl x509 -noout -dates"),
    );
    assert!(
        dates.stdout.contains("notBefore=Apr  1 ") && dates.stdout.contains(" 2019"),
        "{dates:?}"
    );
    let told = run(victim, "ntpdig", &["-j", SERVER]).stdout;
    let told: serde_json::Value = serde_json::from_str(told.trim()).unwrap();
    assert!(told["offset"].as_f64().is_some_and(|offset| offset < -86_400.0), "{told}");
    let told = gateway.database.details("time.told", 3);
    assert!(told.iter().all(|one| one["told"].as_str().unwrap().starts_with("2019-05-01T00:")));
    gateway
        .database
        .expect("SELECT count(*) AS count FROM flow WHERE opened < '2026'", &json!([{"count": 0}]));
}
