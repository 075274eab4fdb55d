//! Reads the words of a statement from the left.

use super::token::{Token, What};

/// What is left of a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    pub(super) rest: &'a [Token],
}

/// What a table, a function or a database is called, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// What comes before the last dot.
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

impl<'a> Cursor<'a> {
    pub(super) fn peek(&self) -> Option<&'a What> {
        self.rest.first().map(|token| &token.what)
    }

    pub(super) fn take(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Whether nothing is left.
    pub(crate) fn is_over(&self) -> bool {
        self.rest.is_empty()
    }

    /// Takes this word, in any case, if it is next.
    pub(crate) fn keyword(&mut self, wanted: &str) -> bool {
        let is_next =
            matches!(self.peek(), Some(What::Word(word)) if word.eq_ignore_ascii_case(wanted));
        if is_next {
            self.take();
        }
        is_next
    }

    /// Takes these words, if they are next.
    pub(crate) fn keywords(&mut self, wanted: &str) -> bool {
        let mut ahead = *self;
        let are_next = wanted.split(' ').all(|word| ahead.keyword(word));
        if are_next {
            *self = ahead;
        }
        are_next
    }

    pub(super) fn sign(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(&What::Sign(wanted));
        if is_next {
            self.take();
        }
        is_next
    }

    /// Takes a word that is none of SQL's own, in upper case.
    pub(crate) fn word(&mut self) -> Option<String> {
        match self.peek()? {
            What::Word(word) => {
                self.take();
                Some(word.to_ascii_uppercase())
            }
            _ => None,
        }
    }

    /// Takes a text.
    pub(crate) fn text(&mut self) -> Option<&'a str> {
        match self.peek()? {
            What::Text(text) => {
                self.take();
                Some(text)
            }
            _ => None,
        }
    }

    /// Takes a name, in quotes or not, with the names it is in.
    pub(crate) fn name(&mut self) -> Option<Named> {
        let mut named = Named { schema: None, name: self.plain_name()? };
        while self.sign('.') {
            let inner = self.plain_name().unwrap_or_default();
            named = Named { schema: Some(named.name), name: inner };
        }
        Some(named)
    }

    fn plain_name(&mut self) -> Option<String> {
        match self.peek()? {
            What::Name(name) | What::Word(name) => {
                self.take();
                Some(name.clone())
            }
            _ => None,
        }
    }

    /// Passes over what is in brackets, if one opens here; gives what was inside.
    pub(super) fn brackets(&mut self) -> Option<Self> {
        let mut ahead = *self;
        if !ahead.sign('(') {
            return None;
        }
        let inside = ahead.rest;
        let mut depth = 1;
        while let Some(token) = ahead.take() {
            match token.what {
                What::Sign('(') => depth += 1,
                What::Sign(')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let length = inside.len() - ahead.rest.len() - 1;
                *self = ahead;
                return Some(Self { rest: inside.get(..length).unwrap_or_default() });
            }
        }
        None
    }

    /// The parts between commas that are in no brackets.
    pub(super) fn parts(self) -> Vec<Self> {
        let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
        for (place, token) in self.rest.iter().enumerate() {
            match token.what {
                What::Sign('(') => depth += 1,
                What::Sign(')') => depth -= 1,
                What::Sign(',') if depth == 0 => {
                    parts.push(Self { rest: self.rest.get(start..place).unwrap_or_default() });
                    start = place + 1;
                }
                _ => {}
            }
        }
        parts.push(Self { rest: self.rest.get(start..).unwrap_or_default() });
        parts
    }
}
