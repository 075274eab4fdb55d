//! Names and their addresses: every name has its own, and keeps it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use model::{Event, GivenAddress, Limit};

use super::public_looking;
use crate::Out;
use crate::derived::{Purpose, derived};

/// One book for all workers. Reading a known name is one shared lock and one look-up.
#[derive(Debug)]
pub(super) struct AddressBook {
    known: RwLock<Known>,
    capacity: usize,
    /// Whether it has been said that no more names fit.
    is_full_noted: AtomicBool,
}

/// The address a name has, of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OwnAddresses {
    pub(super) v4: Ipv4Addr,
    pub(super) v6: Ipv6Addr,
}

#[derive(Debug, Default)]
struct Known {
    by_name: HashMap<Arc<str>, OwnAddresses>,
    by_address: HashMap<IpAddr, Arc<str>>,
}

impl AddressBook {
    /// A book with room for `capacity` names.
    pub(super) fn new(capacity: usize) -> Self {
        Self { known: RwLock::default(), capacity, is_full_noted: AtomicBool::new(false) }
    }

    /// The addresses of `name`, which it is given now if it is new.
    ///
    /// Once the book is full, new names still have addresses, the same on every ask, but two of
    /// them may share one, and an address does not lead back to them.
    pub(super) fn addresses_of(&self, name: &str, seed: &[u8; 16], out: &mut Out) -> OwnAddresses {
        if let Some(known) = self.read().by_name.get(name) {
            return *known;
        }
        let mut known = self.write();
        if let Some(addresses) = known.by_name.get(name) {
            return *addresses;
        }
        if known.by_name.len() >= self.capacity {
            drop(known);
            self.note_full(out);
            return candidates(name, seed).next().unwrap_or(LAST_RESORT);
        }
        let free = candidates(name, seed).find(|addresses| known.are_free(*addresses));
        let addresses = free.unwrap_or(LAST_RESORT);
        known.enter(name, addresses);
        drop(known);
        let OwnAddresses { v4, v6 } = addresses;
        out.note(Event::AddressGiven(GivenAddress { name: name.to_owned(), v4, v6 }));
        addresses
    }

    /// The name that has this address.
    pub(super) fn name_of(&self, address: IpAddr) -> Option<String> {
        self.read().by_address.get(&address).map(|name| name.as_ref().to_owned())
    }

    /// Enters what was given earlier, even beyond the capacity: a name keeps its address.
    pub(super) fn restore(&self, given: &GivenAddress) {
        self.write().enter(&given.name, OwnAddresses { v4: given.v4, v6: given.v6 });
    }

    fn note_full(&self, out: &mut Out) {
        if !self.is_full_noted.swap(true, Ordering::Relaxed) {
            out.note(Event::LimitReached(Limit::PoolNames));
        }
    }

    // A worker that panicked while it held the lock left whole entries: there is nothing to mend.
    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn are_free(&self, addresses: OwnAddresses) -> bool {
        !self.by_address.contains_key(&addresses.v4.into())
            && !self.by_address.contains_key(&addresses.v6.into())
    }

    /// The first name entered for an address keeps it.
    fn enter(&mut self, name: &str, addresses: OwnAddresses) {
        let name: Arc<str> = name.into();
        self.by_address.entry(addresses.v4.into()).or_insert_with(|| Arc::clone(&name));
        self.by_address.entry(addresses.v6.into()).or_insert_with(|| Arc::clone(&name));
        self.by_name.insert(name, addresses);
    }
}

/// The addresses a name would like to have, best first.
fn candidates(name: &str, seed: &[u8; 16]) -> impl Iterator<Item = OwnAddresses> {
    (0..=u8::MAX).filter_map(move |attempt| {
        let [first, second] = derived(seed, Purpose::Address { attempt }, name);
        let v4 = public_looking::v4(first)?;
        Some(OwnAddresses { v4, v6: public_looking::v6(second) })
    })
}

