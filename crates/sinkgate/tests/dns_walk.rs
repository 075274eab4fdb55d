//! End to end: names that are denied, so that a victim shows its whole list; names from files.

use serde_json::json;
use testkit::Gateway;
use testkit::programs::{Outcome, run};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

fn start(settings: &[&str]) -> Option<Gateway> {
    let arguments = settings.iter().flat_map(|setting| ["--set", setting]).collect::<Vec<_>>();
    Gateway::start(SINKGATE, &["dig"], &arguments)
}

fn dig(gateway: &Gateway, line: &str) -> Outcome {
    let line = format!("+tries=1 +time=1 @203.0.113.53 {line}");
    run(&gateway.network.victim, "dig", &line.split(' ').collect::<Vec<_>>())
}

fn status(gateway: &Gateway, line: &str) -> String {
    let said = dig(gateway, line).stdout;
    let status = said.split_once("status: ").and_then(|(_, rest)| rest.split_once(','));
    status.map_or("silence", |(status, _)| status).to_owned()
}

#[test]
#[ignore = "end to end: needs root"]
fn the_first_names_of_a_victim_do_not_exist_over_udp_and_tcp() {
    let Some(gateway) = start(&["dns.walk_names=2"]) else { return };
    for (question, expected) in [
        ("first.example A", "NXDOMAIN"),
        ("+tcp first.example AAAA", "NXDOMAIN"),
        ("+tcp second-name.com A", "NXDOMAIN"),
        ("third.example A", "NOERROR"),
        ("+tcp FIRST.example MX", "NXDOMAIN"),
        ("www.msftconnecttest.com A", "NOERROR"),
    ] {
        assert_eq!(status(&gateway, question), expected, "{question}");
    }
    let said = dig(&gateway, "second-name.com A").stdout;
    assert!(said.contains("com.\t") && said.contains("SOA\ta.gtld-servers.net."), "{said}");
    gateway.database.expect(
        "SELECT name, query_type, response_code FROM dns_query
         WHERE response_code = 3 ORDER BY name, query_type",
        &json!([
            {"name": "first.example", "query_type": 1, "response_code": 3},
            {"name": "first.example", "query_type": 15, "response_code": 3},
            {"name": "first.example", "query_type": 28, "response_code": 3},
            {"name": "second-name.com", "query_type": 1, "response_code": 3},
            {"name": "second-name.com", "query_type": 1, "response_code": 3},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn names_are_denied_in_every_way_by_pattern_and_by_their_looks() {
    for (answer, expected, code) in [
        ("failure", "SERVFAIL", json!(2)),
        ("refused", "REFUSED", json!(5)),
        ("silence", "silence", json!(null)),
    ] {
        let answer = format!("dns.walk_answer={answer}");
        let set =
            ["dns.walk_patterns=*.evil.example, c2-*.example", "dns.walk_random=true", &answer];
        let Some(gateway) = start(&set) else { return };
        for name in ["a.evil.example", "c2-7.example", "xeogrhxquuubt.com"] {
            assert_eq!(status(&gateway, name), expected, "{name}");
        }
        assert_eq!(status(&gateway, "good.example"), "NOERROR");
        gateway.database.expect(
            "SELECT DISTINCT response_code FROM dns_query WHERE name <> 'good.example'",
            &json!([{"response_code": code}]),
        );
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn names_come_from_lists_and_a_hundred_thousand_are_no_burden() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["dig"], &[]) else { return };
    let many = (0..100_000).map(|number| format!("192.0.2.9 n{number}.test\n")).collect::<String>();
    let hosts = gateway.folder.written("hosts", format!("{many}192.0.2.1 a.test b.test\n"));
    let rpz = gateway.folder.written(
        "list.rpz",
        "$TTL 77\n$ORIGIN rpz.test.\n@ SOA ns. admin. 1 2 3 4 5\n*.b.test CNAME .\nb.test CNAME .\n\
         drop.test CNAME rpz-drop.\nlocal.test A 192.0.2.2\n",
    );
    let csv = gateway.folder.written("list.csv", "name,type,value\nc.test,TXT,\"a, b\"\n");
    gateway.configure(&format!(
        "[dns]\nhosts_files = {hosts:?}\nrpz_files = {rpz:?}\ncsv_files = {csv:?}\n"
    ));
    gateway.begin();
    let short = |line: &str| dig(&gateway, &format!("+short {line}")).stdout.trim().to_owned();
    assert_eq!(short("a.test"), "192.0.2.1");
    assert_eq!(short("n99999.test"), "192.0.2.9");
    assert_eq!(short("c.test TXT"), "\"a, b\"");
    assert_eq!(status(&gateway, "b.test"), "NXDOMAIN");
    assert_eq!(status(&gateway, "x.y.b.test"), "NXDOMAIN");
    assert_eq!(status(&gateway, "drop.test"), "silence");
    let local = dig(&gateway, "+noall +answer local.test").stdout;
    assert_eq!(local.split_whitespace().nth(1).unwrap(), "77", "{local}");
}

#[test]
#[ignore = "end to end: needs root"]
fn a_list_with_a_line_that_is_none_is_refused_with_file_and_line() {
    let Some(gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let rpz = gateway.folder.written("list.rpz", "a.test CNAME .\n32.1.2.0.192.rpz-ip CNAME .\n");
    gateway.configure(&format!("[dns]\nrpz_files = {rpz:?}\n"));
    let arguments: Vec<String> = ["run", "-i", "g0"]
        .map(str::to_owned)
        .into_iter()
        .chain(gateway.usual_arguments())
        .collect();
    let outcome = gateway.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(!outcome.status.success());
    let said = outcome.stderr;
    assert!(said.contains("list.rpz") && said.contains("line 2: rules about rpz-ip"), "{said}");
}
