//! What the rules and routes let through: nothing to the internet, nothing to the gateway.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};

use kernel::interface::Interface;
use kernel::namespace::Namespace;
use kernel::routes;
use kernel::rules::{self, Form, RuleSettings, Weight};
use kernel::sockets::{How, tcp_listener};
use kernel::tap::Tap;
use kernel::udp::{Replier, Reply, Taker};
use model::Transport;
use testkit::packets::{WITH_HEADER, knock, send};
use testkit::programs::{are_installed, run};
use testkit::{
    Internet, Network, PORT, Shell, can_make_namespaces, settings, wait_for_input, wait_until,
};

/// One way to say something to the internet.
type Attempt = (&'static str, fn(&Namespace));

/// Every way that a gateway without rules would forward.
const ATTEMPTS: &[Attempt] = &[
    ("TCP", |victim| drop(knock(victim, "203.0.113.9:80"))),
    ("TCP over IPv6", |victim| drop(knock(victim, "[2001:db8::7]:443"))),
    ("UDP", |victim| datagram(victim, "203.0.113.9:53", 40)),
    ("UDP over IPv6", |victim| datagram(victim, "[2001:db8::7]:53", 40)),
    ("UDP in fragments", |victim| datagram(victim, "203.0.113.9:53", 4_000)),
    ("UDP over IPv6 in fragments", |victim| datagram(victim, "[2001:db8::7]:53", 4_000)),
    ("UDP to a reserved address", |victim| datagram(victim, "240.0.0.1:53", 40)),
    ("UDP to the gateway's neighbour", |victim| datagram(victim, "198.51.100.2:53", 40)),
    ("echo", |victim| send(victim, 1, "203.0.113.9", &echo_request(8))),
    ("echo over IPv6", |victim| send(victim, 58, "2001:db8::7", &echo_request(128))),
    ("an ICMP error", |victim| send(victim, 1, "203.0.113.9", &[3, 1, 0xfc, 0xfe, 0, 0, 0, 0])),
    ("IP in IP", |victim| send(victim, 4, "203.0.113.9", &[0x45; 40])),
    ("GRE", |victim| send(victim, 47, "203.0.113.9", &[7; 40])),
    ("GRE over IPv6", |victim| send(victim, 47, "2001:db8::7", &[7; 40])),
    ("ESP", |victim| send(victim, 50, "203.0.113.9", &[7; 40])),
    ("SCTP", |victim| send(victim, 132, "203.0.113.9", &[7; 40])),
    ("SCTP over IPv6", |victim| send(victim, 132, "2001:db8::7", &[7; 40])),
    ("UDP-Lite", |victim| send(victim, 136, "203.0.113.9", &[7; 40])),
    ("an unheard-of protocol", |victim| send(victim, 253, "203.0.113.9", &[7; 40])),
    ("a source that is another's", |victim| {
        send(victim, WITH_HEADER, "203.0.113.9", &header(17, [198, 51, 100, 77]));
    }),
    ("a source on the internet", |victim| {
        send(victim, WITH_HEADER, "203.0.113.9", &header(47, [192, 0, 2, 1]));
    }),
];

fn datagram(victim: &Namespace, to: &str, length: usize) {
    let any = if to.starts_with('[') { "[::]:0" } else { "0.0.0.0:0" };
    let socket = victim.run_inside(|| UdpSocket::bind(any)).unwrap().unwrap();
    socket.send_to(&vec![7; length], to).unwrap();
}

/// With the checksum that IPv4 wants; that of IPv6 is the kernel's affair.
fn echo_request(kind: u8) -> [u8; 8] {
    [kind, 0, 0xf7, 0xfd, 0, 1, 0, 1]
}

/// An IPv4 packet to 203.0.113.9, ports 7 and 8; the kernel writes its lengths and checksum.
fn header(protocol: u8, source: [u8; 4]) -> Vec<u8> {
    let start = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0];
    [&start[..], &source, &[203, 0, 113, 9], &[0, 7, 0, 8, 0, 9, 0, 0, 7]].concat()
}

