//! A gateway and a victim with a cable between them.

use kernel::interface::Interface;
use kernel::namespace::Namespace;
use kernel::program::{Program, run};
use kernel::routes;
use kernel::rules::{self, Form, RuleSettings};

use crate::{Shell, wait_until};

/// Port of our sockets in every test.
pub const PORT: u16 = 4_711;

/// Whether this machine lets us make namespaces. Prints why a test is skipped.
#[must_use]
pub fn can_make_namespaces() -> bool {
    match Namespace::create() {
        Ok(_) => true,
        Err(error) => {
            eprintln!("skipped: cannot make a network namespace: {error}");
            false
        }
    }
}

/// A gateway and a victim whose default routes lead to it.
///
/// ```text
///   victim  v0 10.66.0.2/24, fd66::2/64 ──── g0 10.66.0.1/24, fd66::1/64  gateway
/// ```
#[derive(Debug)]
pub struct Network {
    /// Where sinkgate runs. Its interface is `g0`.
    pub gateway: Namespace,
    /// Where the malware would run. Its interface is `v0`.
    pub victim: Namespace,
}

impl Network {
    /// The two, without rules of ours.
    #[must_use]
    pub fn new() -> Self {
        let network = Self { gateway: namespace(), victim: namespace() };
        cable(&network.gateway, "g0", &network.victim, "v0");
        network.gateway.shell(
            "ip link set lo up; ip addr add 10.66.0.1/24 dev g0; \
             ip addr add fd66::1/64 dev g0; ip link set g0 up",
        );
        network.victim.shell(
            "ip link set lo up; ip addr add 10.66.0.2/24 dev v0; \
             ip addr add fd66::2/64 dev v0; ip link set v0 up; \
             ip route add default via 10.66.0.1; ip -6 route add default via fd66::1",
        );
        wait_for_the_link(&network.gateway);
        wait_for_the_link(&network.victim);
        network
    }

    /// A network whose gateway has our rules and routes.
    #[must_use]
    pub fn taken() -> Self {
        let network = Self::new();
        network.gateway.run_inside(open).unwrap();
        network
    }
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}

/// The settings of every test.
#[must_use]
pub fn settings() -> RuleSettings {
    RuleSettings { interfaces: vec![Interface::new("g0").unwrap()], port: PORT, mark: 0x1516 }
}

/// Sets rules and routes in the calling thread's namespace.
pub fn open() {
    rules::apply(&settings(), Form::Open).unwrap();
    routes::apply(&settings().interfaces).unwrap();
}

/// Puts a cable between two namespaces; both its ends are down.
pub fn cable(one: &Namespace, one_name: &str, other: &Namespace, other_name: &str) {
    let peer = other.path();
    one.run_inside(|| {
        let batch = format!(
            "link add {one_name} type veth peer name {other_name} netns {}\n",
            peer.display()
        );
        run(Program::Ip, &["-batch", "-"], &batch).unwrap();
    })
    .unwrap();
}

/// A namespace in which addresses can be used at once: nobody is asked whether they are taken.
pub(crate) fn namespace() -> Namespace {
    let namespace = Namespace::create().unwrap();
    namespace.shell("echo 0 | tee /proc/sys/net/ipv6/conf/*/accept_dad");
    namespace
}

/// Interfaces get their link-local addresses a moment after they are up.
pub(crate) fn wait_for_the_link(end: &Namespace) {
    wait_until("link-local addresses are settled", || {
        let text = end.shell("ip -6 addr show scope link");
        text.contains("fe80") && !text.contains("tentative")
    });
}
