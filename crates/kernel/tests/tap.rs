//! What the tap sees of a victim, and what it leaves to sockets.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]
#![expect(clippy::disallowed_types, reason = "tests are the victim too")]

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::os::fd::AsFd;

use kernel::interface::Interface;
use kernel::namespace::Namespace;
use kernel::sockets::{How, tcp_listener};
use kernel::tap::{Shape, Tap, Way};
use kernel::udp::Taker;
use model::Transport;
use socket2::{Domain, Protocol, Socket, Type};
use testkit::packets::send;
use testkit::programs::are_installed;
use testkit::{Network, PORT, Shell, can_make_namespaces, wait_for_input, wait_until};

/// A packet as the tap told it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    victim: String,
    orig_dst: String,
    transport: Transport,
    way: Way,
    shape: Shape,
    bytes: Vec<u8>,
}

/// A tap on the gateway of a network that has our rules, and what it saw. Upkeep of the link is
/// left out: it comes whenever the kernel likes.
struct Watch {
    network: Network,
    tap: Tap,
    seen: Vec<Seen>,
}

impl Watch {
    fn new() -> Self {
        let network = Network::taken();
        let tap = tap_on(&network.gateway, &["g0"]);
        Self { network, tap, seen: Vec::new() }
    }

    fn look(&mut self) {
        let seen = &mut self.seen;
        let taken = self.tap.take(|packet| {
            if !packet.is_link_upkeep {
                seen.push(Seen {
                    victim: packet.victim.to_string(),
                    orig_dst: packet.orig_dst.to_string(),
                    transport: packet.transport,
                    way: packet.way,
                    shape: packet.shape,
                    bytes: packet.bytes.to_vec(),
                });
            }
        });
        match taken {
            Ok(taken) => assert_eq!(taken.lost_total, 0),
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}"),
        }
    }

    /// Waits until something is seen that `is_it`, and gives it.
    fn until(&mut self, is_it: impl Fn(&Seen) -> bool) -> Seen {
        while !self.seen.iter().any(&is_it) {
            wait_for_input(&self.tap);
            self.look();
        }
        self.seen.iter().find(|seen| is_it(seen)).cloned().unwrap()
    }

    /// Everything seen, up to a packet that is sent now.
    fn everything(mut self) -> Vec<Seen> {
        send(&self.network.victim, 99, "203.0.113.99", b"the last");
        self.until(|seen| seen.transport == Transport::Other(99));
        self.seen.retain(|seen| seen.transport != Transport::Other(99));
        self.seen
    }
}

fn tap_on(gateway: &Namespace, names: &[&str]) -> Tap {
    let interfaces: Vec<Interface> =
        names.iter().map(|name| Interface::new(name).unwrap()).collect();
    gateway.run_inside(|| Tap::open(&interfaces)).unwrap().unwrap()
}

