//! Small services, with the clients that are made for them and with bare sockets.

use serde_json::json;
use testkit::programs::{python_value, run, shell};
use testkit::{Direction, Gateway};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address.
const SERVER: &str = "203.0.113.66";

#[test]
#[ignore = "end to end: needs root"]
fn each_is_answered_over_tcp_and_over_udp() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let script = format!(
        "import json, socket, struct, time\n\
         said = {{}}\n\
         for port in 7, 11, 13, 17, 37:\n\
         \x20   s = socket.create_connection(('{SERVER}', port), timeout=5)\n\
         \x20   if port == 7: s.send(b'hello')\n\
         \x20   s.shutdown(socket.SHUT_WR)\n\
         \x20   said[f'tcp {{port}}'] = b''.join(iter(lambda: s.recv(4096), b''))\n\
         for port in 7, 11, 13, 17, 19, 37:\n\
         \x20   s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         \x20   s.settimeout(5)\n\
         \x20   s.connect(('{SERVER}', port))\n\
         \x20   s.send(b'hello')\n\
         \x20   said[f'udp {{port}}'] = s.recv(4096)\n\
         now = time.time() + 2208988800\n\
         right = {{}}\n\
         for how in 'tcp', 'udp':\n\
         \x20   right[how + ' echo'] = said[how + ' 7'] == b'hello'\n\
         \x20   day = said[how + ' 13'].decode().strip()\n\
         \x20   right[how + ' day'] = abs(time.mktime(time.strptime(day)) - time.mktime(time.gmtime())) < 60\n\
         \x20   right[how + ' time'] = abs(struct.unpack('>I', said[how + ' 37'])[0] - now) < 60\n\
         \x20   right[how + ' quote'] = 0 < len(said[how + ' 17']) <= 512\n\
         \x20   right[how + ' people'] = b'pts/' in said[how + ' 11']\n\
         right['chargen'] = len(said['udp 19']) <= 512\n\
         print(json.dumps([name for name in right if not right[name]]))"
    );
    assert_eq!(python_value(&gateway.network.victim, &script), json!([]));
    gateway.database.expect(
        "SELECT protocol, count(*) AS count FROM flow_end JOIN flow ON flow_end.flow = flow.seq
         WHERE transport = 6 GROUP BY protocol ORDER BY protocol",
        &json!([
            {"protocol": "daytime", "count": 1},
            {"protocol": "echo", "count": 1},
            {"protocol": "qotd", "count": 1},
            {"protocol": "systat", "count": 1},
            {"protocol": "time", "count": 1},
        ]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn a_character_generator_does_not_fill_the_database() {
    let settings = ["--set", "limits.chargen_bytes=4KiB"];
    let Some(gateway) = Gateway::start(SINKGATE, &["nc"], &settings) else { return };
    let said = shell(&gateway.network.victim, &format!("nc -d -w 5 {SERVER} 19")).stdout;
    assert_eq!(said.lines().next().map(str::len), Some(72), "{said}");
    assert!((4_096..6_000).contains(&said.len()), "{} bytes", said.len());
    gateway.database.expect_events("limit.reached", 1);
    assert_eq!(gateway.database.stream(Direction::ToVictim, "dst_port = 19"), said.as_bytes());
}

#[test]
#[ignore = "end to end: needs root"]
fn two_that_answer_everything_do_not_talk_for_ever() {
    let Some(gateway) = Gateway::start(SINKGATE, &[], &[]) else { return };
    let script = format!(
        "import json, socket\n\
         s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         s.bind(('0.0.0.0', 19))\n\
         s.settimeout(1)\n\
         heard = []\n\
         for port in 7, 13, 17, 19:\n\
         \x20   s.sendto(b'abc', ('{SERVER}', port))\n\
         try:\n\
         \x20   heard.append(s.recv(100).decode())\n\
         except TimeoutError:\n\
         \x20   pass\n\
         print(json.dumps(heard))"
    );
    assert_eq!(python_value(&gateway.network.victim, &script), json!([]));
    gateway.database.expect_events("protocol.broke", 4);
}

#[test]
#[ignore = "end to end: needs root"]
fn finger_whois_rdate_gopher_and_curl_are_answered() {
    let programs = ["finger", "whois", "rdate", "curl"];
    let Some(gateway) = Gateway::start(SINKGATE, &programs, &[]) else { return };
    let victim = &gateway.network.victim;
    let finger = run(victim, "finger", &[&format!("root@{SERVER}")]).stdout;
    assert!(finger.contains("Shell: /bin/bash"), "{finger}");
    let whois = run(victim, "whois", &["-h", SERVER, "example.com"]).stdout;
    assert!(whois.contains("Domain Name: EXAMPLE.COM"), "{whois}");
    let rdate = run(victim, "rdate", &["-p", SERVER]);
    assert!(rdate.status.success(), "{rdate:?}");
    let menu = run(victim, "curl", &["-s", &format!("gopher://{SERVER}/")]).stdout;
    assert!(menu.contains("\t70\r\n") && menu.ends_with(".\r\n"), "{menu}");
    let telnet = shell(victim, &format!("curl -s -m 3 telnet://{SERVER}:13 </dev/null")).stdout;
    assert!(telnet.contains(" 20"), "{telnet}");
    let asked = gateway.database.details("service.command", 3);
    let said: Vec<_> = asked.iter().map(|one| (&one["protocol"], &one["command"])).collect();
    assert_eq!(said[0], (&json!("finger"), &json!("root")), "{said:?}");
    assert_eq!(said[1].0, "whois", "{said:?}");
    assert_eq!(said[2], (&json!("gopher"), &json!("")), "{said:?}");
}

#[test]
#[ignore = "end to end: needs root"]
fn ident_is_asked_in_a_line() {
    let Some(gateway) = Gateway::start(SINKGATE, &["nc"], &[]) else { return };
    let line = format!("printf '6193, 23\\r\\n' | nc -N -w 5 {SERVER} 113");
    let answer = shell(&gateway.network.victim, &line).stdout;
    assert!(answer.starts_with("6193 , 23 : USERID : UNIX : "), "{answer}");
}
