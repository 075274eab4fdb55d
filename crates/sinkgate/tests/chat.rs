//! Chats, with a Python library, irssi and a bare socket.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use serde_json::{Value, json};
use testkit::programs::{run, shell};
use testkit::{Direction, Gateway};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// The one that Debian's packages are for.
const PYTHON: &str = "/usr/bin/python3";

/// Nobody has this address: it is a chat server because all are.
const SERVER: &str = "203.0.113.66";

/// The details of the events of this kind; there must be so many.
fn all(gateway: &Gateway, kind: &str, count: usize) -> Vec<Value> {
    let events = format!("FROM event WHERE kind = '{kind}'");
    let counted = format!("SELECT count(*) AS count {events}");
    gateway.database.expect(&counted, &json!([{ "count": count }]));
    let details = format!("SELECT details {events} ORDER BY seq");
    let read = |text: &String| serde_json::from_str(text).unwrap();
    gateway.database.texts(&details).iter().map(read).collect()
}

/// What a bot in Python does on this port: it joins, reports, and leaves; prints what it saw.
fn bot(port: u16, factory: &str) -> String {
    format!(
        "import irc.client, irc.connection, ssl\n\
         seen = []\n\
         def joined(connection, event):\n\
         \x20   connection.privmsg('#botz', 'infected: DESKTOP-1')\n\
         \x20   connection.privmsg('#botz', 'ready')\n\
         \x20   connection.names(['#botz'])\n\
         def named(connection, event):\n\
         \x20   seen.append(event.type)\n\
         \x20   if seen.count('endofnames') == 2:\n\
         \x20       connection.quit('bye')\n\
         reactor = getattr(irc.client, 'Reactor', None) or irc.client.IRC\n\
         reactor = reactor()\n\
         plain = irc.connection.Factory()\n\
         context = ssl._create_unverified_context()\n\
         wrapped = irc.connection.Factory(wrapper=context.wrap_socket)\n\
         server = reactor.server()\n\
         for kind in ['welcome', 'topic', 'currenttopic', 'namreply', 'error']:\n\
         \x20   reactor.add_global_handler(kind, lambda _, event: seen.append(event.type))\n\
         reactor.add_global_handler('welcome', lambda one, _: one.join('#botz', 's3cret'))\n\
         reactor.add_global_handler('join', joined)\n\
         reactor.add_global_handler('endofnames', named)\n\
         server.connect('{SERVER}', {port}, 'b0t', password='letmein', connect_factory={factory})\n\
         while server.is_connected():\n\
         \x20   reactor.process_once(1)\n\
         print(','.join(seen))"
    )
}

#[test]
#[ignore = "end to end: needs root"]
fn a_bot_in_python_joins_and_reports_on_any_port_and_inside_tls() {
    let programs = [PYTHON, "/usr/lib/python3/dist-packages/irc/__init__.py"];
    let Some(gateway) = Gateway::start(SINKGATE, &programs, &[]) else { return };
    for (port, factory) in [(6_667, "plain"), (6_697, "wrapped"), (4_321, "plain")] {
        let outcome = run(&gateway.network.victim, PYTHON, &["-c", &bot(port, factory)]);
        assert!(outcome.status.success(), "{port}: {outcome:?}");
        let seen = outcome.stdout;
        let expected = "welcome,currenttopic,namreply,endofnames,namreply,endofnames";
        assert!(seen.starts_with(expected), "{port}: {seen}");
    }
    let given = all(&gateway, "credentials.given", 3);
    assert!(given.iter().all(|given| given["secret"] == "letmein"), "{given:?}");
    let said = all(&gateway, "irc.command", 3 * 5);
    let commands: Vec<&str> = said.iter().map(|one| one["command"].as_str().unwrap()).collect();
    assert_eq!(commands[..5], ["NICK", "USER", "JOIN", "PRIVMSG", "PRIVMSG"]);
    assert_eq!(
        said[2],
        json!({"command": "JOIN", "target": "#botz", "text": "s3cret"}),
        "{said:?}"
    );
    assert_eq!(said[3]["text"], "infected: DESKTOP-1");
    gateway.database.expect(
        "SELECT protocol, count(*) AS count FROM flow_end GROUP BY protocol",
        &json!([{"protocol": "irc", "count": 3}]),
    );
}

#[test]
#[ignore = "end to end: needs root"]
fn irssi_logs_in_and_joins() {
    let Some(gateway) = Gateway::start(SINKGATE, &["irssi", "script"], &[]) else { return };
    let home = gateway.folder.file("irssi");
    let settings = format!(
        "servers = ( {{ address = \"{SERVER}\"; chatnet = \"c2\"; port = \"6667\"; \
         autoconnect = \"yes\"; }} );\n\
         chatnets = {{ c2 = {{ type = \"IRC\"; nick = \"jo\"; sasl_mechanism = \"PLAIN\"; \
         sasl_username = \"jo\"; sasl_password = \"s3cret\"; }}; }};\n\
         channels = ( {{ name = \"#botz\"; chatnet = \"c2\"; autojoin = \"yes\"; }} );\n\
         settings = {{ \"irc/core\" = {{ cmds_max_at_once = \"50\"; }}; }};\n"
    );
    let settings = gateway.folder.written("irssi.conf", settings.as_bytes());
    let line = format!(
        "mkdir -p {home} && (sleep 5; echo /quit bye) | \
         TERM=xterm script -qec 'irssi --home={home} --config={settings}' /dev/null",
        home = home.display(),
        settings = settings.display(),
    );
    shell(&gateway.network.victim, &line);
    let given = all(&gateway, "credentials.given", 1);
    assert_eq!(
        (&given[0]["mechanism"], &given[0]["user"], &given[0]["secret"]),
        (&json!("plain"), &json!("jo"), &json!("s3cret"))
    );
    let said = all(&gateway, "irc.command", 3);
    assert_eq!(said[2]["target"], "#botz");
}

#[test]
#[ignore = "end to end: needs root"]
fn what_another_tools_users_expect_is_said_back_if_that_is_set() {
    let settings = ["--set", "irc.echo=true", "--set", "irc.welcome=Welcome to IRC"];
    let Some(gateway) = Gateway::start(SINKGATE, &["nc"], &settings) else { return };
    let lines =
        "NICK jo\\r\\nUSER jo 0 * :Jo\\r\\nPRIVMSG #a :one\\r\\nPRIVMSG Rook :two\\r\\nQUIT\\r\\n";
    let line = format!("printf '{lines}' | nc -N -w 5 {SERVER} 6667");
    let answered = shell(&gateway.network.victim, &line).stdout;
    for expected in [" 001 jo :Welcome to IRC", " PRIVMSG #a :one\r\n", " PRIVMSG jo :two\r\n"] {
        assert!(answered.contains(expected), "{expected} is not in {answered}");
    }
    all(&gateway, "irc.command", 4);
    let sent = gateway.database.stream(Direction::ToVictim, "dst_port = 6667");
    assert!(sent.ends_with(b"(Quit: jo)\r\n"), "{}", sent.escape_ascii());
    let bare = sent.iter().filter(|byte| **byte == b'\n').count();
    let ended = sent.windows(2).filter(|bytes| bytes == b"\r\n").count();
    assert_eq!(bare, ended, "a line without CRLF");
}
