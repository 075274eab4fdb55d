//! Whom the kernel says a connection or a datagram was meant for, and who it seems to answer.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]
#![expect(clippy::disallowed_types, reason = "tests are the victim too")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use kernel::namespace::Namespace;
use kernel::sockets::{How, original_destination, tcp_listener};
use kernel::udp::{Ends, LONGEST_DATAGRAM, Replier, Reply, Taker};
use testkit::{Network, PORT, Shell, can_make_namespaces, wait_for_input, wait_until};

const PATIENCE: Duration = Duration::from_secs(5);

fn anywhere() -> SocketAddr {
    SocketAddr::from(([0_u16; 8], PORT))
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

#[test]
fn a_tcp_connection_to_any_address_and_port_keeps_whom_it_was_meant_for() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::taken();
    let listener =
        network.gateway.run_inside(|| tcp_listener(anywhere(), How::Transparent)).unwrap().unwrap();
    for target in
        ["203.0.113.9:80", "1.1.1.1:65535", "10.66.0.1:22", "[2001:db8::7]:443", "[fd66::1]:1"]
    {
        let mut client = network.victim.run_inside(|| TcpStream::connect(target)).unwrap().unwrap();
        wait_for_input(&listener);
        let (mut taken, from) = listener.accept().unwrap();
        let meant = original_destination(&taken, How::Transparent).unwrap();
        assert_eq!(meant.address(), address(target));
        assert!(["10.66.0.2", "fd66::2"].contains(&from.ip().to_canonical().to_string().as_str()));
        client.write_all(b"hello").unwrap();
        let mut heard = [0; 5];
        taken.set_nonblocking(false).unwrap();
        taken.read_exact(&mut heard).unwrap();
        taken.write_all(b"world").unwrap();
        client.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"world");
    }
}

#[test]
fn a_redirected_connection_tells_its_original_destination() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::new();
    network.gateway.shell(
        "nft 'table inet own { chain pre { type nat hook prerouting priority dstnat; \
         meta l4proto tcp redirect to :4711; }; }'",
    );
    let listener =
        network.gateway.run_inside(|| tcp_listener(anywhere(), How::Redirected)).unwrap().unwrap();
    for target in ["203.0.113.9:80", "[2001:db8::7]:443", "10.66.0.1:4711"] {
        let _client = network.victim.run_inside(|| TcpStream::connect(target)).unwrap().unwrap();
        wait_for_input(&listener);
        let (taken, _) = listener.accept().unwrap();
        let meant = original_destination(&taken, How::Redirected).unwrap();
        assert_eq!(meant.address(), address(target));
    }
}

#[test]
fn a_connection_that_nobody_redirected_was_meant_for_us() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::new();
    let listener =
        network.gateway.run_inside(|| tcp_listener(anywhere(), How::Redirected)).unwrap().unwrap();
    let target = "10.66.0.1:4711";
    let _client = network.victim.run_inside(|| TcpStream::connect(target)).unwrap().unwrap();
    wait_for_input(&listener);
    let (taken, _) = listener.accept().unwrap();
    let meant = original_destination(&taken, How::Redirected).unwrap();
    assert_eq!(meant.address(), address(target));
}

#[test]
fn workers_share_one_port() {
    if !can_make_namespaces() {
        return;
    }
    let gateway = Namespace::create().unwrap();
    gateway
        .run_inside(|| {
            let listeners = [(); 3].map(|()| tcp_listener(anywhere(), How::Transparent).unwrap());
            let takers = [(); 3].map(|()| Taker::bind(anywhere(), How::Transparent).unwrap());
            assert_eq!(listeners.len(), takers.len());
        })
        .unwrap();
}

/// A UDP server that says back what it hears, in the gateway.
struct Echo {
    taker: Taker,
    replier: Replier,
}

impl Echo {
    fn transparent(gateway: &Namespace) -> Self {
        gateway
            .run_inside(|| Self {
                taker: Taker::bind(anywhere(), How::Transparent).unwrap(),
                replier: Replier::transparent().unwrap(),
            })
            .unwrap()
    }

    /// Answers what waits, at least one datagram.
    fn answer(&mut self) -> Vec<(Ends, Vec<u8>)> {
        wait_for_input(&self.taker);
        let mut heard = Vec::new();
        self.taker.take(|datagram| heard.push((datagram.ends, datagram.bytes.to_vec()))).unwrap();
        let replies: Vec<Reply<'_>> =
            heard.iter().map(|(ends, bytes)| Reply { ends: *ends, bytes }).collect();
        let mut failed = Vec::new();
        self.replier.send_all(&replies, |_, error| failed.push(error));
        assert!(failed.is_empty(), "{failed:?}");
        heard
    }
}

