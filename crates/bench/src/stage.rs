//! Where a measurement takes place: a gateway, a victim, a folder on disk.

use std::env;
use std::fs::{self, Permissions};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use kernel::namespace::Namespace;
use tempfile::TempDir;
use testkit::{Network, Shell};

use crate::cores;

/// The gateway's own address, where servers that do not take everything listen.
pub(crate) const GATEWAY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 66, 0, 1));

/// How everything is measured.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// How long a load goes on.
    pub(crate) time: Duration,
    /// How often each of a pair is measured.
    pub(crate) rounds: u32,
    /// This program.
    pub(crate) bench: PathBuf,
    /// sinkgate, built beside it.
    pub(crate) sinkgate: PathBuf,
}

impl Plan {
    pub(crate) fn new(seconds: u64, rounds: u32) -> Result<Self> {
        let bench = env::current_exe().context("cannot tell where this program is")?;
        let sinkgate = bench.with_file_name("sinkgate");
        if !sinkgate.is_file() {
            bail!("{} is missing: `cargo xtask bench` builds it", sinkgate.display());
        }
        Ok(Self { time: Duration::from_secs(seconds), rounds, bench, sinkgate })
    }
}

/// A fresh network and a fresh folder; both are gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) network: Network,
    folder: TempDir,
}

impl Stage {
    pub(crate) fn new() -> Result<Self> {
        let network = Network::new();
        network.gateway.shell(GATEWAY_SETTINGS);
        network.victim.shell(VICTIM_SETTINGS);
        let folder = TempDir::with_prefix("bench-").context("cannot make a folder to work in")?;
        // sinkgate gives up root before it writes.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777))?;
        Ok(Self { network, folder })
    }

    /// One where each side receives on its own core. For loads that make so many connections that
    /// they, with the server's receiving on their core, would be the bottleneck. It costs both
    /// sides an interrupt of the other core per packet or so.
    pub(crate) fn with_own_cores() -> Result<Self> {
        let stage = Self::new()?;
        receive_on(cores::SERVER, &stage.network.gateway, "g0");
        receive_on(cores::LOAD, &stage.network.victim, "v0");
        Ok(stage)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in the folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs something where the victim is.
    pub(crate) fn as_victim<T: Send>(&self, task: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        self.network.victim.run_inside(task).context("cannot enter the victim's namespace")?
    }

    /// A place on the gateway itself.
    pub(crate) fn on_gateway(port: u16) -> SocketAddr {
        SocketAddr::new(GATEWAY, port)
    }
}

/// Nobody is to be limited by how many connections may wait to be accepted.
const GATEWAY_SETTINGS: &str = "
    echo 65535 > /proc/sys/net/core/somaxconn
    echo 65535 > /proc/sys/net/ipv4/tcp_max_syn_backlog";

/// Connections that the victim closed must not use up its ports: few stay in TIME-WAIT.
const VICTIM_SETTINGS: &str = "
    echo 1024 65535 > /proc/sys/net/ipv4/ip_local_port_range
    echo 1024 > /proc/sys/net/ipv4/tcp_max_tw_buckets";

/// A veth pair has each side receive on the core of whoever sends. `/sys` shows the interfaces of
/// the namespace it was mounted in.
fn receive_on(core: usize, end: &Namespace, interface: &str) {
    let mask = 1 << core;
    end.shell(&format!(
        "unshare --mount sh -ec '
            mount -t sysfs sysfs /sys
            echo {mask:x} > /sys/class/net/{interface}/queues/rx-0/rps_cpus'"
    ));
}
