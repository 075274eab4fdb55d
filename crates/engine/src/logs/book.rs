//! Things by whom they are between, to be found even if one side saw another destination.

use std::collections::HashMap;

use model::{Transport, Victim};

use crate::session::Whom;

/// Entries by both their ends. A `REDIRECT` rule rewrites the destination: a log rule behind it
/// sees our own port, and so does a UDP socket. Then the victim's address and port have to do.
#[derive(Debug)]
pub(super) struct Book<T> {
    entries: HashMap<Whom, T>,
    newest: HashMap<(Transport, Victim), Whom>,
}

/// The ports that destinations are rewritten to.
#[derive(Clone, Debug)]
pub(super) struct DoorPorts(pub(super) Vec<u16>);

impl DoorPorts {
    /// Whether these may be the same flow, seen from before and from behind such a rule.
    fn blur(&self, one: Whom, other: Whom) -> bool {
        [one, other].iter().any(|whom| self.0.contains(&whom.orig_dst.port()))
    }
}

impl<T> Default for Book<T> {
    fn default() -> Self {
        Self { entries: HashMap::new(), newest: HashMap::new() }
    }
}

impl<T> Book<T> {
    /// Under which ends the entry for these is written, if there is one.
    pub(super) fn ends(&self, whom: Whom, doors: &DoorPorts) -> Option<Whom> {
        if self.entries.contains_key(&whom) {
            return Some(whom);
        }
        let newest = self.newest.get(&(whom.transport, whom.victim))?;
        doors.blur(whom, *newest).then_some(*newest)
    }

    pub(super) fn find(&mut self, whom: &Whom) -> Option<&mut T> {
        self.entries.get_mut(whom)
    }

    pub(super) fn add(&mut self, whom: Whom, entry: T) {
        self.newest.insert((whom.transport, whom.victim), whom);
        self.entries.insert(whom, entry);
    }

    pub(super) fn remove(&mut self, whom: &Whom) -> Option<T> {
        let victim = (whom.transport, whom.victim);
        if self.newest.get(&victim) == Some(whom) {
            self.newest.remove(&victim);
        }
        self.entries.remove(whom)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{tcp_to, victim};

    fn doors() -> DoorPorts {
        DoorPorts(vec![9_999])
    }

    #[test]
    fn the_destination_counts_unless_one_side_saw_our_own_port() {
        let mut book = Book::default();
        book.add(tcp_to(80), "web");
        assert_eq!(book.ends(tcp_to(80), &doors()), Some(tcp_to(80)));
        assert_eq!(book.ends(tcp_to(443), &doors()), None);
        assert_eq!(book.ends(tcp_to(9_999), &doors()), Some(tcp_to(80)));
        let other = Whom { victim: victim(5), ..tcp_to(9_999) };
        assert_eq!(book.ends(other, &doors()), None);
    }

    #[test]
    fn what_is_removed_is_not_found_again() {
        let mut book = Book::default();
        book.add(tcp_to(80), "first");
        book.add(tcp_to(81), "second");
        assert_eq!(book.remove(&tcp_to(81)), Some("second"));
        assert_eq!(book.ends(tcp_to(9_999), &doors()), None);
        assert_eq!(book.ends(tcp_to(80), &doors()), Some(tcp_to(80)));
        assert_eq!((book.remove(&tcp_to(80)), book.len()), (Some("first"), 0));
        assert!(book.newest.is_empty());
    }
}
