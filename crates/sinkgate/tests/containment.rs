//! Nothing of a victim reaches another network or a service of the gateway, whatever happens.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a failure here is a failed test"
)]

use serde_json::{Value, json};
use testkit::programs::{python, start};
use testkit::{Gateway, Internet, Network, Shell, wait_until};

const SINKGATE: &str = env!("CARGO_BIN_EXE_sinkgate");

/// Packets of every kind, to the internet and to whoever is next to the gateway, without end.
const FLOOD: &str = r"
import itertools, socket
four = '203.0.113.9', '198.51.100.2', '198.51.100.77', '8.8.8.8'
six = '2001:db8::7', 'fd99::2', 'fd99::77', '2606:4700::1'
def attempt(family, kind, protocol, address, port):
    try:
        with socket.socket(family, kind, protocol) as s:
            s.setblocking(False)
            if kind == socket.SOCK_STREAM: s.connect((address, port))
            else: s.sendto(b'out!' * 8, (address, port))
    except OSError: pass
for count in itertools.count():
    port = 1 + count % 65535
    for family, addresses, icmp in (socket.AF_INET, four, 1), (socket.AF_INET6, six, 58):
        for address in addresses:
            attempt(family, socket.SOCK_STREAM, 0, address, port)
            attempt(family, socket.SOCK_DGRAM, 0, address, port)
            for number in 47, 132, 41, 253:
                attempt(family, socket.SOCK_RAW, number, address, 0)
            if family == socket.AF_INET6: attempt(family, socket.SOCK_RAW, icmp, address, 0)
            else:
                with socket.socket(family, socket.SOCK_RAW, icmp) as s:
                    # An echo request with a number of its own.
                    body = bytes([8, 0, 0, 0, 0, 7]) + (count & 0xffff).to_bytes(2, 'big')
                    total = sum(int.from_bytes(body[i:i + 2], 'big') for i in range(0, 8, 2))
                    check = ~(total + (total >> 16)) & 0xffff
                    try: s.sendto(body[:2] + check.to_bytes(2, 'big') + body[4:], (address, 0))
                    except OSError: pass
";

#[test]
#[ignore = "end to end: needs root"]
fn threat_1_nothing_leaves_at_start_in_a_crash_on_restart_or_at_stop() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let internet = Internet::behind(&gateway.network);
    let flood = start(&gateway.network.victim, "python3", &["-c", FLOOD]);
    wait_until("without rules of ours the internet hears the victim", || internet.arrived() > 500);
    gateway.begin();
    // The gateway still asks for neighbours whom packets from before the rules were meant for.
    wait_until("it has given them up", || {
        gateway.network.gateway.shell("ip neigh show dev w0 nud incomplete").is_empty()
    });
    let before = internet.arrived();
    let goes_on = |gateway: &Gateway| {
        let sent = || packets_sent(&gateway.network);
        let enough = sent() + 2_000;
        wait_until("the victim sends on", || sent() > enough);
        assert_eq!(internet.arrived(), before);
    };
    goes_on(&gateway);
    for _ in 0..2 {
        gateway.kill();
        goes_on(&gateway);
        gateway.begin();
        goes_on(&gateway);
        gateway.stop();
        goes_on(&gateway);
        gateway.begin();
        goes_on(&gateway);
    }
    gateway.stop();
    goes_on(&gateway);
    let down = gateway.run(&["run", "--down"]);
    assert!(down.status.success(), "{down:?}");
    wait_until("without rules the internet hears it again", || internet.arrived() > before);
    drop(flood);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_1_nothing_leaves_when_only_one_of_our_processes_dies() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let internet = Internet::behind(&gateway.network);
    gateway.begin();
    let before = internet.arrived();
    let _flood = start(&gateway.network.victim, "python3", &["-c", FLOOD]);
    let server = gateway.server().to_string();
    gateway.network.gateway.shell(&format!("kill -9 {server}"));
    let ended = gateway.process().end();
    assert!(!ended.success(), "a crash is no success");
    let enough = packets_sent(&gateway.network) + 2_000;
    wait_until("the victim sends on", || packets_sent(&gateway.network) > enough);
    assert_eq!(internet.arrived(), before);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_1_nothing_leaves_when_the_keeper_alone_is_killed() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let internet = Internet::behind(&gateway.network);
    gateway.begin();
    let before = internet.arrived();
    let _flood = start(&gateway.network.victim, "python3", &["-c", FLOOD]);
    gateway.process().kill_the_first();
    // The server hears of it, commits what it has, and ends.
    gateway.database.expect("SELECT count(*) AS ends FROM run_end", &json!([{"ends": 1}]));
    let enough = packets_sent(&gateway.network) + 2_000;
    wait_until("the victim sends on", || packets_sent(&gateway.network) > enough);
    assert_eq!(internet.arrived(), before);
    gateway.begin();
    assert!(gateway.stop().success());
    assert_eq!(internet.arrived(), before);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_2_nobody_is_called_on_behalf_of_a_victim() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let internet = Internet::behind(&gateway.network);
    gateway.begin();
    let before = internet.arrived();
    python(
        &gateway.network.victim,
        r"
import socket
requests = [
    (3128, b'CONNECT 203.0.113.50:80 HTTP/1.1\r\nHost: 203.0.113.50:80\r\n\r\nGET / HTTP/1.0\r\n\r\n'),
    (8080, b'GET http://203.0.113.50/ HTTP/1.0\r\n\r\n'),
    (21, b'USER a\r\nPASS b\r\nPORT 203,0,113,50,0,80\r\nLIST\r\n'),
    (1080, b'\x05\x01\x00\x05\x01\x00\x01\xcb\x00\x71\x32\x00\x50'),
    (1080, b'\x04\x01\x00\x50\xcb\x00\x71\x32a\x00'),
    (25, b'HELO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@203.0.113.50>\r\nDATA\r\nx\r\n.\r\n'),
]
for port, said in requests:
    for address in '203.0.113.9', '2001:db8::7':
        s = socket.create_connection((address, port))
        s.sendall(said); s.shutdown(socket.SHUT_WR)
        while s.recv(65536): pass
",
    );
    gateway.database.expect(
        "SELECT count(*) AS ends FROM flow_end JOIN flow ON flow.seq = flow_end.flow
         WHERE transport = 6",
        &json!([{"ends": 12}]),
    );
    assert_eq!(internet.arrived(), before);
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_1_nothing_is_forwarded_to_the_victim_either() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &["ping"], &[]) else { return };
    let internet = Internet::behind(&gateway.network);
    let pings = |address: &str| {
        internet.namespace.try_shell(&format!("ping -c 1 -W 1 {address}")).status.success()
    };
    assert!(pings("10.66.0.2"), "without rules of ours the victim is there");
    gateway.begin();
    assert!(!pings("10.66.0.2"));
    assert!(!pings("fd66::2"));
}

