//! A router that is looked for.

use std::net::IpAddr;

use model::{Event, ServiceCommand};

use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::{Cx, Input, Machine, Out, dns};

#[derive(Default)]
pub(super) struct Router {
    broken_rules: BrokenRules,
}

/// What a router is (UPnP IGD 1.0), the whole before its parts.
const KINDS: [&str; 4] = [
    "upnp:rootdevice",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
    "urn:schemas-upnp-org:service:WANIPConnection:1",
    "urn:schemas-upnp-org:service:WANPPPConnection:1",
];

impl Machine for Router {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(bytes) = input else { return };
        let text = String::from_utf8_lossy(bytes);
        if !text.starts_with("M-SEARCH ") {
            // An announcement is nobody's question; everything else breaks the protocol.
            if !text.starts_with("NOTIFY ") {
                self.broken_rules.note("ssdp", "neither a search nor an announcement", out);
            }
            return;
        }
        let Some(wanted) = field(&text, "ST") else {
            return self.broken_rules.note("ssdp", "a search for nothing", out);
        };
        let command = format!("M-SEARCH {wanted}");
        out.note(Event::Command(Box::new(ServiceCommand { protocol: "ssdp", command })));
        answer(wanted, cx, out);
    }
}

/// The value of a field, in whatever case its name is.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = text.lines().skip(1).filter_map(|line| line.split_once(':'));
    let found = fields.find(|(known, _)| known.trim().eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// One answer for each kind of device that is looked for; to a search for all, the device's alone, so
/// that answers are no more than questions.
fn answer(wanted: &str, cx: &Cx<'_>, out: &mut Out) {
    let kind = match wanted {
        "ssdp:all" => KINDS.first().copied(),
        wanted => KINDS.into_iter().find(|kind| kind.eq_ignore_ascii_case(wanted)),
    };
    let (Some(kind), Some(host)) = (kind, host(cx, out)) else { return };
    let [first, second] = derived(&cx.persona.seed, Purpose::SmallService, "router");
    let unique =
        format!("uuid:{:08x}-{:04x}-1000-8000-{:012x}", first >> 32, first & 0xffff, second >> 16);
    let date = moment(cx).strftime("%a, %d %b %Y %H:%M:%S GMT");
    out.send(format!(
        "HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nDATE: {date}\r\nEXT:\r\n\
         LOCATION: http://{host}:5000/rootDesc.xml\r\n\
         SERVER: Linux/3.14.77 UPnP/1.1 MiniUPnPd/1.9\r\nST: {kind}\r\n\
         USN: {unique}::{kind}\r\n\r\n"
    ));
}

/// Where the router is: whom the victim asked; if that was everybody, where names of the link are.
fn host(cx: &Cx<'_>, out: &mut Out) -> Option<String> {
    let asked = cx.flow.orig_dst.ip();
    if !asked.is_multicast() {
        return Some(match asked {
            IpAddr::V4(four) => four.to_string(),
            IpAddr::V6(six) => format!("[{six}]"),
        });
    }
    dns::link_address_of("router.local", cx, out).map(|address| address.to_string())
}

fn moment(cx: &Cx<'_>) -> jiff::Timestamp {
    jiff::Timestamp::from_second(cx.now.as_secs()).unwrap_or_default()
}
