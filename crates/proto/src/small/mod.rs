//! Small services, as a machine has them whose administrator left them on: echo (RFC 862), discard
//! (RFC 863), systat (RFC 866), daytime (RFC 867), the quote of the day (RFC 865), a character
//! generator (RFC 864), time (RFC 868), whois (RFC 3912), gopher (RFC 1436), finger (RFC 1288) and
//! ident (RFC 1413).
//!
//! ```text
//!   says at once        said     systat, daytime, qotd, time
//!   says without end    chargen
//!   hears               heard    echo, discard
//!   answers a line      asked    whois, gopher, finger, ident
//! ```
//!
//! Nobody's bytes look like theirs, or anybody's do: their port says who they are, and whoever is
//! surely something else on it is that.

mod asked;
mod chargen;
mod finger;
mod gopher;
mod heard;
mod ident;
mod people;
mod probe;
mod quotes;
mod said;
mod whois;

use model::Event;

use crate::{Carrier, Cx, First, Machine, Out, Place, Protocol};

use asked::Asked;
use chargen::{Chargen, ChargenOverUdp};
use heard::{Discard, Echo, EchoOverUdp};
use said::{Said, SaidEachTime};

pub(crate) const ECHO: Protocol = client_first("echo", &[7], || Box::new(Echo));
pub(crate) const DISCARD: Protocol = client_first("discard", &[9], || Box::new(Discard));
pub(crate) const SYSTAT: Protocol =
    server_first("systat", &[11], || Box::new(Said(said::who_is_there)));
pub(crate) const DAYTIME: Protocol =
    server_first("daytime", &[13], || Box::new(Said(said::day_and_time)));
pub(crate) const QOTD: Protocol = server_first("qotd", &[17], || Box::new(Said(quotes::of_today)));
pub(crate) const CHARGEN: Protocol =
    server_first("chargen", &[19], || Box::new(Chargen::default()));
pub(crate) const TIME: Protocol = server_first("time", &[37], || Box::new(Said(said::seconds)));

pub(crate) const ECHO_OVER_UDP: Protocol = over_udp(ECHO, || Box::new(EchoOverUdp::default()));
pub(crate) const DISCARD_OVER_UDP: Protocol = over_udp(DISCARD, || Box::new(Discard));
pub(crate) const SYSTAT_OVER_UDP: Protocol =
    over_udp(SYSTAT, || Box::new(SaidEachTime::new("systat", said::who_is_there)));
pub(crate) const DAYTIME_OVER_UDP: Protocol =
    over_udp(DAYTIME, || Box::new(SaidEachTime::new("daytime", said::day_and_time)));
pub(crate) const QOTD_OVER_UDP: Protocol =
    over_udp(QOTD, || Box::new(SaidEachTime::new("qotd", quotes::of_today)));
pub(crate) const CHARGEN_OVER_UDP: Protocol =
    over_udp(CHARGEN, || Box::new(ChargenOverUdp::default()));
pub(crate) const TIME_OVER_UDP: Protocol =
    over_udp(TIME, || Box::new(SaidEachTime::new("time", said::seconds)));

pub(crate) const WHOIS: Protocol = Protocol {
    probe: probe::whois,
    ..client_first("whois", &[43, 4321], || Box::new(Asked::once("whois", whois::answer)))
};
pub(crate) const GOPHER: Protocol = Protocol {
    probe: probe::gopher,
    ..client_first("gopher", &[70], || Box::new(Asked::once("gopher", gopher::answer)))
};
pub(crate) const FINGER: Protocol = Protocol {
    probe: probe::finger,
    ..client_first("finger", &[79], || Box::new(Asked::once("finger", finger::answer)))
};
pub(crate) const IDENT: Protocol = Protocol {
    probe: probe::ident,
    ..client_first("ident", &[113], || Box::new(Asked::on_and_on("ident", ident::answer)))
};

const fn client_first(
    name: &'static str,
    ports: &'static [u16],
    start: fn() -> Box<dyn Machine>,
) -> Protocol {
    Protocol {
        name,
        carrier: Carrier::Stream,
        ports,
        first: First::Client,
        place: Place::Shaped,
        probe: probe::anything,
        start,
    }
}

const fn server_first(
    name: &'static str,
    ports: &'static [u16],
    start: fn() -> Box<dyn Machine>,
) -> Protocol {
    Protocol { first: First::Server { also: &[] }, ..client_first(name, ports, start) }
}

const fn over_udp(row: Protocol, start: fn() -> Box<dyn Machine>) -> Protocol {
    Protocol { carrier: Carrier::Datagram, start, ..row }
}

/// Services that answer whatever they are sent. A datagram from one of their ports is another such
/// service's word, and an answer to it would go round for ever.
const LOOPS: [u16; 7] = [7, 11, 13, 17, 19, 37, 123];

/// Whether an answer would be answered; if so, that is noted once.
fn goes_round(
    name: &'static str,
    noted: &mut crate::broken_rules::BrokenRules,
    cx: &Cx<'_>,
    out: &mut Out,
) -> bool {
    let goes_round = LOOPS.contains(&cx.flow.victim.address().port());
    if goes_round {
        noted.note(name, "asked from the port of a service that answers everything", out);
    }
    goes_round
}

/// Writes down what a service was asked.
fn note_asked(protocol: &'static str, asked: &str, out: &mut Out) {
    let command = asked.to_owned();
    out.note(Event::Command(Box::new(model::ServiceCommand { protocol, command })));
}