/// A victim, a gateway that forwards, and an internet that must not hear of the victim.
struct World {
    network: Network,
    internet: Internet,
    tap: Tap,
}

impl World {
    fn new() -> Self {
        let network = Network::new();
        let internet = Internet::behind(&network);
        let tap = || Tap::open(&settings().interfaces).unwrap();
        let tap = network.gateway.run_inside(tap).unwrap();
        Self { network, internet, tap }
    }

    fn in_gateway(&self, task: impl FnOnce() + Send) {
        self.network.gateway.run_inside(task).unwrap();
    }

    fn attempt_everything(&self) {
        for (_, attempt) in ATTEMPTS {
            attempt(&self.network.victim);
        }
    }

    /// How many packets the internet heard once the gateway has dealt with all of the victim's.
    fn heard(&mut self) -> u64 {
        // Makes room: a tap that is full would not see the last packet.
        while self.tap.take(|_| ()).is_ok() {}
        send(&self.network.victim, 254, "203.0.113.9", b"the last");
        let mut is_last = false;
        while !is_last {
            wait_for_input(&self.tap);
            let _ = self.tap.take(|packet| is_last |= packet.transport == Transport::Other(254));
        }
        self.internet.arrived()
    }
}

fn open() {
    rules::apply(&settings(), Form::Open).unwrap();
}

fn close() {
    rules::apply(&settings(), Form::Closed).unwrap();
}

fn route() {
    routes::apply(&settings().interfaces).unwrap();
}

#[test]
fn without_rules_every_attempt_reaches_the_internet() {
    if !can_make_namespaces() {
        return;
    }
    let world = World::new();
    for (name, attempt) in ATTEMPTS {
        let before = world.internet.arrived();
        attempt(&world.network.victim);
        wait_until(name, || world.internet.arrived() > before);
    }
}

#[test]
fn threat_1_nothing_passes_while_nobody_listens() {
    if !can_make_namespaces() {
        return;
    }
    let mut world = World::new();
    world.in_gateway(testkit::open);
    world.attempt_everything();
    assert_eq!(world.heard(), 0);
}

#[test]
fn threat_1_nothing_passes_while_somebody_listens() {
    if !can_make_namespaces() {
        return;
    }
    let mut world = World::new();
    world.in_gateway(testkit::open);
    let _ours = Ours::open(&world.network.gateway);
    world.attempt_everything();
    assert_eq!(world.heard(), 0);
}

#[test]
fn threat_1_nothing_passes_before_the_routes_are_there_or_after_they_went() {
    if !can_make_namespaces() {
        return;
    }
    let mut world = World::new();
    world.in_gateway(open);
    world.attempt_everything();
    assert_eq!(world.heard(), 0);
}

#[test]
fn threat_1_nothing_passes_after_a_stop_of_a_gateway_that_forwards() {
    if !can_make_namespaces() {
        return;
    }
    let mut world = World::new();
    world.in_gateway(testkit::open);
    world.in_gateway(|| {
        close();
        routes::remove().unwrap();
    });
    world.attempt_everything();
    assert_eq!(world.heard(), 0);
}

#[test]
fn threat_1_nothing_passes_although_somebody_flushed_all_rules() {
    if !can_make_namespaces() {
        return;
    }
    let mut world = World::new();
    world.in_gateway(testkit::open);
    world.network.gateway.shell("nft flush ruleset");
    world.attempt_everything();
    assert_eq!(world.heard(), 0);
}

#[test]
fn threat_1_nothing_passes_while_rules_are_replaced() {
    if !can_make_namespaces() {
        return;
    }
    let mut world = World::new();
    world.in_gateway(open);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            world.in_gateway(|| {
                for _ in 0..10 {
                    close();
                    open();
                }
            });
            done.store(true, Ordering::Release);
        });
        while !done.load(Ordering::Acquire) {
            world.attempt_everything();
        }
    });
    assert_eq!(world.heard(), 0);
}

