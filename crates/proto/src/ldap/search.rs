//! SEARCH (RFC 4511 §4.5): what is asked for is written down, and something is found.

use super::directory::{Domain, Entry, root};
use super::filter::Filter;
use super::message::{Code, Message, Outcome, SEARCH_ENTRY, done, message};
use super::netlogon;
use super::session::tell;
use crate::ber::{Ber, ENUMERATED, INTEGER, OCTETS, SEQUENCE, SET, element, group, octets};
use crate::{Cx, Out};

/// What a client looks for.
struct Wish {
    base: String,
    scope: Scope,
    most: usize,
    types_only: bool,
    filter: Filter,
    attributes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Base,
    One,
    Subtree,
}

pub(super) fn search(asked: &Message<'_>, cx: &Cx<'_>, out: &mut Out) -> Option<()> {
    let wish = Wish::read(asked.operation.content)?;
    tell(wish.told(), cx, out);
    let found = wish.found(cx);
    let mut code = Code::Success;
    for (number, entry) in found.iter().enumerate() {
        if number == wish.most {
            code = Code::SizeLimitExceeded;
            break;
        }
        out.send(message(asked.id, wish.written(entry)));
    }
    out.send(done(asked.id, &Outcome::of(code), asked.pages));
    Some(())
}

impl Wish {
    fn read(content: &[u8]) -> Option<Self> {
        let mut inside = Ber::new(content);
        let base = inside.text(OCTETS)?;
        let scope = match inside.number(ENUMERATED)? {
            0 => Scope::Base,
            1 => Scope::One,
            _ => Scope::Subtree,
        };
        inside.number(ENUMERATED)?;
        let most = inside.number(INTEGER)?;
        inside.number(INTEGER)?;
        let types_only = inside.take(1)? != [0];
        let filter = Filter::read(&mut inside, 0)?;
        let mut attributes = Vec::new();
        let mut names = inside.inside(SEQUENCE).unwrap_or(Ber::new(&[]));
        while let Some(name) = names.text(OCTETS) {
            attributes.push(name);
        }
        // No limit is written as 0.
        let most = usize::try_from(most).ok().filter(|most| *most > 0).unwrap_or(usize::MAX);
        Some(Self { base, scope, most, types_only, filter, attributes })
    }

    /// As it is written down.
    fn told(&self) -> String {
        let Self { base, attributes, .. } = self;
        let scope = match self.scope {
            Scope::Base => "base",
            Scope::One => "one",
            Scope::Subtree => "subtree",
        };
        let mut text = format!("search {base:?} {scope} {}", self.filter.written());
        for name in attributes {
            text.push(' ');
            text.push_str(name);
        }
        text
    }

    fn found(&self, cx: &Cx<'_>) -> Vec<Entry> {
        if self.base.is_empty() && self.scope == Scope::Base {
            let netlogon = self.attributes.iter().any(|name| name.eq_ignore_ascii_case("netlogon"));
            let entry = if netlogon { netlogon::entry(&self.filter, cx) } else { root(cx) };
            return vec![entry];
        }
        let domain = Domain::of(&self.base, cx);
        if !domain.has(&self.base) {
            return vec![self.named(cx)];
        }
        let is_inside = |entry: &Entry| match self.scope {
            Scope::Base => entry.is_called(&self.base),
            Scope::One => entry.is_right_below(&self.base),
            Scope::Subtree => entry.is_called(&self.base) || entry.is_below(&self.base),
        };
        let entries = domain.entries(cx).into_iter();
        let mut found: Vec<Entry> =
            entries.filter(|entry| is_inside(entry) && self.filter.fits(entry)).collect();
        if found.is_empty() && self.scope == Scope::Base {
            found.push(self.named(cx));
        }
        found
    }

    /// What is asked for by its name is there, whatever it is called: a small object without
    /// anything to be loaded from elsewhere.
    fn named(&self, cx: &Cx<'_>) -> Entry {
        Entry::container(&self.base, cx)
    }

    /// An entry as far as it is asked for.
    fn written(&self, entry: &Entry) -> Vec<u8> {
        let attributes: Vec<Vec<u8>> = entry
            .attributes()
            .filter(|(name, _)| self.wants(name))
            .map(|(name, values)| {
                let values: Vec<Vec<u8>> = match self.types_only {
                    true => Vec::new(),
                    false => values.iter().map(octets).collect(),
                };
                group(SEQUENCE, &[octets(name), group(SET, &values)])
            })
            .collect();
        element(SEARCH_ENTRY, &[octets(entry.name()), group(SEQUENCE, &attributes)].concat())
    }

    fn wants(&self, name: &str) -> bool {
        let is_named = |wanted: &String| wanted == "*" || wanted.eq_ignore_ascii_case(name);
        self.attributes.is_empty() || self.attributes.iter().any(is_named)
    }
}
