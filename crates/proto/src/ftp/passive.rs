//! Where a data connection will be: PASV and PORT (RFC 959), EPSV and EPRT (RFC 2428).

use std::net::{IpAddr, SocketAddr};

use super::message::Command;
use super::session::Session;
use super::transfer::Data;
use crate::{Companion, Cx, Out, Wanted};

/// PASV: the client will connect to the address it speaks to already.
pub(super) fn pasv(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    if session.is_busy(command, out) {
        return;
    }
    let IpAddr::V4(address) = cx.flow.orig_dst.ip().to_canonical() else {
        out.send("425 You cannot use PASV on IPv6 connections. Use EPSV instead.\r\n");
        return;
    };
    let port = session.expect(cx, out);
    let [a, b, c, d] = address.octets();
    let [high, low] = port.to_be_bytes();
    out.send(format!("227 Entering Passive Mode ({a},{b},{c},{d},{high},{low}).\r\n"));
}

/// EPSV: the same, whatever the address.
pub(super) fn epsv(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    if session.is_busy(command, out) {
        return;
    }
    let family = family(cx.flow.orig_dst.ip());
    match command.word().as_str() {
        "ALL" => out.send("200 EPSV ALL command successful\r\n"),
        word if word.is_empty() || word == family => {
            let port = session.expect(cx, out);
            out.send(format!("229 Entering Extended Passive Mode (|||{port}|)\r\n"));
        }
        _ => out.send(format!("522 Network protocol not supported, use ({family})\r\n")),
    }
}

/// PORT: we are to connect to the client.
pub(super) fn port(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    let to = numbers(&command.about).map(|[a, b, c, d, high, low]| {
        SocketAddr::from(([a, b, c, d], u16::from_be_bytes([high, low])))
    });
    session.call(command, to, cx, out);
}

/// EPRT: the same, whatever the address.
pub(super) fn eprt(session: &mut Session, command: &Command, cx: &Cx<'_>, out: &mut Out) {
    session.call(command, extended(&command.about), cx, out);
}

/// How RFC 2428 §2 numbers families.
fn family(address: IpAddr) -> &'static str {
    if address.to_canonical().is_ipv4() { "1" } else { "2" }
}

/// `192,0,2,1,4,1`, whatever is around it.
fn numbers(about: &str) -> Option<[u8; 6]> {
    let numbers: Option<Vec<u8>> =
        about.trim().split(',').map(|number| number.trim().parse().ok()).collect();
    numbers?.try_into().ok()
}

/// `|2|2001:db8::1|1025|`, with any character between.
fn extended(about: &str) -> Option<SocketAddr> {
    let about = about.trim();
    let between = about.chars().next()?;
    let [_, _, address, port, _] = about.split(between).collect::<Vec<_>>().try_into().ok()?;
    Some(SocketAddr::new(address.parse().ok()?, port.parse().ok()?))
}

impl Session {
    /// Lets the client open a data connection; gives the port.
    fn expect(&mut self, cx: &Cx<'_>, out: &mut Out) -> u16 {
        let offset = self.another_number(cx) % u64::from(LAST - FIRST);
        let port = FIRST + u16::try_from(offset).unwrap_or_default();
        out.companion(Companion::Expect(Wanted { port, wrap: self.wrap(cx) }));
        out.wake_after(cx.rules.ftp.data_wait);
        self.data = Data::Expected;
        port
    }

    /// Remembers where a client is to be called, if that is the client itself and nobody's service.
    fn call(&mut self, command: &Command, to: Option<SocketAddr>, cx: &Cx<'_>, out: &mut Out) {
        if self.is_busy(command, out) {
            return;
        }
        let Some(to) = to else {
            out.send(format!("501 Illegal {} command\r\n", command.verb));
            return;
        };
        let is_itself = to.ip().to_canonical() == cx.flow.victim.ip().to_canonical();
        if !is_itself || to.port() < 1_024 {
            self.broke(BOUNCE, out);
            out.send(format!("500 Illegal {} command\r\n", command.verb));
            return;
        }
        out.companion(Companion::Leave);
        self.data = Data::Called(to.port());
        out.send(format!("200 {} command successful\r\n", command.verb));
    }
}

/// By which others are attacked (RFC 2577 §3).
const BOUNCE: &str = "a data connection to somebody else, or to a service (bounce)";

/// Ports for those who do not care which (RFC 6335 §6).
const FIRST: u16 = 49_152;
const LAST: u16 = u16::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_both_forms() {
        assert_eq!(numbers(" 192,0,2,1,4,1 "), Some([192, 0, 2, 1, 4, 1]));
        for wrong in ["", "1,2,3,4,5", "1,2,3,4,5,6,7", "1,2,3,4,5,256", "1,2,3,4,5,-6"] {
            assert_eq!(numbers(wrong), None, "{wrong}");
        }
        for (about, expected) in [
            ("|1|192.0.2.1|1025|", Some("192.0.2.1:1025")),
            ("!2!2001:db8::1!1025!", Some("[2001:db8::1]:1025")),
            ("|1|192.0.2.1|1025", None),
            ("|1|192.0.2.1|70000|", None),
            ("|1|nobody|1025|", None),
            ("", None),
        ] {
            let expected = expected.map(|address| address.parse().unwrap());
            assert_eq!(extended(about), expected, "{about}");
        }
    }
}
