//! Copies: the daemon of rsync, which lists its modules and asks for a password.

mod machine;

use crate::one_by_one::OneByOne;
use crate::recognise::reader::{Judged, Reader, is_digit};
use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::Daemon;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "rsync",
    carrier: Carrier::Stream,
    ports: &[873],
    first: First::Server { also: &[] },
    place: Place::Marked,
    probe: |seen| judge(&mut Reader::new(seen)).unwrap_or_else(|left| left),
    start: || Box::<OneByOne<Daemon>>::default(),
};

fn judge(head: &mut Reader<'_>) -> Judged {
    head.literal(b"@RSYNCD: ")?;
    head.all(1, is_digit)?;
    Ok(Verdict::Yes)
}
