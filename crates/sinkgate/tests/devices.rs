//! Telephones, cameras, small devices and plants, with usual clients.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{python_value, run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address.
const SERVER: &str = "203.0.113.66";

#[test]
#[ignore = "end to end: needs root"]
fn a_phone_registers_and_its_password_can_be_guessed() {
    let Some(gateway) = Gateway::start(SINKGATE, &["sipsak"], &[]) else { return };
    let victim = &gateway.network.victim;
    let alive = run(victim, "sipsak", &["-s", &format!("sip:100@{SERVER}")]);
    assert!(alive.status.success(), "{alive:?}");
    let line = format!(
        "timeout 10 sipsak -U -C empty -x 3600 -u 100 -a s3cret -s sip:100@{SERVER} 2>&1 || true"
    );
    shell(victim, &line);
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!(given[0]["user"], "100");
    let secret: &Value = &given[0]["secret"];
    let script = format!(
        "import hashlib, json\n\
         md5 = lambda text: hashlib.md5(text.encode()).hexdigest()\n\
         _, _, _, user, realm, method, one, two, three, nonce, cnonce, nc, qop, _, response = {secret}.split('*')\n\
         target = ':'.join(part for part in (one, two, three) if part)\n\
         between = f':{{nonce}}:{{nc}}:{{cnonce}}:{{qop}}:' if qop else f':{{nonce}}:'\n\
         made = md5(md5(f'{{user}}:{{realm}}:s3cret') + between + md5(f'{{method}}:{{target}}'))\n\
         print(json.dumps(made == response))"
    );
    assert_eq!(python_value(victim, &script), json!(true), "{secret}");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_camera_is_asked_for_its_pictures() {
    let Some(gateway) = Gateway::start(SINKGATE, &["nc"], &[]) else { return };
    let victim = &gateway.network.victim;
    let ask = format!(
        "printf 'OPTIONS rtsp://{SERVER}/live RTSP/1.0\\r\\nCSeq: 1\\r\\n\\r\\nDESCRIBE rtsp://{SERVER}/live RTSP/1.0\\r\\nCSeq: 2\\r\\n\
         Authorization: Basic YWRtaW46MTIzNDU=\\r\\n\\r\\n' | nc -N -w 5 {SERVER} 554"
    );
    let told = shell(victim, &ask).stdout;
    assert!(told.contains("Public: OPTIONS, DESCRIBE"), "{told}");
    assert!(told.contains("m=video 0 RTP/AVP 96"), "{told}");
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!((&given[0]["user"], &given[0]["secret"]), (&json!("admin"), &json!("12345")));
}

#[test]
#[ignore = "end to end: needs root"]
fn a_device_is_read_and_set_by_coap() {
    let Some(gateway) = Gateway::start(SINKGATE, &["coap-client-notls"], &[]) else { return };
    let victim = &gateway.network.victim;
    let ask =
        |arguments: &str| shell(victim, &format!("coap-client-notls -B 5 {arguments} 2>&1")).stdout;
    let listed = ask(&format!("-m get coap://{SERVER}/.well-known/core"));
    assert!(listed.contains("</sensors/temp>"), "{listed}");
    let told = ask(&format!("-m get coap://{SERVER}/sensors/temp"));
    assert!(told.trim().parse::<f64>().is_ok(), "{told}");
    ask(&format!("-m put -e 1 coap://{SERVER}/actuators/relay"));
    let told = gateway.database.details("service.command", 3);
    assert_eq!(told[2], json!({"protocol": "coap", "command": "PUT /actuators/relay 1"}));
}

#[test]
#[ignore = "end to end: needs root"]
fn a_controller_is_read_and_written_by_modbus() {
    let Some(gateway) = Gateway::start(SINKGATE, &["mbpoll"], &[]) else { return };
    let victim = &gateway.network.victim;
    let read = shell(victim, &format!("mbpoll -m tcp -a 1 -r 1 -c 4 -1 {SERVER}")).stdout;
    assert!(read.contains("[4]: \t"), "{read}");
    let written = shell(victim, &format!("mbpoll -m tcp -a 1 -r 7 {SERVER} 1234")).stdout;
    assert!(written.contains("Written 1 references"), "{written}");
    let told = gateway.database.details("service.command", 2);
    assert_eq!(told[0]["command"], "unit 1: read registers 0, 4 of them");
    assert_eq!(told[1]["command"], "unit 1: write register 6 = 1234");
}