#[test]
fn threat_1_a_route_in_the_packet_leads_nowhere() {
    if !can_make_namespaces() {
        return;
    }
    let mut world = World::new();
    world.network.gateway.shell("echo 1 | tee /proc/sys/net/ipv4/conf/*/accept_source_route");
    // To the gateway, "and then to 203.0.113.9" (RFC 791, loose source and record route).
    let start = [0x47, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 66, 0, 2, 10, 66, 0, 1];
    let route = [0x83, 7, 4, 203, 0, 113, 9, 0];
    let packet = [&start[..], &route, &[0, 7, 0, 8, 0, 9, 0, 0, 7]].concat();
    send(&world.network.victim, WITH_HEADER, "10.66.0.1", &packet);
    wait_until("the gateway follows the route", || world.internet.arrived() == 1);
    world.in_gateway(testkit::open);
    send(&world.network.victim, WITH_HEADER, "10.66.0.1", &packet);
    assert_eq!(world.heard(), 1);
    let _ours = Ours::open(&world.network.gateway);
    send(&world.network.victim, WITH_HEADER, "10.66.0.1", &packet);
    assert_eq!(world.heard(), 1);
}

#[test]
fn threat_1_an_answer_takes_no_other_way_when_the_victims_interface_is_gone() {
    if !can_make_namespaces() {
        return;
    }
    let world = World::new();
    world.in_gateway(testkit::open);
    let mut ours = Ours::open(&world.network.gateway);
    datagram(&world.network.victim, "203.0.113.9:53", 5);
    wait_for_input(&ours.taker);
    let mut ends = None;
    ours.taker.take(|datagram| ends = Some(datagram.ends)).unwrap();
    world.network.gateway.shell("ip link del g0");
    let reply = Reply { ends: ends.unwrap(), bytes: b"too late" };
    let mut failed = 0;
    ours.replier.send_all(&[reply], |_, _| failed += 1);
    assert_eq!(failed, 1, "the rules drop it, and the kernel says so");
    world.network.gateway.shell("ping -c 1 -W 5 198.51.100.2");
    assert_eq!(world.internet.arrived(), 1, "the gateway's own ping and nothing else");
}

/// Our sockets, as the engine opens them.
struct Ours {
    listener: TcpListener,
    taker: Taker,
    replier: Replier,
}

impl Ours {
    fn open(gateway: &Namespace) -> Self {
        let anywhere = SocketAddr::from(([0_u16; 8], PORT));
        let open = || Self {
            listener: tcp_listener(anywhere, How::Transparent).unwrap(),
            taker: Taker::bind(anywhere, How::Transparent).unwrap(),
            replier: Replier::transparent().unwrap(),
        };
        gateway.run_inside(open).unwrap()
    }

    /// Waits until they have heard one connection and one datagram.
    fn hear(&mut self) {
        wait_for_input(&self.listener);
        self.listener.accept().unwrap();
        wait_for_input(&self.taker);
        while self.taker.take(|_| ()).is_ok() {}
    }
}

/// Services of the gateway's own.
struct Services {
    tcp: TcpListener,
    udp: UdpSocket,
}

impl Services {
    fn start(gateway: &Namespace) -> Self {
        let start = || (TcpListener::bind("[::]:22").unwrap(), UdpSocket::bind("[::]:22").unwrap());
        let (tcp, udp) = gateway.run_inside(start).unwrap();
        tcp.set_nonblocking(true).unwrap();
        udp.set_nonblocking(true).unwrap();
        Self { tcp, udp }
    }

    fn have_heard(&self) -> bool {
        self.tcp.accept().is_ok() || self.udp.recv(&mut [0; 9]).is_ok()
    }
}

