//! Sources: the daemon of Git (pack-protocol), with a repository of every name, all of them empty.

mod machine;

use crate::recognise::reader::{Judged, Reader};
use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::Daemon;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "git",
    carrier: Carrier::Stream,
    ports: &[9418],
    first: First::Client,
    place: Place::Marked,
    probe: |seen| judge(&mut Reader::new(seen)).unwrap_or_else(|left| left),
    start: || Box::new(Daemon::default()),
};

/// A packet line (four hexadecimal digits) that asks for a service.
fn judge(head: &mut Reader<'_>) -> Judged {
    head.all(4, |digit| digit.is_ascii_hexdigit())?;
    head.literal(b"git-")?;
    head.word(&["upload-pack ", "receive-pack ", "upload-archive "])?;
    Ok(Verdict::Yes)
}