/// For a name whose 256 candidates are all taken, which no real run will see.
const LAST_RESORT: OwnAddresses = OwnAddresses {
    v4: Ipv4Addr::new(93, 184, 108, 77),
    v6: Ipv6Addr::new(0x2a01, 0x04f8, 0x0c17, 0x1a2b, 0, 0, 0, 2),
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::Action;

    const SEED: [u8; 16] = [7; 16];

    fn events(out: &mut Out) -> Vec<Event> {
        let noted = out.take_actions().filter_map(|action| match action {
            Action::Note(event) => Some(event),
            _ => None,
        });
        noted.collect()
    }

    #[test]
    fn a_name_keeps_its_addresses_and_they_lead_back_to_it() {
        let book = AddressBook::new(10);
        let mut out = Out::default();
        let first = book.addresses_of("example.test", &SEED, &mut out);
        assert_eq!(events(&mut out).len(), 1, "the first ask gives it");
        assert_eq!(book.addresses_of("example.test", &SEED, &mut out), first);
        assert!(events(&mut out).is_empty(), "later asks give nothing new");
        assert_eq!(book.name_of(first.v4.into()).as_deref(), Some("example.test"));
        assert_eq!(book.name_of(first.v6.into()).as_deref(), Some("example.test"));
    }

    #[test]
    fn another_installation_gives_other_addresses() {
        let book = AddressBook::new(10);
        let ours = book.addresses_of("example.test", &SEED, &mut Out::default());
        let theirs =
            AddressBook::new(10).addresses_of("example.test", &[8; 16], &mut Out::default());
        assert_ne!(ours, theirs);
    }

    #[test]
    fn what_was_given_before_a_restart_holds_whatever_the_secret_is_now() {
        let (v4, v6) = (Ipv4Addr::new(5, 6, 7, 8), Ipv6Addr::LOCALHOST);
        let book = AddressBook::new(0);
        book.restore(&GivenAddress { name: "example.test".to_owned(), v4, v6 });
        let mut out = Out::default();
        assert_eq!(book.addresses_of("example.test", &SEED, &mut out), OwnAddresses { v4, v6 });
        assert_eq!(book.name_of(v4.into()).as_deref(), Some("example.test"));
        assert!(events(&mut out).is_empty());
    }

    #[test]
    fn a_taken_address_is_not_given_again() {
        let wanted = candidates("example.test", &SEED).next().unwrap();
        let book = AddressBook::new(10);
        let earlier = GivenAddress { name: "first.test".to_owned(), v4: wanted.v4, v6: wanted.v6 };
        book.restore(&earlier);
        let given = book.addresses_of("example.test", &SEED, &mut Out::default());
        assert_eq!(Some(given), candidates("example.test", &SEED).nth(1));
        assert_eq!(book.name_of(wanted.v4.into()).as_deref(), Some("first.test"));
    }

    #[test]
    fn a_full_book_says_so_once_and_goes_on_answering() {
        let book = AddressBook::new(1);
        let mut out = Out::default();
        book.addresses_of("first.test", &SEED, &mut out);
        let second = book.addresses_of("second.test", &SEED, &mut out);
        assert_eq!(book.addresses_of("second.test", &SEED, &mut out), second);
        assert_eq!(book.name_of(second.v4.into()), None);
        let limits = |event: &Event| matches!(event, Event::LimitReached(Limit::PoolNames));
        assert_eq!(events(&mut out).iter().filter(|event| limits(event)).count(), 1);
    }

    #[test]
    fn twenty_thousand_names_share_no_address() {
        let book = AddressBook::new(20_000);
        let mut seen = HashSet::new();
        for number in 0..20_000 {
            let own = book.addresses_of(&format!("n{number}.test"), &SEED, &mut Out::default());
            assert!(seen.insert(IpAddr::from(own.v4)) && seen.insert(own.v6.into()), "{own:?}");
        }
    }
}