/// Every address of the gateway's that a victim can send to.
fn addresses_of_the_gateway(world: &World) -> Vec<String> {
    let link = world.network.victim.shell("ip -o link show v0");
    let link = link.split(':').next().unwrap().to_owned();
    let local = world.network.gateway.shell("ip -6 -o addr show dev g0 scope link");
    let local = local.split_whitespace().find_map(|word| word.split_once('/')).unwrap().0;
    let local = format!("[{local}%{link}]:22");
    let others = ["10.66.0.1:22", "[fd66::1]:22", "198.51.100.1:22", "[fd99::1]:22"];
    others.into_iter().map(str::to_owned).chain([local]).collect()
}

fn call(victim: &Namespace, at: &str) -> socket2::Socket {
    datagram(victim, at, 5);
    knock(victim, at)
}

#[test]
fn without_rules_a_victim_reaches_services_of_the_gateway() {
    if !can_make_namespaces() {
        return;
    }
    let world = World::new();
    let services = Services::start(&world.network.gateway);
    for address in addresses_of_the_gateway(&world) {
        let _calling = call(&world.network.victim, &address);
        wait_until(&address, || services.tcp.accept().is_ok());
        wait_until(&address, || services.udp.recv(&mut [0; 9]).is_ok());
    }
}

#[test]
fn threat_4_a_victim_that_calls_the_gateway_reaches_us_and_no_service() {
    if !can_make_namespaces() {
        return;
    }
    let mut world = World::new();
    let services = Services::start(&world.network.gateway);
    world.in_gateway(testkit::open);
    let mut ours = Ours::open(&world.network.gateway);
    for address in addresses_of_the_gateway(&world) {
        let _calling = call(&world.network.victim, &address);
        ours.hear();
        assert!(!services.have_heard(), "{address}");
    }
    assert_eq!(world.heard(), 0);
}

#[test]
fn threat_4_a_victim_reaches_no_service_while_we_are_not_there() {
    if !can_make_namespaces() {
        return;
    }
    let mut world = World::new();
    let services = Services::start(&world.network.gateway);
    let states: [fn(); 4] = [open, route, close, || routes::remove().unwrap()];
    for state in states {
        world.in_gateway(state);
        let addresses = addresses_of_the_gateway(&world);
        let calls: Vec<_> =
            addresses.iter().map(|address| call(&world.network.victim, address)).collect();
        assert_eq!(world.heard(), 0);
        assert!(!services.have_heard());
        drop(calls);
    }
}

#[test]
fn our_port_is_for_victims_only() {
    if !can_make_namespaces() {
        return;
    }
    let world = World::new();
    world.in_gateway(testkit::open);
    let mut ours = Ours::open(&world.network.gateway);
    let refused = world.network.gateway.run_inside(|| {
        let listener = TcpListener::bind("[::]:23").unwrap();
        listener.set_nonblocking(true).unwrap();
        listener
    });
    let other = refused.unwrap();
    for address in ["198.51.100.1", "[fd99::1]"] {
        let _knocking = call(&world.internet.namespace, &format!("{address}:{PORT}"));
        // What is heard at another port came later than what our port did not hear.
        let _after = knock(&world.internet.namespace, &format!("{address}:23"));
        wait_until("the other port hears", || other.accept().is_ok());
        assert!(ours.listener.accept().is_err());
        assert!(ours.taker.take(|_| ()).is_err());
    }
}

#[test]
fn every_ping_is_answered() {
    if !can_make_namespaces() || !are_installed(&["ping"]) {
        return;
    }
    let mut world = World::new();
    world.in_gateway(testkit::open);
    for target in [
        "203.0.113.9",
        "1.1.1.1",
        "192.168.1.1",
        "198.51.100.2",
        "10.66.0.1",
        "240.0.0.1",
        "2001:db8::7",
        "2606:4700::1111",
        "fd99::2",
        "fd66::1",
    ] {
        let outcome = run(&world.network.victim, "ping", &["-c", "1", "-W", "5", target]);
        assert!(outcome.status.success(), "{target}: {outcome:?}");
        assert!(outcome.stdout.contains(&format!("from {target}:")), "{outcome:?}");
    }
    assert_eq!(world.heard(), 0);
}