/// Sends a frame of the link as it is written, in hexadecimal, after the two hardware addresses.
fn frame(network: &Network, rest: &str) {
    let of_gateway = network.gateway.shell("cat /sys/class/net/g0/address || ip -br link show g0");
    let hardware = of_gateway.split_whitespace().find(|word| word.matches(':').count() == 5);
    let to = hardware.unwrap().replace(':', "");
    let frame = format!("{to}020000000002{rest}");
    network.victim.shell(&format!(
        "python3 -c '
import socket
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((\"v0\", 0))
link.send(bytes.fromhex(\"{frame}\"))'"
    ));
}

#[test]
fn a_ping_and_its_answer_are_seen() {
    if !can_make_namespaces() || !are_installed(&["ping"]) {
        return;
    }
    for (target, victim, transport) in [
        ("203.0.113.9", "10.66.0.2:0", Transport::Icmp),
        ("10.66.0.1", "10.66.0.2:0", Transport::Icmp),
        ("2001:db8::7", "[fd66::2]:0", Transport::Icmp6),
    ] {
        let mut watch = Watch::new();
        watch.network.victim.shell(&format!("ping -c 1 -W 5 -p 736967 {target}"));
        let answer = watch.until(|seen| seen.way == Way::ToVictim);
        let seen = watch.everything();
        let asked = &seen[0];
        assert_eq!(seen.len(), 2, "{seen:?}");
        for one in [asked, &answer] {
            assert_eq!((one.victim.as_str(), one.transport), (victim, transport));
            assert_eq!(one.orig_dst, SocketAddr::new(target.parse().unwrap(), 0).to_string());
            assert!(one.bytes.windows(6).any(|bytes| bytes == b"sigsig"));
        }
        assert_eq!(asked.way, Way::FromVictim);
    }
}

#[test]
fn every_other_protocol_is_seen() {
    if !can_make_namespaces() {
        return;
    }
    let watch = Watch::new();
    for target in ["203.0.113.9", "10.66.0.1", "2001:db8::7"] {
        for number in [2, 4, 47, 50, 132, 136, 253] {
            send(&watch.network.victim, number, target, b"sixteen bytes, no");
        }
    }
    let seen = watch.everything();
    let numbers: Vec<u8> = seen.iter().map(|seen| seen.transport.number()).collect();
    assert_eq!(numbers, [2, 4, 47, 50, 132, 136, 253].repeat(3));
    assert!(seen.iter().all(|seen| seen.bytes == b"sixteen bytes, no"), "{seen:?}");
    assert!(seen.iter().all(|seen| seen.way == Way::FromVictim), "nothing answered: {seen:?}");
}

#[test]
fn udp_to_groups_and_to_everybody_is_seen_with_its_ports() {
    if !can_make_namespaces() {
        return;
    }
    let targets = ["239.255.255.250:1900", "255.255.255.255:67", "10.66.0.255:137"];
    let watch = Watch::new();
    let link = watch.network.victim.shell("ip -o link show v0");
    let link: u32 = link.split(':').next().unwrap().parse().unwrap();
    let socket = watch.network.victim.run_inside(|| UdpSocket::bind("0.0.0.0:5000")).unwrap();
    let socket = socket.unwrap();
    socket.set_broadcast(true).unwrap();
    for target in targets {
        // 10.66.0.2 is the only way out; the broadcast address needs to be told.
        socket2::SockRef::from(&socket).bind_device(Some(b"v0")).unwrap();
        socket.send_to(b"anybody?", target).unwrap();
    }
    let six = watch.network.victim.run_inside(|| UdpSocket::bind("[::]:5000")).unwrap();
    let six =
        six.or_else(|_| watch.network.victim.run_inside(|| UdpSocket::bind("[::]:0")).unwrap());
    let six = six.unwrap();
    six.send_to(b"anybody?", format!("[ff02::fb%{link}]:5353")).unwrap();
    let seen = watch.everything();
    let meant: Vec<&str> = seen.iter().map(|seen| seen.orig_dst.as_str()).collect();
    assert_eq!(meant, [&targets[..], &["[ff02::fb]:5353"]].concat());
    assert!(seen.iter().all(|seen| seen.transport == Transport::Udp));
    assert!(seen.iter().all(|seen| seen.bytes == b"anybody?"));
    assert!(seen[..3].iter().all(|seen| seen.victim == "10.66.0.2:5000"), "{seen:?}");
}

#[test]
fn tcp_and_udp_to_one_machine_are_left_to_sockets() {
    if !can_make_namespaces() {
        return;
    }
    let watch = Watch::new();
    let Network { gateway, victim } = &watch.network;
    let anywhere = SocketAddr::from(([0_u16; 8], PORT));
    let open = || {
        let listener = tcp_listener(anywhere, How::Transparent).unwrap();
        (listener, Taker::bind(anywhere, How::Transparent).unwrap())
    };
    let (_listener, mut taker) = gateway.run_inside(open).unwrap();
    for target in ["203.0.113.9:53", "[2001:db8::7]:53"] {
        victim.run_inside(|| TcpStream::connect(target)).unwrap().unwrap();
        let any = if target.starts_with('[') { "[::]:0" } else { "0.0.0.0:0" };
        let socket = victim.run_inside(|| UdpSocket::bind(any)).unwrap().unwrap();
        // The long one arrives in fragments.
        for length in [5, 9_000] {
            socket.send_to(&vec![7; length], target).unwrap();
            wait_for_input(&taker);
            taker.take(|datagram| assert_eq!(datagram.bytes, vec![7; length])).unwrap();
        }
    }
    assert_eq!(watch.everything(), []);
}

#[test]
fn fragments_are_seen_one_by_one() {
    if !can_make_namespaces() {
        return;
    }
    let watch = Watch::new();
    send(&watch.network.victim, 47, "203.0.113.9", &[7; 4_000]);
    send(&watch.network.victim, 47, "2001:db8::7", &[7; 4_000]);
    let seen = watch.everything();
    let shapes: Vec<Shape> = seen.iter().map(|seen| seen.shape).collect();
    let (first, later) = (Shape::FirstFragment, Shape::LaterFragment);
    assert_eq!(shapes, [first, later, later].repeat(2));
    let total: usize = seen.iter().map(|seen| seen.bytes.len()).sum();
    assert_eq!(total, 8_000);
}

#[test]
fn a_packet_as_long_as_they_get_is_seen_whole() {
    if !can_make_namespaces() {
        return;
    }
    let watch = Watch::new();
    watch.network.victim.shell("ip link set v0 mtu 65535");
    watch.network.gateway.shell("ip link set g0 mtu 65535");
    send(&watch.network.victim, 47, "203.0.113.9", &[7; 65_515]);
    send(&watch.network.victim, 47, "2001:db8::7", &[7; 65_495]);
    let seen = watch.everything();
    let lengths: Vec<usize> = seen.iter().map(|seen| seen.bytes.len()).collect();
    assert_eq!(lengths, [65_515, 65_495]);
    assert!(seen.iter().all(|seen| seen.shape == Shape::Whole));
}

#[test]
fn tagged_and_broken_packets_are_seen() {
    if !can_make_namespaces() || !are_installed(&["python3"]) {
        return;
    }
    let watch = Watch::new();
    let gre = "450000190000000040 2f0000 0a420002 cb007109 6772652121".replace(' ', "");
    frame(&watch.network, &format!("0800{gre}"));
    frame(&watch.network, &format!("810000070800{gre}"));
    frame(&watch.network, &format!("88a80008810000070800{gre}"));
    let liar = gre.replacen("45000019", "4f000019", 1);
    frame(&watch.network, &format!("0800{liar}"));
    frame(&watch.network, "0806ffffffffffffffffffffffffffffffffffff");
    let seen = watch.everything();
    let shapes: Vec<Shape> = seen.iter().map(|seen| seen.shape).collect();
    assert_eq!(shapes, [Shape::Whole, Shape::Whole, Shape::Whole, Shape::Broken], "{seen:?}");
    assert!(seen.iter().all(|seen| seen.transport == Transport::Other(47)));
    assert!(seen.iter().all(|seen| seen.orig_dst == "203.0.113.9:0"));
    assert!(seen.iter().all(|seen| seen.bytes.starts_with(b"gre!!")), "{seen:?}");
}

#[test]
fn several_interfaces_share_one_tap_and_others_are_not_seen() {
    if !can_make_namespaces() {
        return;
    }
    let gateway = Namespace::create().unwrap();
    let victims = [0, 1, 2].map(|index| {
        let victim = Namespace::create().unwrap();
        testkit::cable(&gateway, &format!("g{index}"), &victim, "v0");
        gateway.shell(&format!("ip link set g{index} up"));
        victim.shell(&format!(
            "ip addr add 10.66.{index}.2/24 dev v0; ip link set v0 up; \
             ip neigh add 10.66.{index}.1 lladdr ff:ff:ff:ff:ff:ff dev v0"
        ));
        victim
    });
    let mut tap = tap_on(&gateway, &["g0", "g1"]);
    assert_eq!(tap.take(|_| ()).unwrap_err().kind(), ErrorKind::WouldBlock);
    for (index, victim) in victims.iter().enumerate().rev() {
        send(victim, 47, &format!("10.66.{index}.1"), b"gre");
    }
    let mut seen = Vec::new();
    wait_until("both are seen", || {
        let _ = tap.take(|packet| {
            if packet.transport == Transport::Other(47) {
                seen.push((packet.victim.ip(), packet.link));
            }
        });
        seen.len() == 2
    });
    seen.sort_unstable();
    let victims: Vec<_> = seen.iter().map(|(victim, _)| *victim).collect();
    assert_eq!(victims, [Ipv4Addr::new(10, 66, 0, 2), Ipv4Addr::new(10, 66, 1, 2)]);
    assert_ne!(seen[0].1, seen[1].1);
}

#[test]
fn an_interface_that_comes_back_up_is_tapped_again() {
    if !can_make_namespaces() {
        return;
    }
    let watch = Watch::new();
    watch.network.gateway.shell("ip link set g0 down; ip link set g0 up");
    wait_until("the link is up", || {
        watch.network.victim.shell("ip -br link show v0").contains("LOWER_UP")
    });
    assert_eq!(watch.everything(), []);
}

#[test]
fn an_interface_that_is_not_there_is_named() {
    if !can_make_namespaces() {
        return;
    }
    let gateway = Namespace::create().unwrap();
    let missing = [Interface::new("nowhere0").unwrap()];
    let error = gateway.run_inside(|| Tap::open(&missing).map(drop)).unwrap().unwrap_err();
    assert_eq!(error.to_string(), "cannot tap the interface nowhere0: find it");
}

#[test]
fn packets_that_find_no_room_are_counted() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::taken();
    let mut tap = tap_on(&network.gateway, &["g0"]);
    while tap.take(|_| ()).is_ok() {}
    let address = SocketAddr::from((Ipv4Addr::new(203, 0, 113, 9), 0)).into();
    let open = || Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::from(47))).unwrap();
    let socket = network.victim.run_inside(open).unwrap();
    let sent = 10_000;
    for _ in 0..sent {
        socket.send_to(&[7; 1_400], &address).unwrap();
    }
    let (mut taken, mut lost) = (0, 0);
    wait_until("every packet is taken or counted as lost", || {
        while let Ok(some) = tap.take(|packet| {
            taken += u64::from(packet.transport == Transport::Other(47));
        }) {
            lost = some.lost_total;
        }
        taken + lost >= sent
    });
    assert!(lost > 0, "the test sent too little: {taken} fitted");
    assert!(tap.as_fd().try_clone_to_owned().is_ok());
}
