//! What looks like chance and is always the same: numbers derived from the installation's secret.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

/// What a number is for. Two purposes never share a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// An address of its own for a name; a later attempt if the earlier ones were taken.
    Address { attempt: u8 },
    /// What separates the parts of a body.
    Boundary,
    /// What a database server says of itself.
    Database,
    /// What the other side of a login has to make its answer with.
    Challenge,
    /// The chat network, and who is in its channels.
    Chat,
    /// The device that a shell runs on.
    Device,
    /// What a file is made of where its format leaves it free.
    Contents,
    /// When a page was last changed, and which of some wordings it has.
    Page,
    /// The provider in whose network an address is said to lie.
    Provider,
    /// The address by which the world is said to know the victim's network.
    PublicAddress,
    /// What a mail is called in a queue.
    QueueId,
    /// What lies in a mailbox.
    Letter,
    /// What small services say: who is logged in, a quote, whose a name is.
    SmallService,
    /// The serial number of a zone.
    Serial,
    /// What is in a directory: the domain, and what its objects are known by.
    Directory,
    /// How long the records of a name may be kept.
    TimeToLive,
    /// Since when servers have been running.
    Uptime,
}

/// 128 bits that nobody can foresee who does not know `seed`.
pub(crate) fn derived(seed: &[u8; 16], purpose: Purpose, text: &str) -> [u64; 2] {
    let mut hasher = SipHasher13::new_with_key(seed);
    hasher.write(text.as_bytes());
    // 0xff never occurs in text, so no text runs into a purpose.
    hasher.write(&match purpose {
        Purpose::Address { attempt } => [0xff, 0, attempt],
        Purpose::Page => [0xff, 1, 0],
        Purpose::Provider => [0xff, 2, 0],
        Purpose::Serial => [0xff, 3, 0],
        Purpose::TimeToLive => [0xff, 4, 0],
        Purpose::Boundary => [0xff, 5, 0],
        Purpose::Challenge => [0xff, 6, 0],
        Purpose::PublicAddress => [0xff, 7, 0],
        Purpose::Contents => [0xff, 8, 0],
        Purpose::QueueId => [0xff, 9, 0],
        Purpose::Chat => [0xff, 10, 0],
        Purpose::Letter => [0xff, 11, 0],
        Purpose::Directory => [0xff, 50, 0],
        Purpose::SmallService => [0xff, 40, 0],
        Purpose::Database => [0xff, 20, 0],
        Purpose::Uptime => [0xff, 21, 0],
        Purpose::Device => [0xff, 40, 0],
    });
    let (first, second) = hasher.finish128().as_u64();
    [first, second]
}

/// Picks one of `choices`, which must not be empty.
pub(crate) fn pick<T: Copy + Default>(choices: &[T], number: u64) -> T {
    let count = choices.len().max(1) as u64;
    let index = usize::try_from(number % count).unwrap_or_default();
    choices.get(index).copied().unwrap_or_default()
}