#[test]
fn rules_come_and_go_whatever_was_there() {
    if !can_make_namespaces() {
        return;
    }
    let gateway = Namespace::create().unwrap();
    let change = || {
        assert!(!rules::are_present().unwrap());
        rules::remove().unwrap();
        for form in [Form::Closed, Form::Open, Form::Open, Form::Closed] {
            rules::apply(&settings(), form).unwrap();
            assert!(rules::are_present().unwrap());
        }
        rules::remove().unwrap();
        assert!(!rules::are_present().unwrap());
    };
    gateway.run_inside(change).unwrap();
    assert_eq!(gateway.shell("nft list ruleset"), "");
}

#[test]
fn the_kernel_takes_every_chain_for_any_number_of_interfaces() {
    if !can_make_namespaces() {
        return;
    }
    let gateway = Namespace::create().unwrap();
    gateway.shell("ip link set lo up");
    let names = ["g0", "eth0.100", "br-1a2b", "wg_0", "a@b", "v:1"];
    let interfaces = names.map(|name| Interface::new(name).unwrap()).to_vec();
    for count in 1..=interfaces.len() {
        let settings = RuleSettings { interfaces: interfaces[..count].to_vec(), ..settings() };
        gateway.run_inside(|| rules::apply(&settings, Form::Open).unwrap()).unwrap();
        gateway.run_inside(|| routes::apply(&settings.interfaces).unwrap()).unwrap();
        let listed = gateway.shell("nft list table inet sinkgate");
        let written = rules::text(&settings, Form::Open);
        let chains = |text: &str| -> Vec<String> {
            let lines = text.lines().map(str::trim);
            lines.filter(|line| line.starts_with("chain ")).map(str::to_owned).collect()
        };
        assert_eq!(chains(&listed), chains(&written));
        assert_eq!(gateway.shell("ip rule show pref 1516").lines().count(), count);
    }
}

#[test]
fn rules_that_are_refused_leave_the_old_ones() {
    if !can_make_namespaces() {
        return;
    }
    let gateway = Namespace::create().unwrap();
    gateway.run_inside(open).unwrap();
    let before = gateway.shell("nft list ruleset");
    let nonsense = RuleSettings { interfaces: Vec::new(), ..settings() };
    let error = gateway.run_inside(|| rules::apply(&nonsense, Form::Open).unwrap_err()).unwrap();
    assert!(error.to_string().starts_with("`nft -f -` refused: "), "{error}");
    assert_eq!(gateway.shell("nft list ruleset"), before);
}

#[test]
fn routes_come_and_go_whatever_was_there() {
    if !can_make_namespaces() {
        return;
    }
    let gateway = Namespace::create().unwrap();
    gateway.shell("ip link set lo up");
    let before = gateway.shell("ip rule; ip -6 rule");
    let change = || {
        assert!(!routes::are_present().unwrap());
        routes::remove().unwrap();
        route();
        route();
        assert!(routes::are_present().unwrap());
    };
    gateway.run_inside(change).unwrap();
    assert_eq!(gateway.shell("ip rule show pref 1516").lines().count(), 1);
    assert_eq!(gateway.shell("ip -6 rule show pref 1516").lines().count(), 1);
    let forget = || {
        routes::remove().unwrap();
        assert!(!routes::are_present().unwrap());
    };
    gateway.run_inside(forget).unwrap();
    assert_eq!(gateway.shell("ip rule; ip -6 rule"), before);
}

#[test]
fn a_firewall_in_the_way_is_found() {
    if !can_make_namespaces() {
        return;
    }
    let gateway = Namespace::create().unwrap();
    gateway.run_inside(open).unwrap();
    let conflicts = || rules::conflicts(&settings()).unwrap();
    assert_eq!(gateway.run_inside(conflicts).unwrap(), []);
    gateway.shell(
        "nft 'table inet firewall { chain input { \
         type filter hook input priority filter; policy drop; ct state established accept; }; }'",
    );
    let found = gateway.run_inside(conflicts).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].weight, Weight::Defeats);
}
