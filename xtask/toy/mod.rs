//! TOY (name its standard here), as a server that greets whoever gives a name.

mod machine;
mod message;

use self::machine::Toy;
use crate::{Carrier, First, Place, Protocol, Verdict};

pub(crate) const PROTOCOL: Protocol =
    Protocol { name: "toy", carrier: Carrier::Stream, ports: &[], first: First::Client, place: Place::Shaped, probe, start: || Box::new(Toy) };

/// A client says which language it speaks before anything else.
fn probe(seen: &[u8]) -> Verdict {
    const OPENER: &[u8] = b"TOY ";
    match seen.get(..OPENER.len()) {
        Some(start) if start == OPENER => Verdict::Yes,
        None if OPENER.starts_with(seen) => Verdict::NeedMore,
        _ => Verdict::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opener_is_recognised_and_nothing_else() {
        assert_eq!(probe(b"TOY ann\n"), Verdict::Yes);
        assert_eq!(probe(b"TO"), Verdict::NeedMore);
        assert_eq!(probe(b"TOM "), Verdict::No);
    }
}
