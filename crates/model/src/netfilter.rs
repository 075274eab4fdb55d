//! A packet, as a firewall rule with the target LOG wrote it down.

use std::net::{IpAddr, SocketAddr};

use serde::{Serialize, Serializer};

use crate::{OrigDst, Transport, Victim};

/// One log line. What the line does not say, or what was cut off, is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NetfilterLog {
    /// The machine that logged it, as syslog names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Interface the packet came in by; `None` if this machine sent it.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub in_interface: Option<String>,
    /// Interface it is to leave by; `None` if it was for this machine.
    #[serde(rename = "out", skip_serializing_if = "Option::is_none")]
    pub out_interface: Option<String>,
    /// The link-layer header as the line gives it: for Ethernet the destination, the source and
    /// the type in one, or the source alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// Source address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub src: Option<IpAddr>,
    /// Destination address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dst: Option<IpAddr>,
    /// The IP protocol.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "in_words")]
    pub protocol: Option<Transport>,
    /// Source port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub src_port: Option<u16>,
    /// Destination port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dst_port: Option<u16>,
    /// The TCP flags that were set, as the kernel names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<&'static str>,
    /// Length of the IP packet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
    /// Time to live, or hop limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u8>,
    /// Identification of the IPv4 packet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// Offset of a fragment, in units of 8 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fragment: Option<u16>,
    /// TCP window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<u16>,
    /// ICMP type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub icmp_type: Option<u8>,
    /// ICMP code.
    #[serde(rename = "code", skip_serializing_if = "Option::is_none")]
    pub icmp_code: Option<u8>,
    /// The packet that an ICMP error is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted: Option<Box<Self>>,
    /// The whole line, if its end is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<String>,
}

/// Who sent a logged packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The machine that logged it: it has a way out and none in.
    Gateway,
    /// Somebody else.
    Victim,
}

impl NetfilterLog {
    /// Who sent the packet.
    #[must_use]
    pub const fn sender(&self) -> Sender {
        match (&self.in_interface, &self.out_interface) {
            (None, Some(_)) => Sender::Gateway,
            _ => Sender::Victim,
        }
    }

    /// Whether it opens a connection. Protocols without connections have nothing that does not.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        self.protocol != Some(Transport::Tcp)
            || (self.flags.contains(&"SYN") && !self.flags.contains(&"ACK"))
    }

    /// Between whom the packet went, if the line says it all.
    #[must_use]
    pub fn ends(&self) -> Option<(Transport, Victim, OrigDst)> {
        let transport = self.protocol?;
        let (from, to) = match transport {
            Transport::Tcp | Transport::Udp => (self.src_port?, self.dst_port?),
            _ => (0, 0),
        };
        let from = SocketAddr::new(self.src?, from);
        let to = SocketAddr::new(self.dst?, to);
        Some(match self.sender() {
            Sender::Gateway => (transport, Victim::new(to), OrigDst::new(from)),
            Sender::Victim => (transport, Victim::new(from), OrigDst::new(to)),
        })
    }
}

fn in_words<S: Serializer>(protocol: &Option<Transport>, out: S) -> Result<S::Ok, S::Error> {
    match protocol {
        Some(protocol) => out.collect_str(protocol),
        None => out.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> NetfilterLog {
        NetfilterLog {
            in_interface: Some("eth0".to_owned()),
            src: Some([10, 0, 0, 7].into()),
            dst: Some([192, 0, 2, 1].into()),
            protocol: Some(Transport::Tcp),
            src_port: Some(40_000),
            dst_port: Some(80),
            flags: vec!["SYN"],
            ..NetfilterLog::default()
        }
    }

    #[test]
    fn the_victim_is_who_is_not_the_gateway() {
        let (transport, victim, orig_dst) = line().ends().unwrap();
        assert_eq!(transport, Transport::Tcp);
        assert_eq!(
            (victim.to_string(), orig_dst.to_string()),
            ends("10.0.0.7:40000", "192.0.2.1:80")
        );
        let answer =
            NetfilterLog { in_interface: None, out_interface: Some("eth0".to_owned()), ..line() };
        let (_, victim, orig_dst) = answer.ends().unwrap();
        assert_eq!(
            (victim.to_string(), orig_dst.to_string()),
            ends("192.0.2.1:80", "10.0.0.7:40000")
        );
    }

    fn ends(victim: &str, orig_dst: &str) -> (String, String) {
        (victim.to_owned(), orig_dst.to_owned())
    }

    #[test]
    fn ports_are_needed_where_there_are_ports() {
        assert_eq!(NetfilterLog { dst_port: None, ..line() }.ends(), None);
        let ping = NetfilterLog {
            protocol: Some(Transport::Icmp),
            src_port: None,
            dst_port: None,
            ..line()
        };
        assert_eq!(ping.ends().unwrap().1.to_string(), "10.0.0.7:0");
    }

    #[test]
    fn an_answer_opens_nothing() {
        assert!(line().is_opening());
        assert!(!NetfilterLog { flags: vec!["ACK", "SYN"], ..line() }.is_opening());
    }
}
