//! What the analyst wants answered to DNS questions, and what has been given out so far.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::GivenAddress;

use super::address_book::AddressBook;
use super::machine::is_to_a_group;
use super::static_names::{StaticName, StaticNameError, StaticNames};
use super::walk::{Walk, WalkSettings};
use crate::derived::{Purpose, derived, pick};
use crate::{Cx, Out};

/// How DNS questions are answered. One for all workers.
#[derive(Debug)]
pub struct Answers {
    mode: Mode,
    ttl: Ttl,
    pub(super) names: StaticNames,
    pub(super) walk: Walk,
    pub(super) link_names: bool,
    book: AddressBook,
}

/// What [`Answers`] is made from, as the configuration says it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which addresses names have (`dns.mode`).
    pub mode: Mode,
    /// How long answers may be kept (`dns.ttl`).
    pub ttl: Ttl,
    /// How many names keep an address of their own (`dns.pool_names`).
    pub pool_names: usize,
    /// Names with answers of their own (`dns.names`); they go before everything else.
    pub names: Vec<StaticName>,
    /// Which other names are denied, and how.
    pub walk: WalkSettings,
    /// Whether names asked of everyone on the link are answered (`dns.link_names`).
    pub link_names: bool,
}

/// Which addresses names have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The same for every name; no address of a kind means no records of that type.
    Fixed {
        /// What A questions are answered with.
        v4: Option<Ipv4Addr>,
        /// What AAAA questions are answered with.
        v6: Option<Ipv6Addr>,
    },
    /// A public-looking address of its own for every name, the same on every ask.
    Pool,
    /// Always our own: the one given here, or else the address that the question was sent to, if
    /// that is of the kind asked for.
    SelfAddress {
        /// What A questions are answered with.
        v4: Option<Ipv4Addr>,
        /// What AAAA questions are answered with.
        v6: Option<Ipv6Addr>,
    },
}

/// How long answers may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ttl {
    /// This many seconds, always.
    Exactly(u32),
    /// As a resolver says it: each name has its usual time, which counts down until it is fetched
    /// anew.
    Natural,
}

/// The addresses a name is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Addresses {
    pub(super) v4: Option<Ipv4Addr>,
    pub(super) v6: Option<Ipv6Addr>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::Pool,
            ttl: Ttl::Natural,
            pool_names: 200_000,
            names: Vec::new(),
            walk: WalkSettings::default(),
            link_names: false,
        }
    }
}

impl Default for Answers {
    fn default() -> Self {
        let Settings { mode, ttl, pool_names, walk, link_names, .. } = Settings::default();
        Self {
            mode,
            ttl,
            names: StaticNames::default(),
            walk: Walk::new(&walk),
            link_names,
            book: AddressBook::new(pool_names),
        }
    }
}

impl Answers {
    /// Reads the settings.
    ///
    /// # Errors
    ///
    /// A static name is not a name, or has two answers.
    pub fn new(settings: &Settings) -> Result<Self, StaticNameError> {
        Ok(Self {
            mode: settings.mode,
            ttl: settings.ttl,
            names: StaticNames::new(&settings.names)?,
            walk: Walk::new(&settings.walk),
            link_names: settings.link_names,
            book: AddressBook::new(settings.pool_names),
        })
    }

    /// The name that was given this address in `pool` mode, written as in
    /// [`model::DnsQuery::name`].
    #[must_use]
    pub fn name_of(&self, address: IpAddr) -> Option<String> {
        self.book.name_of(address)
    }

    /// Whether what is asked of everyone on the link is answered.
    pub(crate) const fn answers_on_the_link(&self) -> bool {
        self.link_names
    }

    /// Takes in what a name was given in an earlier run, so that it keeps it.
    pub fn restore(&self, given: &GivenAddress) {
        self.book.restore(given);
    }

    /// The addresses of a name that has no rule of its own.
    pub(super) fn addresses_of(&self, text: &str, cx: &Cx<'_>, out: &mut Out) -> Addresses {
        match self.mode {
            Mode::Fixed { v4, v6 } => Addresses { v4, v6 },
            Mode::Pool => {
                let own = self.book.addresses_of(text, &cx.persona.seed, out);
                Addresses { v4: Some(own.v4), v6: Some(own.v6) }
            }
            Mode::SelfAddress { v4, v6 } => {
                let asked = Some(cx.flow.orig_dst.ip()).filter(|_| !is_to_a_group(cx));
                Addresses { v4: v4.or_else(|| v4_of(asked?)), v6: v6.or_else(|| v6_of(asked?)) }
            }
        }
    }

    /// How many seconds the records of a name may be kept from now on.
    pub(super) fn ttl_of(&self, text: &str, cx: &Cx<'_>) -> u32 {
        match self.ttl {
            Ttl::Exactly(seconds) => seconds,
            Ttl::Natural => {
                let [choice, phase] = derived(&cx.persona.seed, Purpose::TimeToLive, text);
                let usual = pick(USUAL_TTLS, choice).max(1);
                let now = cx.now.as_secs().unsigned_abs();
                let age = now.wrapping_add(phase) % u64::from(usual);
                usual - u32::try_from(age).unwrap_or_default()
            }
        }
    }

    /// How many seconds it may be kept that there is no such record.
    pub(super) fn negative_ttl(&self) -> u32 {
        match self.ttl {
            Ttl::Exactly(seconds) => seconds,
            Ttl::Natural => NEGATIVE_TTL,
        }
    }
}

fn v4_of(address: IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    }
}

fn v6_of(address: IpAddr) -> Option<Ipv6Addr> {
    match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => Some(address),
    }
}

/// Times to live, in seconds, that zones use, the usual ones more than once.
const USUAL_TTLS: &[u32] = &[60, 300, 300, 300, 600, 1_800, 3_600, 3_600, 7_200, 14_400, 86_400];

/// What most zones say in their SOA record.
const NEGATIVE_TTL: u32 = 300;