fn caller(victim: &Namespace, from: &str) -> UdpSocket {
    let socket = victim.run_inside(|| UdpSocket::bind(from).unwrap()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

fn hear(socket: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut buffer = vec![0; 65_536];
    let (length, from) = socket.recv_from(&mut buffer).unwrap();
    buffer.truncate(length);
    (buffer, from)
}

#[test]
fn a_datagram_is_answered_from_the_address_it_was_meant_for() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::taken();
    let mut echo = Echo::transparent(&network.gateway);
    let targets =
        ["203.0.113.9:53", "10.66.0.1:1", "8.8.8.8:65535", "[2001:db8::7]:443", "[fd66::1]:9"];
    for target in targets.map(address) {
        let any = if target.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let socket = caller(&network.victim, any);
        // Twice: the second datagram must find the taker although the first was answered.
        for bytes in [&b"one"[..], b"", b"three"] {
            socket.send_to(bytes, target).unwrap();
            let heard = echo.answer();
            assert_eq!(heard[0].0.orig_dst.address(), target);
            assert_eq!(hear(&socket), (bytes.to_vec(), target));
        }
    }
}

#[test]
fn the_longest_datagrams_pass_whole_both_ways() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::taken();
    let mut echo = Echo::transparent(&network.gateway);
    for (from, target, length) in [
        ("0.0.0.0:0", "203.0.113.9:7", 65_507),
        ("[::]:0", "[2001:db8::7]:7", 65_507),
        ("[::]:0", "[2001:db8::7]:7", LONGEST_DATAGRAM),
    ] {
        let socket = caller(&network.victim, from);
        let sent: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
        socket.send_to(&sent, target).unwrap();
        assert_eq!(echo.answer()[0].1, sent);
        assert_eq!(hear(&socket), (sent, address(target)));
    }
}

#[test]
fn an_answer_too_long_for_a_datagram_is_an_error_and_the_others_are_sent() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::taken();
    let mut echo = Echo::transparent(&network.gateway);
    let socket = caller(&network.victim, "0.0.0.0:0");
    socket.send_to(b"?", "203.0.113.9:7").unwrap();
    let (ends, _) = echo.answer()[0].clone();
    assert_eq!(hear(&socket).0, b"?");
    let long = vec![0; 70_000];
    let nearly = &long[..65_508];
    let replies = [&b"a"[..], &long, b"b", nearly, b"c"].map(|bytes| Reply { ends, bytes });
    let mut failed = Vec::new();
    echo.replier.send_all(&replies, |index, error| failed.push((index, error.raw_os_error())));
    assert_eq!(failed, [(1, Some(90)), (3, Some(90))]);
    assert_eq!(["a", "b", "c"].map(|_| hear(&socket).0), ["a", "b", "c"].map(Vec::from));
}

#[test]
fn a_link_local_victim_is_answered() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::taken();
    let mut echo = Echo::transparent(&network.gateway);
    let of_gateway =
        network.gateway.shell("ip -6 -o addr show dev g0 scope link | grep -o 'fe80[^/]*'");
    let target = format!(
        "[{}%{}]:53",
        of_gateway.trim(),
        network
            .victim
            .shell("cat /sys/class/net/v0/ifindex || ip -o link show v0 | cut -d: -f1")
            .trim()
    );
    let socket = caller(&network.victim, "[::]:0");
    socket.send_to(b"near", address(&target)).unwrap();
    let heard = echo.answer();
    assert_ne!(heard[0].0.link, 0);
    assert_eq!(hear(&socket).0, b"near");
}

#[test]
fn a_service_of_the_gateway_on_the_same_port_does_not_stop_answers() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::taken();
    let service = network.gateway.run_inside(|| UdpSocket::bind("0.0.0.0:53").unwrap()).unwrap();
    service.set_nonblocking(true).unwrap();
    let mut echo = Echo::transparent(&network.gateway);
    let socket = caller(&network.victim, "0.0.0.0:0");
    socket.send_to(b"who?", "10.66.0.1:53").unwrap();
    echo.answer();
    assert_eq!(hear(&socket), (b"who?".to_vec(), address("10.66.0.1:53")));
    assert!(service.recv(&mut [0; 9]).is_err(), "the service heard the victim");
}

#[test]
fn without_rules_of_ours_answers_come_from_the_address_that_was_asked() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::new();
    network.gateway.shell("ip addr add 10.66.0.77/24 dev g0; ip addr add fd66::77/64 dev g0 nodad");
    let mut echo = network
        .gateway
        .run_inside(|| {
            let taker = Taker::bind(anywhere(), How::Redirected).unwrap();
            let replier = Replier::plain(&taker).unwrap();
            Echo { taker, replier }
        })
        .unwrap();
    for (from, target) in [("0.0.0.0:0", "10.66.0.77:4711"), ("[::]:0", "[fd66::77]:4711")] {
        let socket = caller(&network.victim, from);
        socket.send_to(b"plain", target).unwrap();
        echo.answer();
        assert_eq!(hear(&socket), (b"plain".to_vec(), address(target)));
    }
}

#[test]
fn datagrams_that_find_no_room_are_counted() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::taken();
    let mut taker =
        network.gateway.run_inside(|| Taker::bind(anywhere(), How::Transparent)).unwrap().unwrap();
    let socket = caller(&network.victim, "0.0.0.0:0");
    let room = taker.receive_buffer().unwrap();
    let sent = room / 1_000;
    for _ in 0..sent {
        socket.send_to(&[7; 1_400], "203.0.113.9:9").unwrap();
    }
    let (mut taken, mut lost) = (0, 0);
    wait_until("every datagram is taken or counted as lost", || {
        while let Ok(some) = taker.take(|datagram| assert_eq!(datagram.bytes, [7; 1_400])) {
            taken += some.count;
            lost = some.lost_total;
        }
        taken + usize::try_from(lost).unwrap() == sent
    });
    assert!(lost > 0, "the test sent too little: {taken} fitted into {room} bytes");
}

#[test]
fn what_is_written_to_an_accepted_connection_leaves_at_once() {
    let listener = tcp_listener(address("127.0.0.1:0"), How::Redirected).unwrap();
    let _victim = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    wait_for_input(&listener);
    let (accepted, _) = listener.accept().unwrap();
    assert!(accepted.nodelay().unwrap());
}
