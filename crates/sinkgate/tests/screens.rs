//! Remote desktops, by FreeRDP and VNC's own clients.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{python, run};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address: there is a screen because there are everywhere.
const SERVER: &str = "203.0.113.59";

/// What Windows makes of the password `s3cret`.
const NT_HASH: &str = "d4c619cb16d4632b275658316a7e657e";

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

#[test]
#[ignore = "end to end: needs root"]
fn freerdp_gives_a_hash_that_can_be_guessed_from() {
    let Some(gateway) = start(&["xfreerdp", "xvfb-run", "python3"], &[]) else { return };
    let line = format!(
        "HOME={} xvfb-run -a xfreerdp /v:{SERVER} /d:CORP /u:jo /p:s3cret /cert:ignore /auth-only",
        gateway.folder.path().display()
    );
    let outcome = run(&gateway.network.victim, "sh", &["-c", &line]);
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!(
        (&given[0]["mechanism"], &given[0]["user"]),
        (&json!("credssp"), &json!("CORP\\jo"))
    );
    assert!(!outcome.status.success(), "{outcome:?}");
    let secret = given[0]["secret"].as_str().unwrap_or_default();
    let guess = format!(
        "import hmac\n\
         user, _, domain, challenge, proof, blob = '{secret}'.split(':')\n\
         key = bytes.fromhex('{NT_HASH}')\n\
         key = hmac.new(key, (user.upper() + domain).encode('utf-16le'), 'md5').digest()\n\
         made = hmac.new(key, bytes.fromhex(challenge + blob), 'md5').hexdigest()\n\
         print(made == proof)"
    );
    assert_eq!(python(&gateway.network.victim, &guess), "True\n", "{given:?}");
    gateway.database.expect(
        "SELECT details ->> 'command' AS command FROM event WHERE kind = 'service.command'",
        &json!([{"command": "Cookie: mstshash=jo"}]),
    );
    gateway.database.expect("SELECT protocol FROM flow_end", &json!([{"protocol": "rdp"}]));
}

/// What the password `s3cret` is kept as by VNC's own programs.
const PASSWORD_FILE: &str = "\
    import sys\n\
    open(sys.argv[1], 'wb').write(bytes.fromhex('e1431299b176609d'))";

#[test]
#[ignore = "end to end: needs root"]
fn vncsnapshot_takes_a_picture_of_the_screen() {
    let Some(gateway) = start(&["vncsnapshot", "python3"], &[]) else { return };
    let password = gateway.folder.file("password").display().to_string();
    let picture = gateway.folder.file("picture.jpg").display().to_string();
    let made = run(&gateway.network.victim, "python3", &["-c", PASSWORD_FILE, &password]);
    assert!(made.status.success(), "{made:?}");
    let arguments = ["-passwd", &password, &format!("{SERVER}:0"), &picture];
    let outcome = run(&gateway.network.victim, "vncsnapshot", &arguments);
    assert!(outcome.status.success(), "{outcome:?}");
    let taken = std::fs::read(&picture).unwrap_or_default();
    assert!(taken.starts_with(b"\xff\xd8") && taken.len() > 2_000, "{outcome:?}");
    let given = gateway.database.details("credentials.given", 1);
    let secret = given[0]["secret"].as_str().unwrap_or_default();
    assert!(secret.starts_with("$vnc$*") && secret.len() == 71, "{given:?}");
    gateway.database.expect("SELECT protocol FROM flow_end", &json!([{"protocol": "vnc"}]));
}
