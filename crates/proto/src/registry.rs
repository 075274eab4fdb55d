//! Every protocol we speak, in one table.

use model::Layer;

use crate::{
    Machine, adb, amqp, berkeley, bind_shell, coap, dns, ftp, git, http, http2, imap, irc,
    kerberos, ldap, memcached, modbus, mongodb, mqtt, mysql, netbios_ns, ntp, pop3, postgres,
    printing, raw, rdp, redis, rsync, rtsp, sip, small, smb, smtp, snmp, socks, ssdp, stratum,
    stun, syslog, telnet, tftp, tls, vnc, websocket,
};

/// How sure a probe is. All but [`Verdict::NeedMore`] are final: more bytes do not change them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These bytes are this protocol.
    Yes,
    /// They fit, and would fit others too: whoever is expected on the port wins, else the order.
    Likely,
    /// They fit, which means something only on a port where this protocol is expected.
    OnItsPort,
    /// Could be; more bytes would tell.
    NeedMore,
    /// They are not.
    No,
}

/// Whether a protocol sees a stream of bytes or one datagram at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// UDP.
    Datagram,
    /// TCP, or what is inside TLS.
    Stream,
}

/// One row of the table: all that the rest of the program knows of a protocol.
#[derive(Clone, Copy, Debug)]
pub struct Protocol {
    /// Its name in configuration, in the database and in reports.
    pub name: &'static str,
    /// What carries it.
    pub carrier: Carrier,
    /// Ports where it is expected.
    pub ports: &'static [u16],
    /// Who speaks first.
    pub first: First,
    /// How it is told from others.
    pub place: Place,
    /// Judges the first bytes a peer sent.
    pub probe: fn(&[u8]) -> Verdict,
    /// Makes a machine for one flow.
    pub start: fn() -> Box<dyn Machine>,
}

/// How a protocol is told from others, and so when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It begins with what no other begins with, and says no soon: it is asked first.
    Marked,
    /// It looks as others may look, too.
    Shaped,
}

/// Who speaks first on a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// The client: a silent one is waited for.
    Client,
    /// The server.
    Server {
        /// Ports besides its own where it is the best guess, if the client is silent there.
        also: &'static [u16],
    },
}

/// A row is its name and what carries it.
impl PartialEq for Protocol {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.carrier) == (other.name, other.carrier)
    }
}

impl Eq for Protocol {}

/// Who greets a client that has said nothing, and how sure that is.
#[derive(Clone, Copy, Debug)]
pub enum Greeting {
    /// Soon: clients of this port wait for it.
    Expected(&'static Protocol),
    /// After a silence: the port is a guess, and the client might have spoken.
    Guessed(&'static Protocol),
}

/// The table. Order is precedence: the first row that says yes wins.
pub static PROTOCOLS: &[Protocol] = &[
    tls::PROTOCOL,
    http2::PROTOCOL,
    http::PROTOCOL,
    smtp::PROTOCOL,
    pop3::PROTOCOL,
    ftp::PROTOCOL,
    tftp::PROTOCOL,
    imap::PROTOCOL,
    irc::PROTOCOL,
    socks::PROTOCOL,
    redis::PROTOCOL,
    mysql::PROTOCOL,
    postgres::PROTOCOL,
    mongodb::PROTOCOL,
    memcached::STREAM,
    memcached::DATAGRAM,
    dns::OVER_TCP,
    dns::LLMNR,
    dns::MDNS,
    dns::OVER_UDP,
    netbios_ns::PROTOCOL,
    ntp::PROTOCOL,
    smb::PROTOCOL,
    rdp::PROTOCOL,
    vnc::PROTOCOL,
    kerberos::PROTOCOL,
    kerberos::OVER_UDP,
    ldap::PROTOCOL,
    ldap::OVER_UDP,
    websocket::PROTOCOL,
    berkeley::REXEC,
    berkeley::RLOGIN,
    berkeley::RSH,
    bind_shell::PROTOCOL,
    mqtt::PROTOCOL,
    amqp::PROTOCOL,
    sip::OVER_TCP,
    sip::OVER_UDP,
    rtsp::PROTOCOL,
    coap::PROTOCOL,
    modbus::PROTOCOL,
    stratum::PROTOCOL,
    git::PROTOCOL,
    rsync::PROTOCOL,
    printing::RAW,
    printing::LPD,
    syslog::OVER_TCP,
    syslog::OVER_UDP,
    snmp::PROTOCOL,
    stun::OVER_TCP,
    stun::OVER_UDP,
    ssdp::PROTOCOL,
    small::ECHO,
    small::ECHO_OVER_UDP,
    small::DISCARD,
    small::DISCARD_OVER_UDP,
    small::SYSTAT,
    small::SYSTAT_OVER_UDP,
    small::DAYTIME,
    small::DAYTIME_OVER_UDP,
    small::QOTD,
    small::QOTD_OVER_UDP,
    small::CHARGEN,
    small::CHARGEN_OVER_UDP,
    small::FINGER,
    small::GOPHER,
    small::IDENT,
    small::TIME,
    small::TIME_OVER_UDP,
    small::WHOIS,
    adb::PROTOCOL,
    telnet::PROTOCOL,
];

/// The row for a peer that ended its side before it could be recognised.
#[must_use]
pub fn silent_peer() -> &'static Protocol {
    &raw::STREAM
}

/// The row for a flow that belongs to another.
#[must_use]
pub fn companion() -> &'static Protocol {
    &crate::companion::PROTOCOL
}

