//! What a lab is made of.

use std::ffi::{CString, OsString};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use super::LabError;

/// What a lab is made of.
#[derive(Clone, Debug)]
pub struct LabSettings {
    /// The program, looked for in our own `PATH` if its name has no slash.
    pub program: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Variables added to our own environment, or put in the place of ours.
    pub environment: Vec<(OsString, OsString)>,
    /// Variables of our own that are nobody's business inside.
    pub withheld: Vec<OsString>,
    /// The addresses on both ends of the cable.
    pub addresses: Addresses,
    /// What `/etc/resolv.conf` says inside.
    pub resolv_conf: String,
    /// Files that look otherwise inside than they do outside.
    pub replaced: Vec<ReplacedFile>,
    /// Folders that have more in them inside than they do outside.
    pub fuller: Vec<FullerFolder>,
}

/// A file that looks otherwise inside a lab.
#[derive(Clone, Debug)]
pub struct ReplacedFile {
    /// Where it is. It has to exist, and not be a symbolic link.
    pub path: PathBuf,
    /// What is found there inside.
    pub content: Vec<u8>,
}

/// A folder with more in it inside a lab. What it has outside is there, too, and nothing in it can
/// be changed.
#[derive(Clone, Debug)]
pub struct FullerFolder {
    /// Where it is. It has to exist; what is mounted below it is not seen inside.
    pub path: PathBuf,
    /// Files below it, in folders that need not exist.
    pub files: Vec<NewFile>,
}

/// A file that is only there inside a lab, or is another there.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its path below the folder.
    pub path: PathBuf,
    /// What is found there.
    pub content: Vec<u8>,
}

/// The addresses on both ends of the cable between victim and gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// IPv4 of the gateway: the victim's default route.
    pub gateway_four: Ipv4Addr,
    /// IPv4 of the victim.
    pub victim_four: Ipv4Addr,
    /// Bits of the IPv4 network.
    pub prefix_four: u8,
    /// IPv6 of the gateway.
    pub gateway_six: Ipv6Addr,
    /// IPv6 of the victim.
    pub victim_six: Ipv6Addr,
    /// Bits of the IPv6 network.
    pub prefix_six: u8,
}

/// A command in the form `exec` wants, made before there is a second process.
pub(super) struct Command {
    pub(super) arguments: Vec<CString>,
    pub(super) environment: Vec<CString>,
}

impl Command {
    pub(super) fn new(settings: &LabSettings) -> Result<Self, LabError> {
        let words = [&settings.program].into_iter().chain(&settings.arguments).cloned();
        let added = &settings.environment;
        let replaced = |name: &OsString| {
            settings.withheld.contains(name) || added.iter().any(|(other, _)| other == name)
        };
        let ours = std::env::vars_os().filter(|(name, _)| !replaced(name));
        let variables = ours.chain(added.iter().cloned());
        Ok(Self {
            arguments: words.map(c_string).collect::<Result<_, _>>()?,
            environment: variables
                .map(|(name, value)| c_string(assignment(name, &value)))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn assignment(mut name: OsString, value: &OsString) -> OsString {
    name.push("=");
    name.push(value);
    name
}

fn c_string(text: OsString) -> Result<CString, LabError> {
    CString::new(text.into_vec()).map_err(|_| LabError::ZeroByte)
}
