//! What is asked, and what is answered (RFC 3416 §3).

use super::ber::{self, INTEGER, NULL, OCTETS, SEQUENCE, Value, Values};
use super::mib::Mib;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Get,
    GetNext,
    GetBulk,
    Set,
    Inform,
    /// A notice that wants no answer.
    Trap,
    /// Answers, and reports of others.
    Other,
}

const OPERATIONS: [(u8, Operation, &str); 7] = [
    (0xa0, Operation::Get, "get"),
    (0xa1, Operation::GetNext, "getnext"),
    (0xa3, Operation::Set, "set"),
    (0xa4, Operation::Trap, "trap"),
    (0xa5, Operation::GetBulk, "getbulk"),
    (0xa6, Operation::Inform, "inform"),
    (0xa7, Operation::Trap, "trap"),
];

/// Versions differ in how something that is not there is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    First,
    Later,
}

/// A request.
#[derive(Debug)]
pub(super) struct Pdu<'a> {
    pub(super) operation: Operation,
    word: &'static str,
    pub(super) request: i64,
    /// Of GETBULK: how many are asked for once, and how often the others.
    counts: (i64, i64),
    /// What is asked for, each as it came.
    bindings: Vec<Binding<'a>>,
}

#[derive(Debug)]
struct Binding<'a> {
    name: Vec<u32>,
    value: Value<'a>,
    whole: &'a [u8],
}

/// Tags of what is not there (RFC 3416 §3).
const NO_SUCH_OBJECT: u8 = 0x80;
const END_OF_VIEW: u8 = 0x82;

const RESPONSE: u8 = 0xa2;
const TRAP_OF_VERSION_1: u8 = 0xa4;

/// Most bytes of an answer to GETBULK: it fits a packet, and does not make a flood of a question.
const BULK: usize = 1_200;

impl<'a> Pdu<'a> {
    /// Reads one; nothing if it is broken.
    pub(super) fn read(value: Value<'a>) -> Option<Self> {
        let known = OPERATIONS.iter().find(|(tag, ..)| *tag == value.tag);
        let (_, operation, word) = *known.unwrap_or(&(0, Operation::Other, "other"));
        let mut inside = value.inside();
        if value.tag == TRAP_OF_VERSION_1 {
            return Self::read_old_trap(inside, word);
        }
        let request = inside.integer()?;
        let counts = (inside.integer()?, inside.integer()?);
        let bindings = bindings(inside.of(SEQUENCE)?)?;
        Some(Self { operation, word, request, counts, bindings })
    }

    /// Whose it is, from which address, what happened, when (RFC 1157 §4.1.6). It is named as later
    /// versions name it (RFC 3584 §3.1).
    fn read_old_trap(mut inside: Values<'a>, word: &'static str) -> Option<Self> {
        let mut name = inside.take()?.object()?;
        inside.take()?;
        let (generic, specific) = (inside.of(INTEGER)?, inside.integer()?);
        inside.take()?;
        name.extend([0, u32::try_from(specific).unwrap_or_default()]);
        let mut all = vec![Binding { name, value: generic, whole: generic.whole }];
        all.extend(bindings(inside.of(SEQUENCE)?)?);
        let (operation, counts) = (Operation::Trap, (0, 0));
        Some(Self { operation, word, request: 0, counts, bindings: all })
    }

