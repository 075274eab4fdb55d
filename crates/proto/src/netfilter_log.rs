//! What netfilter's LOG writes about a packet, by iptables and nftables alike.
//!
//! ```text
//!  INPUT:SINKHOLE: IN=eth0 OUT= MAC=… SRC=10.0.0.7 DST=192.0.2.1 LEN=60 … PROTO=TCP SPT=… DPT=80 … SYN URGP=0
//!  prefix          fields, in an order that has changed before             words
//! ```
//!
//! The kernel writes it (`net/netfilter/nf_log_syslog.c`), but what arrives has passed a ring
//! buffer, a syslog server and perhaps a datagram that was too short for it.

use std::net::IpAddr;

use model::{NetfilterLog, Transport};

/// What a message turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// It has not our prefix.
    Foreign,
    /// It has, and no packet can be made out.
    Garbled(&'static str),
    /// A packet.
    Packet(Box<NetfilterLog>),
}

/// Reads the text of a message. `prefix` is what the rule was told to begin with.
#[must_use]
pub fn read(text: &str, prefix: &str) -> Read {
    let Some((lead, body)) = text.split_once(prefix.trim()) else { return Read::Foreign };
    if !is_lead(lead) {
        // Whoever may write to the log may write the prefix: a name in a failed login is no packet.
        return Read::Garbled("the prefix is not where the kernel writes it");
    }
    read_packet(body)
}

/// Whether this is what may come before the prefix: what is left of a head, the time since the
/// machine started, the words of a server that joins repeated lines.
fn is_lead(lead: &str) -> bool {
    let mut left = lead.trim_start();
    left = after_brackets(left, ['<', '>'], |c| c.is_ascii_digit());
    left = left.strip_prefix("kernel:").unwrap_or(left).trim_start();
    left = after_brackets(left, ['[', ']'], |c| c.is_ascii_digit() || " .".contains(c));
    let repeated = left.strip_prefix("message repeated ").and_then(|left| {
        left.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(" times: [")
    });
    repeated.unwrap_or(left).trim().is_empty()
}

/// Takes off a pair of brackets and what is in it, if all of that is of one kind.
fn after_brackets(text: &str, [open, close]: [char; 2], fits: fn(char) -> bool) -> &str {
    let inside = text.strip_prefix(open).and_then(|text| text.split_once(close));
    match inside {
        Some((inside, rest)) if inside.chars().all(fits) => rest.trim_start(),
        _ => text,
    }
}

fn read_packet(body: &str) -> Read {
    let (outer, quoted) = split_quoted(body);
    let mut found = Found::read(outer);
    if found.is_complete() && quoted.is_none_or(|quoted| quoted.is_closed) {
        return found.packet(quoted.map(|quoted| quoted.text));
    }
    // The last field may have lost its end, and a port that has is another port.
    if quoted.is_none() {
        found = Found::read(without_last_field(outer));
    }
    match found.packet(quoted.map(|quoted| without_last_field(quoted.text))) {
        Read::Packet(mut packet) => {
            packet.truncated = Some(body.to_owned());
            Read::Packet(packet)
        }
        other => other,
    }
}

/// The packet that an ICMP error is about.
#[derive(Clone, Copy)]
struct Quoted<'a> {
    text: &'a str,
    is_closed: bool,
}

fn split_quoted(body: &str) -> (&str, Option<Quoted<'_>>) {
    let Some((before, after)) = body.split_once(" [") else { return (body, None) };
    // `INCOMPLETE [4 bytes]` quotes nothing.
    if after.starts_with(|c: char| c.is_ascii_digit()) {
        return (body, None);
    }
    match after.split_once(']') {
        // What follows (the MTU of the next hop) is of no use here.
        Some((text, _)) => (before, Some(Quoted { text, is_closed: true })),
        None => (before, Some(Quoted { text: after, is_closed: false })),
    }
}

fn without_last_field(text: &str) -> &str {
    let text = text.trim_end();
    match text.rsplit_once(char::is_whitespace) {
        Some((before, last)) if last.contains('=') => before,
        // Not a field: a flag has no beginning that is another flag.
        Some(_) => text,
        None => "",
    }
}

/// What stands in a line, before it is asked whether that makes a packet.
#[derive(Default)]
struct Found {
    packet: NetfilterLog,
    /// A field without which there is no packet has a value that is none.
    unreadable: Option<&'static str>,
    /// How often a length was given: of the IP packet, then of what UDP carries.
    lengths: usize,
    /// Whether the last field that TCP has was there.
    has_urgent: bool,
    /// Whether the kernel said that the packet itself was too short.
    is_incomplete: bool,
    has_fields: bool,
}

impl Found {
    fn read(text: &str) -> Self {
        let mut found = Self::default();
        for word in text.split_whitespace() {
            match word.split_once('=') {
                Some((name, value)) => found.field(name, value),
                None => found.word(word),
            }
        }
        found
    }

