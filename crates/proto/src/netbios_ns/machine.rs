//! A host that has whatever name is asked for.

use model::{DnsQuery, Event};

use super::message::{self, Holder, NB, NBSTAT, NetbiosName, QUERY, Request};
use crate::{Cx, Input, Machine, Out, dns};

/// It keeps nothing from one datagram to the next.
pub(super) struct NameService;

impl Machine for NameService {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(bytes) = input else { return };
        match message::read(bytes) {
            Some(request) if request.opcode == QUERY => answer(&request, cx, out),
            // Whoever registers a name wants to hear that it is another's; silence is consent.
            Some(_) => {}
            None => {
                let rule = "not a request for a name".into();
                out.note(Event::Broke { protocol: "netbios-ns", rule });
            }
        }
    }
}

fn answer(request: &Request<'_>, cx: &Cx<'_>, out: &mut Out) {
    let said = if request.is_broadcast && !cx.rules.dns.answers_on_the_link() {
        None
    } else {
        match request.kind {
            NB => address(request, cx, out),
            NBSTAT => names(request, cx),
            _ => None,
        }
    };
    out.note(Event::Dns(DnsQuery {
        name: shown(&request.name),
        query_type: request.kind,
        query_class: 1,
        response_code: said.is_some().then_some(0),
        answers: said.iter().map(|(_, shown)| shown.clone()).collect(),
    }));
    if let Some((response, _)) = said {
        out.send(response);
    }
}

/// The response, and what it says.
type Said = Option<(Vec<u8>, String)>;

/// The name of a host, its logged-on user or its file server; not of groups and their masters,
/// behind which a victim would look for more than we have.
fn address(request: &Request<'_>, cx: &Cx<'_>, out: &mut Out) -> Said {
    if !matches!(request.name.suffix, 0x00 | 0x03 | 0x20) {
        return None;
    }
    let address = dns::link_address_of(&text(&request.name), cx, out)?;
    Some((request.has_address(address), address.to_string()))
}

/// What `nbtstat -A` shows: the names of a workstation that shares files.
fn names(request: &Request<'_>, cx: &Cx<'_>) -> Said {
    let host = cx.persona.host.split('.').next().unwrap_or_default();
    let names = [
        (NetbiosName::new(host, 0x00), Holder::Host),
        (NetbiosName::new(host, 0x20), Holder::Host),
        (NetbiosName::new("WORKGROUP", 0x00), Holder::Group),
    ];
    let listed: Vec<String> = names.iter().map(|(name, _)| shown(name)).collect();
    Some((request.has_names(&names), listed.join(" ")))
}

fn text(name: &NetbiosName) -> String {
    dns::text_of([name.bytes()].into_iter())
}

/// As `nbtstat` shows it, with the suffix.
fn shown(name: &NetbiosName) -> String {
    format!("{}<{:02x}>", text(name), name.suffix)
}
