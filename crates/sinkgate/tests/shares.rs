//! Shares, asked for by smbclient and Python's impacket.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{python, run};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address: there is a server because there are everywhere.
const SERVER: &str = "203.0.113.45";

/// What Windows makes of the password `s3cret`.
const NT_HASH: &str = "d4c619cb16d4632b275658316a7e657e";

const PYTHON: &str = "/usr/bin/python3";
const IMPACKET: &str = "/usr/lib/python3/dist-packages/impacket/__init__.py";

/// The hash of the `count`th login so far is one of `s3cret`.
fn assert_guessable(gateway: &Gateway, count: usize) {
    let given = gateway.database.details("credentials.given", count);
    let last = given.last().cloned().unwrap_or_default();
    assert_eq!(last.get("user"), Some(&json!("CORP\\jo")), "{given:?}");
    let secret = last.get("secret").and_then(Value::as_str).unwrap_or_default();
    let guess = format!(
        "import hmac\n\
         user, _, domain, challenge, proof, blob = '{secret}'.split(':')\n\
         key = bytes.fromhex('{NT_HASH}')\n\
         key = hmac.new(key, (user.upper() + domain).encode('utf-16le'), 'md5').digest()\n\
         made = hmac.new(key, bytes.fromhex(challenge + blob), 'md5').hexdigest()\n\
         print(made == proof)"
    );
    assert_eq!(python(&gateway.network.victim, &guess), "True\n", "{given:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn smbclient_gives_a_hash_by_every_dialect() {
    let programs = ["smbclient", "python3"];
    let Some(gateway) = Gateway::start(SINKGATE, &programs, &[]) else { return };
    for (count, options) in [
        (1, "-m SMB3"),
        (2, "-m SMB2_02"),
        (3, "-m NT1 --option='client min protocol=NT1'"),
        (4, "-p 139"),
        (5, "-p 4445 -m SMB2_10"),
    ] {
        let line = format!("smbclient //{SERVER}/files -U 'CORP/jo%s3cret' {options} -c ls");
        let outcome = run(&gateway.network.victim, "sh", &["-c", &line]);
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(said.contains("NT_STATUS_LOGON_FAILURE"), "{options}: {outcome:?}");
        assert_guessable(&gateway, count);
    }
    gateway.database.expect(
        "SELECT protocol, count(*) AS count FROM flow_end GROUP BY protocol",
        &json!([{"protocol": "smb", "count": 5}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn impacket_logs_in_and_a_worm_finds_what_it_looks_for() {
    let programs = [PYTHON, IMPACKET];
    let Some(gateway) = Gateway::start(SINKGATE, &programs, &[]) else { return };
    let script = format!(
        "from impacket import smb, smbconnection\n\
         found = smbconnection.SMBConnection('{SERVER}', '{SERVER}', timeout=20)\n\
         try: found.login('jo', 's3cret', 'CORP')\n\
         except smbconnection.SessionError as error: print(hex(error.getErrorCode()))\n\
         worm = smb.SMB('*SMBSERVER', '{SERVER}', timeout=20)\n\
         worm.login('', '')\n\
         pipe = worm.tree_connect_andx(r'\\\\{SERVER}\\IPC$')\n\
         print(pipe)"
    );
    let outcome = run(&gateway.network.victim, PYTHON, &["-c", &script]);
    assert!(outcome.stdout == "0xc000006d\n2048\n", "{outcome:?}");
    assert_guessable(&gateway, 1);
    let told = gateway.database.details("service.command", 1);
    assert_eq!(told[0]["command"], format!("connect \\\\{SERVER}\\IPC$"));
}
