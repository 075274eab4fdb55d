//! What is left of root after it was given up.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]
#![expect(clippy::disallowed_types, reason = "tests are the victim too")]

mod child;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use child::in_a_child;
use kernel::interface::Interface;
use kernel::namespace::Namespace;
use kernel::privileges::{Dropped, PrivilegeError, drop_to};
use kernel::sockets::{How, tcp_listener};
use kernel::tap::Tap;
use kernel::udp::{Replier, Reply, Taker};
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{Gid, Uid, geteuid, getgroups, getresgid, getresuid, setuid};
use testkit::packets::send;
use testkit::{Network, PORT, can_make_namespaces, settings};

/// Every Debian has it, and nothing belongs to it.
const ACCOUNT: &str = "nobody";

fn is_root() -> bool {
    let is_root = geteuid().is_root();
    if !is_root {
        eprintln!("skipped: only root can give up root");
    }
    is_root
}

#[test]
fn threat_6_nothing_is_left_of_root() {
    if !is_root() {
        return;
    }
    in_a_child(|| {
        let Dropped::To { uid, gid } = drop_to(ACCOUNT).unwrap() else { panic!("still root") };
        let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
        assert!(!uid.is_root());
        let (now, group) = (getresuid().unwrap(), getresgid().unwrap());
        assert_eq!([now.real, now.effective, now.saved], [uid; 3]);
        assert_eq!([group.real, group.effective, group.saved], [gid; 3]);
        assert_eq!(getgroups().unwrap(), []);
        assert!(setuid(Uid::from_raw(0)).is_err());
        assert!(unshare(CloneFlags::CLONE_NEWNET).is_err());
        assert!(fs::read("/etc/shadow").is_err());
        let status = fs::read_to_string("/proc/self/status").unwrap();
        assert!(status.contains("CapBnd:\t0000000000000000"), "{status}");
    });
}

#[test]
fn threat_6_sockets_cannot_be_opened_again() {
    if !is_root() {
        return;
    }
    in_a_child(|| {
        drop_to(ACCOUNT).unwrap();
        let anywhere = SocketAddr::from(([0_u16; 8], 4_711));
        assert!(tcp_listener(anywhere, How::Transparent).is_err());
        assert!(Tap::open(&[Interface::new("lo").unwrap()]).is_err());
    });
}

#[test]
fn sockets_that_are_open_go_on() {
    if !is_root() || !can_make_namespaces() {
        return;
    }
    let network = Network::taken();
    let anywhere = SocketAddr::from(([0_u16; 8], PORT));
    let open = || {
        let listener = tcp_listener(anywhere, How::Transparent).unwrap();
        let taker = Taker::bind(anywhere, How::Transparent).unwrap();
        (listener, taker, Replier::transparent().unwrap(), Tap::open(&settings().interfaces))
    };
    let (listener, mut taker, replier, tap) = network.gateway.run_inside(open).unwrap();
    let mut tap = tap.unwrap();
    let connect = || TcpStream::connect("203.0.113.9:25").unwrap();
    let mut client = network.victim.run_inside(connect).unwrap();
    let caller = network.victim.run_inside(|| UdpSocket::bind("0.0.0.0:0")).unwrap().unwrap();
    caller.send_to(b"who?", "203.0.113.9:53").unwrap();
    send(&network.victim, 47, "203.0.113.9", b"gre");
    in_a_child(|| {
        drop_to(ACCOUNT).unwrap();
        listener.accept().unwrap().0.write_all(b"220 ").unwrap();
        let mut ends = None;
        taker.take(|datagram| ends = Some(datagram.ends)).unwrap();
        let reply = Reply { ends: ends.unwrap(), bytes: b"me" };
        replier.send_all(&[reply], |_, error| panic!("{error}"));
        assert!(tap.take(|_| ()).is_ok());
    });
    let mut heard = [0; 4];
    client.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"220 ");
    caller.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert_eq!(caller.recv(&mut heard).unwrap(), 2);
}

#[test]
fn an_account_that_is_no_way_out_is_refused() {
    if !is_root() {
        return;
    }
    in_a_child(|| {
        let error = drop_to("no-such-account").unwrap_err();
        assert!(matches!(error, PrivilegeError::UnknownAccount { .. }), "{error}");
        let error = drop_to("root").unwrap_err();
        assert!(matches!(error, PrivilegeError::Root { .. }), "{error}");
    });
}

#[test]
fn who_is_not_root_keeps_the_account_and_loses_capabilities() {
    if !is_root() {
        return;
    }
    in_a_child(|| {
        setuid(Uid::from_raw(12_345)).unwrap();
        assert_eq!(drop_to("no-such-account").unwrap(), Dropped::CapabilitiesOnly);
        assert_eq!(geteuid(), Uid::from_raw(12_345));
    });
}

#[test]
fn root_of_a_user_namespace_loses_capabilities() {
    in_a_child(|| {
        let (uid, flags) = (geteuid(), CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET);
        if unshare(flags).is_err() {
            eprintln!("skipped: no user namespaces here");
            return;
        }
        fs::write("/proc/self/uid_map", format!("0 {uid} 1")).unwrap();
        assert!(geteuid().is_root());
        assert!(Namespace::create().is_ok());
        assert_eq!(drop_to(ACCOUNT).unwrap(), Dropped::CapabilitiesOnly);
        assert!(Namespace::create().is_err());
    });
}
