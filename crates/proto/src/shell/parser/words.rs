//! Words of a line: quotes, variables, what commands write.

use super::{Fault, Parsed, Parser, SPECIAL, parse};
use crate::shell::grammar::{Piece, Quoting, Word};

impl Parser {
    /// The next word, if there is one before something else.
    pub(super) fn word(&mut self) -> Parsed<Option<Word>> {
        self.skip_blanks();
        let mut word = Word::default();
        while let Some(next) = self.peek().filter(|next| !SPECIAL.contains(*next)) {
            match next {
                '\'' => word.0.push(self.in_single_quotes()?),
                '"' => self.in_double_quotes(&mut word)?,
                '\\' => self.escaped(&mut word),
                '$' | '`' => word.0.push(self.substitution(Quoting::Split)?),
                _ => self.plain(&mut word),
            }
        }
        Ok(Some(word).filter(|word| !word.0.is_empty()))
    }

    fn plain(&mut self, word: &mut Word) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let is_plain = |one: &&char| !SPECIAL.contains(**one) && !"'\"\\$`".contains(**one);
        let text: String = rest.iter().take_while(is_plain).collect();
        self.at += text.chars().count();
        word.0.push(Piece::Plain(text));
    }

    fn escaped(&mut self, word: &mut Word) {
        self.at += 1;
        match self.take() {
            Some('\n') | None => {}
            Some(next) => word.0.push(Piece::Quoted(next.to_string())),
        }
    }

    fn in_single_quotes(&mut self) -> Parsed<Piece> {
        self.at += 1;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|one| *one == '\'').ok_or(Fault::Unfinished)?;
        let text = rest.get(..length).unwrap_or_default().iter().collect();
        self.at += length + 1;
        Ok(Piece::Quoted(text))
    }

    fn in_double_quotes(&mut self, word: &mut Word) -> Parsed<()> {
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.take().ok_or(Fault::Unfinished)? {
                '"' => break,
                '\\' => match self.take().ok_or(Fault::Unfinished)? {
                    '\n' => {}
                    escaped @ ('"' | '\\' | '$' | '`') => text.push(escaped),
                    other => text.extend(['\\', other]),
                },
                '$' | '`' => {
                    self.at -= 1;
                    word.0.push(Piece::Quoted(std::mem::take(&mut text)));
                    word.0.push(self.substitution(Quoting::Quoted)?);
                }
                other => text.push(other),
            }
        }
        word.0.push(Piece::Quoted(text));
        Ok(())
    }

    /// A variable, or what commands write.
    fn substitution(&mut self, quoting: Quoting) -> Parsed<Piece> {
        if self.take() == Some('`') {
            return self.backquoted(quoting);
        }
        let (name, fallback) = match self.peek() {
            Some('(') => {
                self.at += 1;
                let list = self.list()?;
                self.expect(')')?;
                return Ok(Piece::Output(list, quoting));
            }
            Some('{') => self.in_braces()?,
            Some(one @ ('?' | '$' | '!' | '#' | '@' | '*' | '-' | '0'..='9')) => {
                self.at += 1;
                (one.to_string(), String::new())
            }
            _ => (self.take_name(), String::new()),
        };
        Ok(if name.is_empty() {
            Piece::Quoted("$".to_owned())
        } else {
            Piece::Variable { name, fallback, quoting }
        })
    }

    fn backquoted(&mut self, quoting: Quoting) -> Parsed<Piece> {
        let mut text = String::new();
        loop {
            match self.take().ok_or(Fault::Unfinished)? {
                '`' => break,
                '\\' => match self.take().ok_or(Fault::Unfinished)? {
                    escaped @ ('`' | '\\' | '$') => text.push(escaped),
                    other => text.extend(['\\', other]),
                },
                other => text.push(other),
            }
        }
        match parse(&text, self.levels) {
            // No line to come can end what is between the quotes.
            Err(Fault::Unfinished) => Err(Fault::Unexpected("end of file".to_owned())),
            list => Ok(Piece::Output(list?, quoting)),
        }
    }

    /// `{NAME}` or `{NAME:-TEXT}`.
    fn in_braces(&mut self) -> Parsed<(String, String)> {
        self.at += 1;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|one| *one == '}').ok_or(Fault::Unfinished)?;
        let text: String = rest.get(..length).unwrap_or_default().iter().collect();
        self.at += length + 1;
        let (name, fallback) = text.split_once('-').unwrap_or((&text, ""));
        let name = name.trim_end_matches(':');
        let is_name = name.chars().all(is_of_name) || name.chars().count() == 1;
        if is_name && !name.is_empty() {
            Ok((name.to_owned(), fallback.to_owned()))
        } else {
            Err(Fault::Unexpected(format!("${{{text}}}")))
        }
    }

    fn take_name(&mut self) -> String {
        let name = self.name_at(self.at);
        self.at += name.chars().count();
        name
    }

    pub(super) fn name_at(&self, at: usize) -> String {
        let rest = self.text.get(at..).unwrap_or_default();
        let begins = rest.first().is_some_and(|one| is_of_name(*one) && !one.is_ascii_digit());
        let name = rest.iter().take_while(|one| is_of_name(**one));
        if begins { name.collect() } else { String::new() }
    }
}

fn is_of_name(one: char) -> bool {
    one.is_ascii_alphanumeric() || one == '_'
}
