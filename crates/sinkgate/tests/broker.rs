//! Messages between programs, with the clients of Mosquitto.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::shell;

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");
const CLIENTS: &[&str] = &["mosquitto_pub", "mosquitto_sub", "openssl", "curl"];

/// Nobody has this address.
const BROKER: &str = "203.0.113.66";

#[test]
#[ignore = "end to end: needs root"]
fn every_version_publishes_with_every_quality_and_inside_tls() {
    let Some(gateway) = Gateway::start(SINKGATE, CLIENTS, &[]) else { return };
    let victim = &gateway.network.victim;
    for version in ["mqttv31", "mqttv311", "mqttv5"] {
        for quality in 0..3 {
            let login = "-u jo -P s3cret -i bot";
            let line = format!(
                "mosquitto_pub -V {version} -h {BROKER} {login} -q {quality} -t bots/1 -m ready"
            );
            shell(victim, &line);
        }
    }
    let root = gateway.folder.file("root.pem");
    let root = root.display();
    let line = format!(
        "host=$(openssl s_client -connect {BROKER}:8883 2>/dev/null </dev/null \
             | openssl x509 -noout -ext crlDistributionPoints \
             | sed -n 's|.*http://\\([^/]*\\)/.*|\\1|p'); \
         curl -sSf --resolve $host:80:{BROKER} -o {root} http://$host/r1.pem; \
         mosquitto_pub -h {BROKER} -p 8883 --cafile {root} --insecure -q 1 -t bots/2 -m secret"
    );
    shell(victim, &line);
    let published = gateway.database.details("mqtt.message", 10);
    assert!(published[..9].iter().all(|one| one["topic"] == "bots/1" && one["text"] == "ready"));
    assert_eq!(
        published[9],
        json!({"topic": "bots/2", "bytes": 6, "retained": false, "will": false, "text": "secret"})
    );
    let given = gateway.database.details("credentials.given", 9);
    assert!(given.iter().all(|given| given["user"] == "jo" && given["secret"] == "s3cret"));
}

#[test]
#[ignore = "end to end: needs root"]
fn who_listens_hears_of_the_broker_and_a_long_message_is_a_file() {
    let Some(gateway) = Gateway::start(SINKGATE, CLIENTS, &[]) else { return };
    let victim = &gateway.network.victim;
    let line = format!("mosquitto_sub -h {BROKER} -t '$SYS/broker/version' -C 1 -W 10");
    assert!(shell(victim, &line).stdout.starts_with("mosquitto version "));
    let dump = gateway.folder.written("dump.bin", vec![0x55; 3_000_000]);
    shell(victim, &format!("mosquitto_pub -h {BROKER} -q 2 -t up/dump -f {}", dump.display()));
    gateway.database.expect(
        "SELECT source, name, bytes FROM artifact",
        &json!([{"source": "mqtt-message", "name": "up/dump", "bytes": 3_000_000}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn who_may_not_is_refused() {
    let settings = ["--set", "mqtt.accept=never"];
    let Some(gateway) = Gateway::start(SINKGATE, CLIENTS, &settings) else { return };
    let line = format!("mosquitto_pub -h {BROKER} -u jo -P x -t a -m b 2>&1 || true");
    let refused = shell(&gateway.network.victim, &line).stdout;
    assert!(refused.contains("not authorised"), "{refused}");
    gateway.database.expect_events("credentials.given", 1);
}

#[test]
#[ignore = "end to end: needs root"]
fn a_queue_takes_what_is_published() {
    let Some(gateway) = Gateway::start(SINKGATE, &["amqp-publish"], &[]) else { return };
    let line = format!("amqp-publish -u amqp://jo:s3cret@{BROKER} -e logs -r a.b -b ready");
    shell(&gateway.network.victim, &line);
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!((&given[0]["user"], &given[0]["secret"]), (&json!("jo"), &json!("s3cret")));
    let told = gateway.database.details("service.command", 6);
    let commands: Vec<_> = told.iter().map(|one| one["command"].as_str().unwrap_or("")).collect();
    assert!(commands.contains(&"basic.publish logs a.b"), "{commands:?}");
}
