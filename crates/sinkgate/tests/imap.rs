//! Mail, read where it lies by curl, Python's imaplib, fetchmail and mutt.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{python, python_value, run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address: there is a mailbox because there are everywhere.
const SERVER: &str = "203.0.113.143";

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

#[test]
#[ignore = "end to end: needs root"]
fn curl_reads_mail_with_and_without_tls() {
    let Some(gateway) = start(&["curl"], &[]) else { return };
    for (url, options, mechanism) in [
        ("imap://203.0.113.143", "--user jo:s3cret", "plain"),
        ("imap://203.0.113.143", "--user jo:s3cret --login-options AUTH=LOGIN", "login"),
        ("imap://203.0.113.143", "--user jo:s3cret --ssl-reqd -k", "plain"),
        ("imaps://203.0.113.143", "--user jo:s3cret -k --sasl-ir", "plain"),
        ("imaps://203.0.113.143", "--user jo --oauth2-bearer s3cret -k", "xoauth2"),
        ("imap://[2001:db8::143]:1143", "--user jo:s3cret", "plain"),
    ] {
        let fetch = |path: &str| {
            let line = format!("curl -sSf --max-time 20 '{url}/{path}' {options}");
            shell(&gateway.network.victim, &line).stdout
        };
        let before = gateway.database.number("SELECT count(*) FROM flow");
        let listed = fetch("");
        assert!(listed.contains("* LIST (\\HasNoChildren \\Drafts) \".\" Drafts"), "{listed}");
        let mail = fetch("INBOX/;MAILINDEX=1");
        assert!(mail.contains("Alice") && mail.contains("\r\nTo: Jo <jo@"), "{mail}");
        let count = usize::try_from(before).unwrap() + 2;
        let given = gateway.database.details("credentials.given", count);
        let last = given.last().unwrap();
        assert_eq!((&last["user"], &last["secret"]), (&json!("jo"), &json!("s3cret")));
        assert_eq!(last["mechanism"], mechanism, "{url} {options}");
    }
    gateway.database.expect(
        "SELECT protocol, count(*) AS count FROM flow_end GROUP BY protocol",
        &json!([{"protocol": "imap", "count": 12}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn digests_can_be_guessed_from() {
    let Some(gateway) = start(&["curl"], &["--set", "imap.mechanisms=all"]) else { return };
    for login in ["CRAM-MD5", "NTLM"] {
        let line = format!(
            "curl -sSf --max-time 20 imap://{SERVER}/INBOX --user bot:s3cret --login-options AUTH={login}"
        );
        shell(&gateway.network.victim, &line);
    }
    let given = gateway.database.details("credentials.given", 2);
    let secret = |place: usize| given[place]["secret"].as_str().unwrap();
    let script = format!(
        "import base64, hmac\n\
         _, form, challenge, answer = '{}'.split('$')\n\
         digest = hmac.new(b's3cret', base64.b64decode(challenge), 'md5').hexdigest()\n\
         print(base64.b64decode(answer) == b'bot ' + digest.encode())",
        secret(0)
    );
    assert_eq!(python(&gateway.network.victim, &script), "True\n", "{given:?}");
    assert!(secret(1).starts_with("bot::"), "{given:?}");
}

/// What imaplib finds of a mailbox, once it has done what opens it as `box`.
fn found(gateway: &Gateway, open: &str) -> Value {
    let script = format!(
        "import imaplib, json, ssl\n\
         context = ssl._create_unverified_context()\n\
         def done(answer):\n\
        \x20   assert answer[0] == 'OK', answer\n\
        \x20   return answer[1]\n\
         {open}\n\
         count = int(done(box.select('INBOX'))[0])\n\
         numbers = done(box.uid('SEARCH', None, 'ALL'))[0].split()\n\
         assert len(numbers) == count, numbers\n\
         mails = [done(box.uid('FETCH', number, '(RFC822)'))[0][1] for number in numbers]\n\
         assert all(b'Alice' in mail for mail in mails)\n\
         done(box.create('Stolen'))\n\
         done(box.append('Stolen', r'\\Seen', imaplib.Time2Internaldate(0), b'Subject: key\\r\\n\\r\\nabc'))\n\
         done(box.copy('1', 'Stolen'))\n\
         done(box.store('1', '+FLAGS', r'\\Deleted'))\n\
         assert done(box.expunge()) == [b'1']\n\
         assert int(done(box.select('Stolen'))[0]) == 2\n\
         assert done(box.search(None, 'SUBJECT', 'key')) == [b'1']\n\
         assert done(box.fetch('1', '(BODY[TEXT])'))[0][1] == b'abc'\n\
         assert b'\"text\" \"plain\"' in done(box.fetch('2', '(BODYSTRUCTURE)'))[0]\n\
         done(box.close())\n\
         box.logout()\n\
         print(json.dumps([mail.decode() for mail in mails]))"
    );
    python_value(&gateway.network.victim, &script)
}

#[test]
#[ignore = "end to end: needs root"]
fn imaplib_finds_the_same_mailbox_by_every_way() {
    let Some(gateway) = start(&["python3"], &[]) else { return };
    let ways = [
        format!("box = imaplib.IMAP4('{SERVER}', 143, 20); box.login('jo', 'pass')"),
        format!(
            "box = imaplib.IMAP4('{SERVER}', 143, 20); box.starttls(context); box.login('jo', 'p')"
        ),
        format!(
            "box = imaplib.IMAP4_SSL('{SERVER}', ssl_context=context); box.login('jo', 'pass')"
        ),
        format!(
            "box = imaplib.IMAP4('{SERVER}', 2143, 20); box.authenticate('PLAIN', lambda _: b'\\0jo\\0p')"
        ),
    ];
    let mailboxes = ways.map(|open| found(&gateway, &open));
    assert!(mailboxes.iter().all(|mailbox| *mailbox == mailboxes[0]), "{mailboxes:?}");
    let filed = gateway.database.details("mail.message", 4);
    assert!(
        filed.iter().all(|mail| mail["subject"] == "key" && mail["text"] == "abc"),
        "{filed:?}"
    );
    let told = gateway.database.details("service.command", 20);
    assert!(told.iter().any(|told| told["command"] == "SEARCH SUBJECT key"), "{told:?}");
    let popped = format!(
        "import poplib, json\nbox = poplib.POP3('{SERVER}', timeout=20)\nbox.user('jo'); box.pass_('x')\n\
         print(json.dumps([b'\\r\\n'.join(box.retr(number + 1)[1] + [b'']).decode() for number in range(box.stat()[0])]))"
    );
    assert_eq!(python_value(&gateway.network.victim, &popped), mailboxes[0]);
}

#[test]
#[ignore = "end to end: needs root"]
fn fetchmail_fetches() {
    let Some(gateway) = start(&["fetchmail"], &[]) else { return };
    let folder = gateway.folder.path().display();
    let settings = format!(
        "poll {SERVER} protocol imap user jo password s3cret mda \"cat >> {folder}/fetched\"\n"
    );
    let settings = gateway.folder.written("fetchmailrc", settings);
    let line = format!(
        "chmod 600 {0} && HOME={folder} fetchmail -f {0} --nosyslog --sslproto '' --keep",
        settings.display()
    );
    shell(&gateway.network.victim, &line);
    let fetched = std::fs::read_to_string(gateway.folder.file("fetched")).unwrap();
    assert!(fetched.contains("Alice") && fetched.contains("Delivered-To: jo@"), "{fetched}");
    assert_eq!(gateway.database.details("credentials.given", 1)[0]["secret"], "s3cret");
}

#[test]
#[ignore = "end to end: needs root"]
fn mutt_reads_and_copies() {
    let Some(gateway) = start(&["mutt", "script"], &[]) else { return };
    let folder = gateway.folder.path().display();
    let settings = format!(
        "set ssl_starttls=no ssl_force_tls=no imap_authenticators=login quit=yes move=no\n\
         set confirmappend=no confirmcreate=no\n\
         push <tag-pattern>~A<enter><tag-prefix><copy-message>{folder}/read<enter><quit>\n"
    );
    let settings = gateway.folder.written("muttrc", settings);
    let read = format!(
        "HOME={folder} TERM=vt100 mutt -n -F {} -f 'imap://jo:s3cret@{SERVER}/INBOX'",
        settings.display()
    );
    let outcome = run(&gateway.network.victim, "script", &["-qec", &read, "/dev/null"]);
    let copied = std::fs::read_to_string(gateway.folder.file("read")).unwrap_or_default();
    assert!(copied.contains("Alice") && copied.contains("Delivered-To: jo@"), "{outcome:?}");
    assert_eq!(gateway.database.details("credentials.given", 1)[0]["secret"], "s3cret");
}
