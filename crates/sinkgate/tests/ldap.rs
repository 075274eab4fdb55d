//! Directories, asked by ldapsearch, ldapwhoami and Python's ldap3.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address: there is a directory because there are everywhere.
const SERVER: &str = "203.0.113.89";

const PYTHON: &str = "/usr/bin/python3";
const LDAP3: &str = "/usr/lib/python3/dist-packages/ldap3/__init__.py";

fn python(gateway: &Gateway, script: &str) -> String {
    let outcome = run(&gateway.network.victim, PYTHON, &["-c", script]);
    assert!(outcome.status.success(), "{script}\n{outcome:?}");
    outcome.stdout
}

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

#[test]
#[ignore = "end to end: needs root"]
fn ldapsearch_finds_what_it_asks_for_with_and_without_tls() {
    let Some(gateway) = start(&["ldapsearch"], &[]) else { return };
    for (url, options) in [
        ("ldap://203.0.113.89", ""),
        ("ldap://203.0.113.89", "-ZZ"),
        ("ldaps://203.0.113.89", ""),
        ("ldap://203.0.113.89:3268", ""),
        ("ldap://[2001:db8::89]:1389", ""),
    ] {
        let search = |rest: &str| {
            let line = format!(
                "LDAPTLS_REQCERT=never ldapsearch -LLL -o nettimeout=20 -H {url} {options} -x \
                 -D cn=admin,dc=corp,dc=example -w s3cret {rest}"
            );
            shell(&gateway.network.victim, &line).stdout
        };
        let root = search("-s base -b '' defaultNamingContext");
        assert!(root.contains("\ndefaultNamingContext: DC="), "{root}");
        let named = search("-s base -b o=Exploit");
        assert!(
            named.contains("dn: o=Exploit") && !named.to_lowercase().contains("java"),
            "{named}"
        );
        let people =
            search("-E pr=2/noprompt -b dc=corp,dc=example '(&(objectClass=user)(cn=ali*))' mail");
        assert!(
            people.contains("@corp.example") && people.matches("dn: ").count() == 1,
            "{people}"
        );
    }
    let given = gateway.database.details("credentials.given", 15);
    assert!(given.iter().all(|given| given["secret"] == "s3cret"), "{given:?}");
    let told = gateway.database.texts(
        "SELECT details ->> 'command' FROM event WHERE kind = 'service.command' AND \
         details ->> 'command' LIKE '%Exploit%'",
    );
    assert_eq!(told, ["search \"o=Exploit\" base (objectclass=*)"; 5]);
}

#[test]
#[ignore = "end to end: needs root"]
fn ldapwhoami_is_somebody_or_refused() {
    let Some(gateway) = start(&["ldapwhoami"], &["--set", "ldap.accept=try 2"]) else { return };
    let line = format!("ldapwhoami -o nettimeout=20 -H ldap://{SERVER} -x -D 'CORP\\jo' -w s3cret");
    let refused = run(&gateway.network.victim, "sh", &["-c", &line]);
    assert_eq!(refused.status.code(), Some(49), "{refused:?}");
    assert_eq!(shell(&gateway.network.victim, &line).stdout.trim(), "u:CORP\\jo");
    let digest =
        format!("ldapwhoami -o nettimeout=20 -H ldap://{SERVER} -Y DIGEST-MD5 -U bot -w s3cret");
    let refused = run(&gateway.network.victim, "sh", &["-c", &digest]);
    assert_ne!(refused.status.code(), Some(0), "{refused:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn the_hash_of_a_login_of_windows_can_be_guessed_from() {
    let Some(gateway) = start(&[PYTHON, LDAP3], &[]) else { return };
    let script = format!(
        "import ldap3\n\
         server = ldap3.Server('{SERVER}', get_info=ldap3.ALL, connect_timeout=20)\n\
         hashes = '0' * 32 + ':{NT_HASH}'\n\
         found = ldap3.Connection(server, 'CORP\\\\jo', hashes, authentication=ldap3.NTLM)\n\
         print(found.bind(), server.info.naming_contexts[0].startswith('DC='))\n\
         print(found.search('dc=corp,dc=example', '(sAMAccountName=administrator)'))"
    );
    assert_eq!(python(&gateway, &script), "True True\nTrue\n");
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!((&given[0]["mechanism"], &given[0]["user"]), (&json!("sicily"), &json!("CORP\\jo")));
    let secret = given[0]["secret"].as_str().unwrap_or_default();
    let guess = format!(
        "import hmac\n\
         user, _, domain, challenge, proof, blob = '{secret}'.split(':')\n\
         key = bytes.fromhex('{NT_HASH}')\n\
         key = hmac.new(key, (user.upper() + domain).encode('utf-16le'), 'md5').digest()\n\
         made = hmac.new(key, bytes.fromhex(challenge + blob), 'md5').hexdigest()\n\
         print(made == proof)"
    );
    assert_eq!(python(&gateway, &guess), "True\n", "{given:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn ldap3_looks_through_a_domain_and_a_datagram_finds_its_controller() {
    let Some(gateway) = start(&[PYTHON, LDAP3], &[]) else { return };
    let script = format!(
        "import ldap3, json, socket\n\
         server = ldap3.Server('{SERVER}', get_info=ldap3.ALL, connect_timeout=20)\n\
         found = ldap3.Connection(server, 'jo@corp.example', 's3cret', auto_bind=True)\n\
         entries = list(found.extend.standard.paged_search('dc=corp,dc=example', '(objectCategory=person)',\n\
        \x20   attributes=['sAMAccountName', 'objectSid'], paged_size=3))\n\
         names = [entry['attributes']['sAMAccountName'] for entry in entries]\n\
         assert ['Administrator'] in names and len(names) == 7, names\n\
         assert not found.add('cn=x,dc=corp,dc=example', 'person')\n\
         ask = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         ask.settimeout(20)\n\
         ask.connect(('{SERVER}', 389))\n\
         ask.send(bytes.fromhex('{PING}'))\n\
         answer = ask.recv(4096)\n\
         assert b'\\x04corp\\x07example' in answer, answer\n\
         print('done')"
    );
    assert_eq!(python(&gateway, &script), "done\n");
    gateway.database.expect(
        "SELECT details ->> 'protocol' AS protocol FROM event WHERE kind = 'flow.recognised' ORDER BY 1",
        &json!([{"protocol": "cldap"}, {"protocol": "ldap"}]),
    );
    let given: Vec<Value> = gateway.database.details("credentials.given", 1);
    assert_eq!(given[0]["user"], "jo@corp.example");
}

/// What Windows makes of the password `s3cret`.
const NT_HASH: &str = "d4c619cb16d4632b275658316a7e657e";

/// Which controller does corp.example have?
const PING: &str = "304e020101634904000a01000a0103020100020100010100a02aa3190409446e73446f6d61696e04\
    0c636f72702e6578616d706c65a30d04054e74566572040406000000300a04084e65746c6f676f6e";