    fn field(&mut self, name: &str, value: &str) {
        let packet = &mut self.packet;
        match name {
            "IN" => packet.in_interface = text(value),
            "OUT" => packet.out_interface = text(value),
            "MAC" | "MACSRC" => packet.mac = text(value),
            "SRC" => needed(&mut packet.src, address(value), &mut self.unreadable, "SRC"),
            "DST" => needed(&mut packet.dst, address(value), &mut self.unreadable, "DST"),
            "PROTO" => {
                needed(&mut packet.protocol, protocol(value), &mut self.unreadable, "PROTO");
            }
            "SPT" => needed(&mut packet.src_port, number(value), &mut self.unreadable, "SPT"),
            "DPT" => needed(&mut packet.dst_port, number(value), &mut self.unreadable, "DPT"),
            "LEN" => {
                self.lengths += 1;
                packet.length = packet.length.or_else(|| number(value));
            }
            "TTL" | "HOPLIMIT" => packet.ttl = packet.ttl.or_else(|| number(value)),
            // ICMP has an ID, too, after that of IP.
            "ID" => packet.id = packet.id.or_else(|| number(value)),
            "WINDOW" => packet.window = number(value),
            "TYPE" => packet.icmp_type = number(value),
            "CODE" => packet.icmp_code = number(value),
            "URGP" => self.has_urgent = true,
            _ => return,
        }
        self.has_fields = true;
    }

    fn word(&mut self, word: &str) {
        if let Some(flag) = FLAGS.iter().find(|flag| **flag == word) {
            self.packet.flags.push(flag);
        } else if let Some(offset) = word.strip_prefix("FRAG:") {
            self.packet.fragment = number(offset);
        } else if word == "INCOMPLETE" {
            self.is_incomplete = true;
        } else if word == "ARP" {
            self.unreadable = Some("it is about ARP, which has no flows");
        }
    }

    /// Whether everything is there that the kernel writes of such a packet.
    fn is_complete(&self) -> bool {
        let packet = &self.packet;
        let (Some(protocol), Some(_), Some(_)) = (packet.protocol, packet.src, packet.dst) else {
            return false;
        };
        let is_later_fragment = packet.fragment.is_some_and(|offset| offset > 0);
        if is_later_fragment || self.is_incomplete {
            return true;
        }
        match protocol {
            Transport::Icmp | Transport::Icmp6 => packet.icmp_code.is_some(),
            Transport::Tcp => self.has_urgent,
            Transport::Udp => packet.dst_port.is_some() && self.lengths > 1,
            Transport::Other(_) => true,
        }
    }

    fn packet(mut self, quoted: Option<&str>) -> Read {
        if let Some(why) = self.unreadable {
            return Read::Garbled(why);
        }
        if !self.has_fields {
            return Read::Garbled("there is no packet after the prefix");
        }
        if let (Some(src), Some(dst)) = (self.packet.src, self.packet.dst)
            && src.is_ipv4() != dst.is_ipv4()
        {
            return Read::Garbled("SRC and DST are not of one family");
        }
        let quoted = quoted.map(|text| Box::new(Self::read(text).packet));
        self.packet.quoted = quoted;
        Read::Packet(Box::new(self.packet))
    }
}

/// In the order in which the kernel writes them.
const FLAGS: [&str; 8] = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"];

/// Fills a field that a packet cannot do without.
fn needed<T>(
    place: &mut Option<T>,
    value: Option<T>,
    unreadable: &mut Option<&'static str>,
    name: &'static str,
) {
    match value {
        Some(_) => *place = value,
        None => *unreadable = Some(complaint(name)),
    }
}

fn complaint(name: &str) -> &'static str {
    match name {
        "SRC" => "SRC is no address",
        "DST" => "DST is no address",
        "PROTO" => "PROTO is no protocol",
        "SPT" => "SPT is no port",
        _ => "DPT is no port",
    }
}

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn address(value: &str) -> Option<IpAddr> {
    value.parse().ok()
}

/// Numbers are decimal or, in MACs and marks only, hexadecimal.
fn number<T: std::str::FromStr>(value: &str) -> Option<T> {
    value.parse().ok()
}

/// The names that the kernel writes; every other protocol has its number.
fn protocol(value: &str) -> Option<Transport> {
    match value {
        "TCP" => Some(Transport::Tcp),
        "UDP" => Some(Transport::Udp),
        "UDPLITE" => Some(Transport::Other(136)),
        "ICMP" => Some(Transport::Icmp),
        "ICMPv6" => Some(Transport::Icmp6),
        "AH" => Some(Transport::Other(51)),
        "ESP" => Some(Transport::Other(50)),
        other => number(other).map(Transport::from_number),
    }
}

#[cfg(test)]
mod tests;
