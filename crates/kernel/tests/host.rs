//! What is found out about a host.

use std::net::{SocketAddr, TcpListener, UdpSocket};

use kernel::host::{SshError, addresses, check_port, forwards, interface_exists, ssh_interface};
use kernel::interface::Interface;
use kernel::namespace::Namespace;
use kernel::sockets::{How, tcp_listener};
use kernel::udp::Taker;
use testkit::{Internet, Network, PORT, Shell, can_make_namespaces};

const NOBODY_FORWARDS: &str = "for each in /proc/sys/net/ipv?/conf/*/forwarding; do \
                               echo 0 > $each; done";

#[test]
fn forwarding_of_any_kind_is_noticed() {
    if !can_make_namespaces() {
        return;
    }
    for switch in ["ipv4/ip_forward", "ipv6/conf/all/forwarding", "ipv4/conf/lo/forwarding"] {
        let host = Namespace::create().unwrap();
        host.shell(NOBODY_FORWARDS);
        assert!(!host.run_inside(forwards).unwrap());
        host.shell(&format!("echo 1 > /proc/sys/net/{switch}"));
        assert!(host.run_inside(forwards).unwrap(), "{switch}");
    }
}

#[test]
fn interfaces_are_known_by_the_name_that_rules_know() {
    if !can_make_namespaces() {
        return;
    }
    let host = Namespace::create().unwrap();
    host.shell("ip link add g0 type veth; ip link property add dev g0 altname other0");
    for (name, exists) in [("g0", true), ("lo", true), ("other0", false), ("g1", false)] {
        let interface = Interface::new(name).unwrap();
        assert_eq!(host.run_inside(|| interface_exists(&interface).unwrap()).unwrap(), exists);
    }
}

#[test]
fn an_interface_has_the_addresses_it_was_given() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::new();
    let found = |name: &str| {
        let interface = Interface::new(name).unwrap();
        let found = network.gateway.run_inside(|| addresses(&interface).unwrap()).unwrap();
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(found("g0").contains(&"10.66.0.1".to_owned()), "{:?}", found("g0"));
    assert!(found("g0").contains(&"fd66::1".to_owned()), "{:?}", found("g0"));
    assert!(!found("lo").contains(&"10.66.0.1".to_owned()));
    assert!(found("g1").is_empty());
}

#[test]
fn a_port_that_anybody_has_is_taken() {
    if !can_make_namespaces() {
        return;
    }
    let host = Namespace::create().unwrap();
    let check = || host.run_inside(|| check_port(PORT)).unwrap();
    assert!(check().is_ok());
    let at = |address: &str| -> SocketAddr { format!("{address}:{PORT}").parse().unwrap() };
    host.shell("ip link set lo up");
    for (address, found) in [("127.0.0.1", "0.0.0.0"), ("[::1]", "[::]")] {
        let _tcp = host.run_inside(|| TcpListener::bind(at(address)).unwrap()).unwrap();
        let error = check().unwrap_err().to_string();
        assert_eq!(error, format!("cannot listen on {found}:{PORT} (TCP)"));
    }
    for (address, found) in [("127.0.0.1", "0.0.0.0"), ("[::1]", "[::]")] {
        let _udp = host.run_inside(|| UdpSocket::bind(at(address)).unwrap()).unwrap();
        let error = check().unwrap_err().to_string();
        assert_eq!(error, format!("cannot listen on {found}:{PORT} (UDP)"));
    }
    assert!(check().is_ok());
}

#[test]
fn another_sinkgate_has_its_port() {
    if !can_make_namespaces() {
        return;
    }
    let host = Namespace::create().unwrap();
    let anywhere = SocketAddr::from(([0_u16; 8], PORT));
    let ours =
        || (tcp_listener(anywhere, How::Transparent), Taker::bind(anywhere, How::Transparent));
    let (tcp, udp) = host.run_inside(ours).unwrap();
    let check = || host.run_inside(|| check_port(PORT)).unwrap();
    assert!(check().is_err());
    drop(tcp.unwrap());
    assert!(check().is_err());
    drop(udp.unwrap());
    assert!(check().is_ok());
}

#[test]
fn a_session_comes_in_where_its_answers_go_out() {
    if !can_make_namespaces() {
        return;
    }
    let network = Network::new();
    let _internet = Internet::behind(&network);
    let from = |client: &str| {
        let connection = format!("{client} 50000 10.66.0.1 22");
        network.gateway.run_inside(|| ssh_interface(Some(&connection))).unwrap()
    };
    let name = |client| from(client).unwrap().unwrap().name().to_owned();
    assert_eq!(name("10.66.0.2"), "g0");
    assert_eq!(name("fd66::2"), "g0");
    assert_eq!(name("203.0.113.9"), "w0");
    assert_eq!(name("2001:db8::7"), "w0");
    let alone = Namespace::create().unwrap();
    let error = alone.run_inside(|| ssh_interface(Some("203.0.113.9 1 2 3"))).unwrap();
    assert!(matches!(error.unwrap_err(), SshError::Route { .. }));
}
