//! How TLS begins (RFC 8446, RFC 5246, RFC 6101; SSLv2's form in RFC 5246 §E.2): the ClientHello is
//! read here, so that it is recorded whatever the library that terminates TLS makes of it.
//!
//! ```text
//!   bytes ─▶ machine ─▶ collected (records) ─▶ hello ─┬─▶ described     the event
//!              │                                      ├─▶ fingerprint   JA3, JA4
//!              │                                      └─▶ key_kind      which certificate will do
//!              └─▶ Next::Tls, with every byte still unread
//! ```

mod alert;
mod collected;
mod described;
mod fingerprint;
mod hello;
mod machine;
mod probe;

use crate::{Carrier, First, Machine, Place, Protocol};

pub use alert::alert_meaning;
pub use fingerprint::Flavour;
pub use hello::ClientHello;

use machine::HelloReader;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "tls",
    carrier: Carrier::Stream,
    ports: &[
        261, 443, 448, 465, 563, 614, 636, 684, 695, 832, 853, 989, 990, 992, 993, 994, 995, 2083,
        2087, 2096, 2376, 2465, 3269, 5061, 5223, 5349, 5671, 6697, 8443, 8883, 9443,
    ],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(HelloReader::default()),
};

/// What reads the hello of TLS that both sides agreed on, when `inside` goes on in it.
#[must_use]
pub fn agreed_on(inside: &'static Protocol) -> Box<dyn Machine> {
    Box::new(HelloReader::agreed_on(inside))
}

/// Longest record in the clear (RFC 8446 §5.1).
const RECORD_BYTES: usize = 1 << 14;