/// The row for a peer that went on from HTTP/1 to HTTP/2.
#[must_use]
pub fn upgraded_peer() -> &'static Protocol {
    &http2::PROTOCOL
}

/// Who greets on this port, if anybody does. Only a stream is greeted; what its client then says is
/// recognised like any other's first bytes. Where TLS is expected nobody greets before it.
#[must_use]
pub fn greeter(port: u16, layer: Layer) -> Option<Greeting> {
    let waits_for_tls = layer == Layer::Wire && tls::PROTOCOL.ports.contains(&port);
    if waits_for_tls { None } else { greeter_among(PROTOCOLS, port) }
}

fn greeter_among(rows: &'static [Protocol], port: u16) -> Option<Greeting> {
    let expected = rows.iter().find(|row| row.also().is_some() && row.ports.contains(&port));
    let guessed = || rows.iter().find(|row| row.also().is_some_and(|also| also.contains(&port)));
    expected.map(Greeting::Expected).or_else(|| guessed().map(Greeting::Guessed))
}

impl Protocol {
    /// The ports it guesses to be on, if it is a stream's and its server speaks first.
    fn also(&self) -> Option<&'static [u16]> {
        match self.first {
            First::Server { also } if self.carrier == Carrier::Stream => Some(also),
            First::Server { .. } | First::Client => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mail server, and a web server that waits.
    static ROWS: &[Protocol] = &[
        Protocol { name: "web", first: First::Client, ports: &[80, 26], ..raw::STREAM },
        Protocol {
            name: "mail",
            first: First::Server { also: &[26] },
            ports: &[25],
            ..raw::STREAM
        },
    ];

    #[test]
    fn servers_that_speak_first_are_expected_on_their_ports_and_guessed_elsewhere() {
        assert!(
            matches!(greeter_among(ROWS, 25), Some(Greeting::Expected(row)) if row.name == "mail")
        );
        assert!(
            matches!(greeter_among(ROWS, 26), Some(Greeting::Guessed(row)) if row.name == "mail")
        );
    }

    #[test]
    fn every_row_is_there_once() {
        for (place, row) in PROTOCOLS.iter().enumerate() {
            let again = PROTOCOLS.iter().skip(place + 1).any(|other| other == row);
            assert!(!again, "{} is there twice", row.name);
        }
    }

    #[test]
    fn where_clients_speak_first_nobody_greets() {
        for port in [80, 443, 54_321] {
            assert!(greeter_among(ROWS, port).is_none(), "{port}");
        }
        assert!(greeter(80, Layer::Wire).is_none());
    }

    #[test]
    fn mail_is_greeted_where_it_is_mail_and_not_before_tls() {
        let greets = |port, layer| match greeter(port, layer)? {
            Greeting::Expected(row) | Greeting::Guessed(row) => Some(row.name),
        };
        assert_eq!(greets(587, Layer::Wire), Some("smtp"));
        assert_eq!(greets(2_526, Layer::Wire), Some("smtp"));
        assert_eq!(greets(465, Layer::Wire), None);
        assert_eq!(greets(465, Layer::Inner), Some("smtp"));
        assert_eq!(greets(443, Layer::Inner), None);
        assert_eq!(greets(110, Layer::Wire), Some("pop3"));
        assert_eq!(greets(995, Layer::Wire), None);
        assert_eq!(greets(995, Layer::Inner), Some("pop3"));
    }
}
