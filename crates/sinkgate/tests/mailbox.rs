//! Mail, fetched by curl and Python's poplib.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{python, python_value, run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address: there is a mailbox because there are everywhere.
const SERVER: &str = "203.0.113.110";

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

#[test]
#[ignore = "end to end: needs root"]
fn curl_fetches_mail_with_and_without_tls() {
    let Some(gateway) = start(&["curl"], &[]) else { return };
    for (url, options, mechanism) in [
        ("pop3://203.0.113.110", "--user popuser:s3cret", "plain"),
        ("pop3://203.0.113.110", "--user popuser:s3cret --login-options AUTH=LOGIN", "login"),
        ("pop3://203.0.113.110", "--user popuser:s3cret --ssl-reqd -k", "plain"),
        ("pop3s://203.0.113.110", "--user popuser:s3cret -k --sasl-ir", "plain"),
        ("pop3s://203.0.113.110", "--user popuser --oauth2-bearer s3cret -k", "xoauth2"),
        ("pop3://[2001:db8::110]:1110", "--user popuser:s3cret", "plain"),
    ] {
        let fetch = |path: &str| {
            let line = format!("curl -sSf --max-time 20 '{url}/{path}' {options}");
            shell(&gateway.network.victim, &line).stdout
        };
        let before = gateway.database.number("SELECT count(*) FROM flow");
        let listed = fetch("");
        let mail = fetch("1");
        assert!(listed.starts_with(&format!("1 {}\r\n", mail.len())), "{listed}\n{mail}");
        assert!(mail.contains("Alice") && mail.contains("\r\nTo: Popuser <popuser@"), "{mail}");
        let count = usize::try_from(before).unwrap() + 2;
        let given = gateway.database.details("credentials.given", count);
        let last = given.last().unwrap();
        assert_eq!((&last["user"], &last["secret"]), (&json!("popuser"), &json!("s3cret")));
        assert_eq!(last["mechanism"], mechanism, "{url} {options}");
    }
    gateway.database.expect(
        "SELECT protocol, count(*) AS count FROM flow_end GROUP BY protocol",
        &json!([{"protocol": "pop3", "count": 12}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn digests_can_be_guessed_from() {
    let Some(gateway) = start(&["curl"], &["--set", "pop3.mechanisms=all"]) else { return };
    for login in ["+APOP", "CRAM-MD5", "NTLM"] {
        let line = format!(
            "curl -sSf --max-time 20 pop3://{SERVER}/1 --user bot:s3cret --login-options AUTH={login}"
        );
        shell(&gateway.network.victim, &line);
    }
    let given = gateway.database.details("credentials.given", 3);
    let secret = |place: usize| given[place]["secret"].as_str().unwrap();
    let script = format!(
        "import base64, hashlib, hmac\n\
         digest, salt = '{}'.split(':')\n\
         print(hashlib.md5((salt + 's3cret').encode()).hexdigest() == digest)\n\
         _, form, challenge, answer = '{}'.split('$')\n\
         digest = hmac.new(b's3cret', base64.b64decode(challenge), 'md5').hexdigest()\n\
         print(base64.b64decode(answer) == b'bot ' + digest.encode())",
        secret(0),
        secret(1)
    );
    assert_eq!(python(&gateway.network.victim, &script), "True\nTrue\n", "{given:?}");
    assert!(secret(2).starts_with("bot::"), "{given:?}");
}

/// What poplib finds of a mailbox, once it has done what opens it as `box`.
fn found(gateway: &Gateway, open: &str) -> Value {
    let script = format!(
        "import json, poplib, ssl\n\
         context = ssl._create_unverified_context()\n\
         {open}\n\
         assert box.getwelcome().startswith(b'+OK'), box.getwelcome()\n\
         count, octets = box.stat()\n\
         sizes = [int(line.split()[1]) for line in box.list()[1]]\n\
         mails = [box.retr(number + 1) for number in range(count)]\n\
         assert [mail[2] for mail in mails] == sizes and sum(sizes) == octets, (sizes, octets)\n\
         assert mails[0][0].startswith(b'+OK') and any(b'Alice' in line for line in mails[0][1])\n\
         head = mails[0][1][:mails[0][1].index(b'') + 1]\n\
         assert box.top(1, 2)[1] == mails[0][1][:len(head) + 2]\n\
         box.dele(1)\n\
         assert box.stat()[0] == count - 1\n\
         box.rset()\n\
         assert box.stat() == (count, octets)\n\
         box.noop()\n\
         names = [line.decode().split()[1] for line in box.uidl()[1]]\n\
         assert box.uidl(1).decode() == '+OK 1 ' + names[0]\n\
         box.quit()\n\
         print(json.dumps([names, [b'\\n'.join(mail[1]).decode() for mail in mails]]))"
    );
    python_value(&gateway.network.victim, &script)
}

#[test]
#[ignore = "end to end: needs root"]
fn poplib_finds_the_same_mailbox_by_every_way() {
    let Some(gateway) = start(&["python3"], &[]) else { return };
    let login = "box.user('popuser'); box.pass_('password')";
    let ways = [
        format!("box = poplib.POP3('{SERVER}', 110, timeout=20); {login}"),
        format!("box = poplib.POP3('{SERVER}', 110, timeout=20); box.stls(context); {login}"),
        format!("box = poplib.POP3_SSL('{SERVER}', 995, timeout=20, context=context); {login}"),
        format!("box = poplib.POP3('{SERVER}', 3110, timeout=20); box.apop('popuser', 'password')"),
    ];
    let mailboxes = ways.map(|open| found(&gateway, &open));
    assert!(mailboxes.iter().all(|mailbox| *mailbox == mailboxes[0]), "{mailboxes:?}");
    let other = format!(
        "box = poplib.POP3('{SERVER}', 110, timeout=20); box.user('jo@victim.example'); box.pass_('x')"
    );
    assert_ne!(found(&gateway, &other), mailboxes[0]);
    let given = gateway.database.details("credentials.given", 5);
    let mechanisms: Vec<&Value> = given.iter().map(|given| &given["mechanism"]).collect();
    assert_eq!(mechanisms, ["pass", "pass", "pass", "apop", "pass"]);
    let recognised = gateway.database.texts(
        "SELECT DISTINCT details ->> 'protocol' FROM event WHERE kind = 'flow.recognised' ORDER BY 1",
    );
    assert_eq!(recognised, ["pop3", "tls"]);
}

#[test]
#[ignore = "end to end: needs root"]
fn logins_are_refused_where_that_is_set() {
    let Some(gateway) = start(&["curl"], &["--set", "pop3.accept=try 2"]) else { return };
    let url = format!("pop3://{SERVER}/1");
    let fetch = ["-sSf", "--max-time", "20", "--user", "bot:s3cret", &url];
    let refused = run(&gateway.network.victim, "curl", &fetch);
    assert_eq!(refused.status.code(), Some(67), "{refused:?}");
    assert_eq!(gateway.database.details("credentials.given", 1)[0]["secret"], "s3cret");
}
