//! What is marked on a mail (RFC 3501 §2.3.2).

use super::arguments::Value;

/// Marks of one mail: those of the system, and words of the client's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags(Vec<String>);

/// Those of the system that a client may set, in the order they are listed.
pub(super) const SYSTEM: [&str; 5] = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"];

pub(super) const DELETED: &str = "\\Deleted";
pub(super) const SEEN: &str = "\\Seen";

/// What a client wants done with marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Add,
    Remove,
    Replace,
}

impl Flags {
    /// The marks in an argument; those of the system that are none are passed over.
    pub(super) fn read(values: &[Value]) -> Self {
        let mut flags = Self::default();
        for value in values {
            let words = value.list().iter().filter_map(Value::text);
            words.filter_map(canonical).for_each(|flag| flags.add(&flag));
        }
        flags
    }

    pub(super) fn seen() -> Self {
        Self(vec![SEEN.to_owned()])
    }

    pub(super) fn has(&self, flag: &str) -> bool {
        self.0.iter().any(|known| known.eq_ignore_ascii_case(flag))
    }

    pub(super) fn add(&mut self, flag: &str) {
        if !self.has(flag) {
            self.0.push(flag.to_owned());
        }
    }

    pub(super) fn changed(&self, change: Change, by: &Self) -> Self {
        match change {
            Change::Add => {
                let mut flags = self.clone();
                by.0.iter().for_each(|flag| flags.add(flag));
                flags
            }
            Change::Remove => Self(self.0.iter().filter(|flag| !by.has(flag)).cloned().collect()),
            Change::Replace => by.clone(),
        }
    }

    /// How much room the client's own words take.
    pub(super) fn bytes(&self) -> usize {
        self.0.iter().filter(|flag| !flag.starts_with('\\')).map(String::len).sum()
    }

    /// As a list is written; `also` is what the server alone may set.
    pub(super) fn written(&self, also: Option<&str>) -> String {
        let flags = self.0.iter().map(String::as_str).chain(also);
        format!("({})", flags.collect::<Vec<_>>().join(" "))
    }
}

/// A mark as it is kept.
fn canonical(flag: &str) -> Option<String> {
    if flag.starts_with('\\') {
        let known = SYSTEM.iter().find(|known| known.eq_ignore_ascii_case(flag));
        return known.map(|known| (*known).to_owned());
    }
    let is_word = |letter: char| letter.is_ascii_graphic() && !"(){%*\"]".contains(letter);
    Some(flag.to_owned()).filter(|flag| !flag.is_empty() && flag.chars().all(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> Flags {
        let words = text.split(' ').map(|word| Value::Atom(word.to_owned()));
        Flags::read(&words.collect::<Vec<_>>())
    }

    #[test]
    fn marks_are_added_taken_away_and_replaced() {
        let before = flags("\\seen work \\Recent \\Odd");
        assert_eq!(before.written(Some("\\Recent")), "(\\Seen work \\Recent)");
        let other = flags("\\Deleted WORK");
        assert_eq!(before.changed(Change::Add, &other).written(None), "(\\Seen work \\Deleted)");
        assert_eq!(before.changed(Change::Remove, &other), flags("\\Seen"));
        assert_eq!(before.changed(Change::Replace, &other), other);
        assert_eq!(before.bytes(), 4);
    }
}
