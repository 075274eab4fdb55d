//! The lab's network: two namespaces and a cable.
//!
//! ```text
//!   victim   eth0 ───────────── lab0   gateway
//!            default routes ──▶
//! ```

use std::fs;
use std::io;
use std::path::Path;

use nix::errno::Errno;

use crate::interface::Interface;
use crate::namespace::Namespace;
use crate::program::{self, Program, ProgramError};

use super::error::{Complaint, LabError};
use super::identity::{self, Identity};
use super::settings::Addresses;

/// The gateway's end of the cable.
const GATEWAY_END: &str = "lab0";

/// The victim's end: the name it would have anywhere.
const VICTIM_END: &str = "eth0";

/// Both namespaces. The victim's lives as long as this does: what its programs sent last still
/// arrives when they are gone.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) interface: Interface,
    gateway: Namespace,
    victim: Namespace,
}

impl Network {
    /// Makes both; leaves the calling thread in the victim's, for the init to inherit. Gives what
    /// was not possible and need not be, too.
    pub(super) fn create(identity: Identity) -> Result<(Self, Vec<Complaint>), LabError> {
        let interface = Interface::new(GATEWAY_END)
            .map_err(io::Error::other)
            .map_err(LabError::step("name the gateway's interface"))?;
        let gateway = create(identity)?;
        let mut complaints = prepare_for_six();
        let victim = create(identity)?;
        complaints.extend(prepare_for_six());
        complaints.extend(allow_pings().err());
        Ok((Self { interface, gateway, victim }, complaints))
    }

    /// Moves the calling thread to the gateway's, for good.
    pub(super) fn enter_gateway(&self) -> Result<(), LabError> {
        let entered = self.gateway.enter_on_this_thread();
        entered.map_err(LabError::step("enter the gateway's network namespace"))
    }

    /// Lays the cable, from the gateway's namespace.
    pub(super) fn lay(&self, addresses: &Addresses) -> Result<(), LabError> {
        ip(&gateway_batch(addresses, &self.victim.path()))?;
        let inside = self.victim.run_inside(|| ip(&victim_batch(addresses)));
        inside.map_err(LabError::step("enter the victim's network namespace"))??;
        Ok(())
    }
}

fn create(identity: Identity) -> Result<Namespace, LabError> {
    Namespace::create_on_this_thread().map_err(|cause| match identity {
        // Some systems let a user make a user namespace, and then allow nothing in it.
        Identity::Mapped { .. } if cause.kind() == io::ErrorKind::PermissionDenied => {
            LabError::forbidden(Errno::EPERM)
        }
        _ => LabError::step(
            "make a network namespace (user.max_net_namespaces says how many there may be)",
        )(cause),
    })
}

/// What must be so in a namespace before it has interfaces: some systems hand down the opposite.
fn prepare_for_six() -> Vec<Complaint> {
    if !has_six() {
        return Vec::new();
    }
    let settings = [
        ("net/ipv6/conf/all/disable_ipv6", "0"),
        ("net/ipv6/conf/default/disable_ipv6", "0"),
        // Nobody else is on the cable who could have our address: no need to wait for objections.
        ("net/ipv6/conf/default/accept_dad", "0"),
    ];
    settings.iter().filter_map(|(name, value)| set(name, value).err()).collect()
}

/// Pings without privileges, for the victim has none here.
fn allow_pings() -> Result<(), Complaint> {
    let groups = identity::groups().map_err(Complaint::about("read which groups there are"))?;
    set("net/ipv4/ping_group_range", &groups)
}

/// Whether this kernel has IPv6 at all.
fn has_six() -> bool {
    Path::new("/proc/sys/net/ipv6").exists()
}

/// A setting of the calling thread's network namespace. In containers they often may be read only,
/// which does no harm where they are as we want them.
fn set(name: &str, value: &str) -> Result<(), Complaint> {
    let file = Path::new("/proc/sys").join(name);
    if fs::read_to_string(&file).is_ok_and(|is| is.trim() == value) {
        return Ok(());
    }
    let attempt = || format!("set {} = {value}", name.replace('/', "."));
    fs::write(file, value).map_err(|cause| Complaint::about(attempt())(cause))
}

fn ip(batch: &str) -> Result<(), ProgramError> {
    program::run(Program::Ip, &["-batch", "-"], batch).map(drop)
}

fn gateway_batch(addresses: &Addresses, victim: &Path) -> String {
    let Addresses { gateway_four, prefix_four, gateway_six, prefix_six, .. } = addresses;
    let mut batch = format!(
        "link set lo up\n\
         link add {GATEWAY_END} type veth peer name {VICTIM_END} netns {}\n\
         addr add {gateway_four}/{prefix_four} dev {GATEWAY_END}\n\
         link set {GATEWAY_END} up\n",
        victim.display()
    );
    if has_six() {
        batch += &format!("addr add {gateway_six}/{prefix_six} dev {GATEWAY_END} nodad\n");
    }
    batch
}

fn victim_batch(addresses: &Addresses) -> String {
    let Addresses { victim_four, prefix_four, victim_six, prefix_six, .. } = addresses;
    let Addresses { gateway_four, gateway_six, .. } = addresses;
    let mut batch = format!(
        "link set lo up\n\
         addr add {victim_four}/{prefix_four} dev {VICTIM_END}\n\
         link set {VICTIM_END} up\n\
         route add 0.0.0.0/0 via {gateway_four}\n"
    );
    if has_six() {
        batch += &format!(
            "addr add {victim_six}/{prefix_six} dev {VICTIM_END} nodad\n\
             route add ::/0 via {gateway_six}\n"
        );
    }
    batch
}