    /// What is asked, in words: the places, and what they would be set to.
    pub(super) fn command(&self) -> String {
        let shows_values =
            matches!(self.operation, Operation::Set | Operation::Trap | Operation::Inform);
        let binding = |binding: &Binding<'_>| match shows_values {
            true => format!("{} = {}", dotted(&binding.name), shown(&binding.value)),
            false => dotted(&binding.name),
        };
        let bindings: Vec<String> = self.bindings.iter().map(binding).collect();
        format!("{} {}", self.word, bindings.join(", "))
    }

    /// The answer, if there is one.
    pub(super) fn answered(&self, mib: &Mib, dialect: Dialect) -> Option<Vec<u8>> {
        match self.operation {
            Operation::Get => Some(self.found(|name| mib.at(name), NO_SUCH_OBJECT, dialect)),
            Operation::GetNext => Some(self.found(|name| mib.after(name), END_OF_VIEW, dialect)),
            Operation::GetBulk => Some(self.response(0, 0, &self.many(mib))),
            // Not there for whoever may only read (RFC 2576 §4.3).
            Operation::Set => {
                let error = if dialect == Dialect::First { NO_SUCH_NAME } else { NO_ACCESS };
                Some(self.response(error, 1, &self.as_they_came()))
            }
            Operation::Inform => Some(self.response(0, 0, &self.as_they_came())),
            Operation::Trap | Operation::Other => None,
        }
    }

    fn found<'m>(
        &self,
        find: impl Fn(&[u32]) -> Option<&'m (Vec<u32>, Vec<u8>)>,
        missing: u8,
        dialect: Dialect,
    ) -> Vec<u8> {
        let found = self.bindings.iter().map(|binding| (binding, find(&binding.name)));
        let found: Vec<_> = found.collect();
        let absent = found.iter().position(|(_, row)| row.is_none());
        if let (Dialect::First, Some(place)) = (dialect, absent) {
            let place = i64::try_from(place + 1).unwrap_or_default();
            return self.response(NO_SUCH_NAME, place, &self.as_they_came());
        }
        let written = found.iter().map(|(binding, row)| match row {
            Some((name, value)) => pair(name, value),
            None => pair(&binding.name, &ber::value(missing, &[])),
        });
        self.response(0, 0, &written.collect::<Vec<_>>())
    }

    /// Some asked for once, the others again and again from where they came to (RFC 3416 §4.2.3).
    fn many(&self, mib: &Mib) -> Vec<Vec<u8>> {
        let (once, often) = self.counts;
        let once = usize::try_from(once).unwrap_or_default().min(self.bindings.len());
        let (first, others) = self.bindings.split_at_checked(once).unwrap_or_default();
        let mut written: Vec<Vec<u8>> =
            first.iter().map(|binding| next(&binding.name, mib).1).collect();
        let mut names: Vec<Vec<u32>> = others.iter().map(|one| one.name.clone()).collect();
        let mut room = BULK;
        for _ in 0..often {
            let before = names.clone();
            for name in &mut names {
                let (reached, pair) = next(name, mib);
                room = room.saturating_sub(pair.len());
                written.push(pair);
                *name = reached;
            }
            // No room, or nothing left that comes after.
            if room == 0 || names == before {
                break;
            }
        }
        written
    }

    fn as_they_came(&self) -> Vec<Vec<u8>> {
        self.bindings.iter().map(|binding| binding.whole.to_vec()).collect()
    }

    fn response(&self, error: i64, place: i64, bindings: &[Vec<u8>]) -> Vec<u8> {
        pdu(RESPONSE, self.request, (error, place), bindings)
    }
}

/// What an answer says is wrong (RFC 3416 §3).
const NO_SUCH_NAME: i64 = 2;
const NO_ACCESS: i64 = 6;

pub(super) fn pdu(tag: u8, request: i64, counts: (i64, i64), bindings: &[Vec<u8>]) -> Vec<u8> {
    let [first, second] = [counts.0, counts.1].map(ber::integer);
    let bindings = ber::constructed(SEQUENCE, bindings);
    ber::constructed(tag, &[ber::integer(request), first, second, bindings])
}

/// A place and what is there.
pub(super) fn pair(name: &[u32], value: &[u8]) -> Vec<u8> {
    ber::constructed(SEQUENCE, &[ber::object(name), value.to_vec()])
}

/// What comes after a place, and where that is.
fn next(name: &[u32], mib: &Mib) -> (Vec<u32>, Vec<u8>) {
    match mib.after(name) {
        Some((found, value)) => (found.clone(), pair(found, value)),
        None => (name.to_vec(), pair(name, &ber::value(END_OF_VIEW, &[]))),
    }
}

fn bindings(list: Value<'_>) -> Option<Vec<Binding<'_>>> {
    let (mut inside, mut bindings) = (list.inside(), Vec::new());
    while let Some(one) = inside.take() {
        let mut parts = one.inside();
        let name = parts.take()?.object()?;
        bindings.push(Binding { name, value: parts.take()?, whole: one.whole });
    }
    Some(bindings)
}

fn dotted(name: &[u32]) -> String {
    name.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

/// A value as people read it.
fn shown(value: &Value<'_>) -> String {
    match value.tag {
        OCTETS => format!("\"{}\"", String::from_utf8_lossy(value.content)),
        NULL => "null".to_owned(),
        ber::OBJECT => value.object().map(|name| dotted(&name)).unwrap_or_default(),
        INTEGER | 0x41..=0x43 | 0x46 => value.number().unwrap_or_default().to_string(),
        _ => crate::hexadecimal::hexadecimal(value.content),
    }
}
