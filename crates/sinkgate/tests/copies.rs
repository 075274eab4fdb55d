//! Clones, copies and prints, with usual clients.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address.
const SERVER: &str = "203.0.113.66";

#[test]
#[ignore = "end to end: needs root"]
fn a_clone_succeeds_and_is_empty() {
    let Some(gateway) = Gateway::start(SINKGATE, &["git"], &[]) else { return };
    let copy = gateway.folder.file("copy").display().to_string();
    let url = format!("git://{SERVER}/project.git");
    let cloned = run(&gateway.network.victim, "git", &["clone", &url, &copy]);
    assert!(cloned.status.success(), "{cloned:?}");
    let told = gateway.database.details("service.command", 1);
    assert_eq!(told[0], json!({"protocol": "git", "command": "git-upload-pack /project.git"}));
}

#[test]
#[ignore = "end to end: needs root"]
fn modules_are_listed_and_ask_for_a_password() {
    let Some(gateway) = Gateway::start(SINKGATE, &["rsync"], &[]) else { return };
    let victim = &gateway.network.victim;
    let listed = shell(victim, &format!("rsync rsync://{SERVER}/")).stdout;
    assert!(listed.contains("nightly backups"), "{listed}");
    let line = format!("RSYNC_PASSWORD=s3cret rsync rsync://jo@{SERVER}/backup/ 2>&1 || true");
    let refused = shell(victim, &line).stdout;
    assert!(refused.contains("auth failed on module backup"), "{refused}");
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!(given[0]["user"], "jo");
}

#[test]
#[ignore = "end to end: needs root"]
fn what_is_printed_is_kept() {
    let Some(gateway) = Gateway::start(SINKGATE, &["nc"], &[]) else { return };
    let line = format!("printf '%%!PS\\nshowpage\\n' | nc -N -w 8 {SERVER} 9100");
    shell(&gateway.network.victim, &line);
    gateway.database.expect(
        "SELECT source, bytes FROM artifact",
        &json!([{"source": "print-job", "bytes": 14}]),
    );
}