#[test]
#[ignore = "end to end: needs root"]
fn threat_4_no_service_of_the_gateway_hears_a_victim() {
    let Some(mut gateway) = Gateway::prepare(SINKGATE, &[], &[]) else { return };
    let service = start(&gateway.network.gateway, "python3", &["-uc", SERVICE]);
    gateway
        .network
        .gateway
        .shell("ip addr add 192.0.2.1/32 dev lo; ip addr add 127.0.0.2/8 dev lo");
    gateway.begin();
    let knock = |gateway: &Gateway| python(&gateway.network.victim, KNOCK);
    assert_eq!(knock(&gateway).trim(), "6 connected", "to us, not to the service");
    gateway.database.expect(
        "SELECT count(*) AS calls FROM flow WHERE transport = 6 AND dst_port = 22",
        &json!([{ "calls": 6 }]),
    );
    gateway.kill();
    assert_eq!(knock(&gateway).trim(), "0 connected", "in a crash everything is closed");
    gateway.network.gateway.shell("echo 1 > /proc/sys/net/ipv4/ip_forward");
    gateway.begin();
    gateway.stop();
    assert_eq!(knock(&gateway).trim(), "0 connected", "a stop on a host that forwards closes it");
    assert_eq!(service.stop(), "ready\n", "the service heard somebody");
}

/// Listens as a resolver and SSH would, on every address, and tells what it hears.
const SERVICE: &str = r"
import select, socket
sockets = []
for kind, port in (socket.SOCK_STREAM, 22), (socket.SOCK_DGRAM, 53), (socket.SOCK_STREAM, 3306):
    s = socket.socket(socket.AF_INET6, kind)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind(('::', port))
    if kind == socket.SOCK_STREAM: s.listen()
    sockets.append(s)
print('ready')
while True:
    for s in select.select(sockets, [], [])[0]:
        print('heard', s.accept() if s.type == socket.SOCK_STREAM else s.recvfrom(9))
";

/// Calls those services under every address the gateway has, and some it has not.
const KNOCK: &str = r"
import socket, subprocess
import re
link_local = [
    line.split()[0] for line in subprocess.run(['ip', '-6', 'neigh', 'show', 'dev', 'v0'],
    capture_output=True, text=True).stdout.splitlines() if line.startswith('fe80')]
connected = 0
for address in '10.66.0.1', '192.0.2.1', '203.0.113.9', 'fd66::1', '2001:db8::7', '10.66.0.77':
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    for port in 22, 3306:
        s = socket.socket(family); s.settimeout(0.3)
        try:
            s.connect((address, port)); s.sendall(b'knock')
            connected += port == 22
        except OSError: pass
    socket.socket(family, socket.SOCK_DGRAM).sendto(b'knock', (address, 53))
print(connected, 'connected')
";

/// How many packets the victim has sent. Not from `/sys`, which shows another namespace.
fn packets_sent(network: &Network) -> u64 {
    let listing = network.victim.shell("ip -j -s link show v0");
    let listing: Value = serde_json::from_str(&listing).unwrap();
    listing[0]["stats64"]["tx"]["packets"].as_u64().unwrap()
}
