//! Throwaway networks: namespaces of this process with cables between them. Nothing of them is left
//! when the values are dropped.

#![expect(clippy::unwrap_used, reason = "test support: a failure here is a failed test")]
#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

mod wait;

use std::process::{Command, Output};

use kernel::interface::Interface;
use kernel::namespace::Namespace;
use kernel::program::{Program, run};
use kernel::routes;
use kernel::rules::{self, Form, RuleSettings};

pub(crate) use wait::wait_until;

/// Port of our sockets in every test.
pub(crate) const PORT: u16 = 4_711;

/// Whether this machine lets us make namespaces. Prints why a test is skipped.
pub(crate) fn can_make_namespaces() -> bool {
    match Namespace::create() {
        Ok(_) => true,
        Err(error) => {
            eprintln!("skipped: cannot make a network namespace: {error}");
            false
        }
    }
}

/// A gateway and a victim with a cable between them.
///
/// ```text
///   victim  v0 10.66.0.2/24, fd66::2/64 ──── g0 10.66.0.1/24, fd66::1/64  gateway
/// ```
pub(crate) struct Network {
    pub(crate) gateway: Namespace,
    pub(crate) victim: Namespace,
}

impl Network {
    pub(crate) fn new() -> Self {
        let network = Self::empty();
        cable(&network.gateway, "g0", &network.victim, "v0");
        network.gateway.shell(
            "echo 0 > /proc/sys/net/ipv6/conf/g0/accept_dad; \
             ip link set lo up; ip addr add 10.66.0.1/24 dev g0; \
             ip addr add fd66::1/64 dev g0 nodad; ip link set g0 up",
        );
        network.victim.shell(
            "echo 0 > /proc/sys/net/ipv6/conf/v0/accept_dad; \
             ip link set lo up; ip addr add 10.66.0.2/24 dev v0; \
             ip addr add fd66::2/64 dev v0 nodad; ip link set v0 up; \
             ip route add default via 10.66.0.1; ip -6 route add default via fd66::1",
        );
        network.wait_for_the_link();
        network
    }

    fn empty() -> Self {
        Self { gateway: Namespace::create().unwrap(), victim: Namespace::create().unwrap() }
    }

    /// A network whose gateway has our rules and routes.
    pub(crate) fn taken() -> Self {
        let network = Self::new();
        network.gateway.run_inside(open).unwrap();
        network
    }

    /// Link-local addresses are unusable until the kernel has seen that nobody else has them.
    fn wait_for_the_link(&self) {
        for end in [&self.gateway, &self.victim] {
            wait_until("link-local addresses are settled", || {
                let text = end.shell("ip -6 addr show scope link");
                text.contains("fe80") && !text.contains("tentative")
            });
        }
    }
}

/// The settings of every test.
pub(crate) fn settings() -> RuleSettings {
    RuleSettings { interfaces: vec![Interface::new("g0").unwrap()], port: PORT, mark: 0x1516 }
}

/// Rules and routes on the calling thread's namespace.
pub(crate) fn open() {
    rules::apply(&settings(), Form::Open).unwrap();
    routes::apply(&settings().interfaces).unwrap();
}

/// A cable between two namespaces.
pub(crate) fn cable(one: &Namespace, one_name: &str, other: &Namespace, other_name: &str) {
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

/// Shell commands inside a namespace.
pub(crate) trait Shell {
    /// Runs a script that must succeed; gives its standard output.
    fn shell(&self, script: &str) -> String;
    /// Runs a script that may fail.
    fn try_shell(&self, script: &str) -> Output;
}

impl Shell for Namespace {
    fn shell(&self, script: &str) -> String {
        let output = self.try_shell(script);
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{script}: {}\n{stdout}{stderr}", output.status);
        stdout
    }

    fn try_shell(&self, script: &str) -> Output {
        let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        let shell = shell.args(["-ec", script]).env("PATH", path);
        self.run_inside(|| shell.output().unwrap()).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
