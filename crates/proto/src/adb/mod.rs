//! Android's debug bridge, as devices speak it that ask for no key (AOSP's protocol.txt and SYNC.TXT):
//! messages of streams, each of which is a shell, one line of it, or files that come and go.
//!
//! ```text
//!   bytes ─▶ message ─▶ machine ─┬─▶ shell: lines, or one line
//!                                └─▶ sync: files that are pushed are kept
//! ```

mod machine;
mod message;
mod sync;

use crate::{Carrier, First, Place, Protocol};

use machine::Adb;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "adb",
    carrier: Carrier::Stream,
    ports: &[5555],
    first: First::Client,
    place: Place::Marked,
    probe: message::probe,
    start: || Box::new(Adb::default()),
};

/// What devices are like that can be debugged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Most streams that a connection has at once (`adb.streams`).
    pub streams: usize,
}

impl Default for Settings {
    /// As nobody has set anything.
    fn default() -> Self {
        Self { streams: 32 }
    }
}
