//! Steps through a line.

use super::{ENDS, Fault, Parsed, Parser, SPECIAL};

impl Parser {
    pub(super) fn peek(&self) -> Option<char> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    /// Passes over blanks, lines that go on, and a comment.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match (self.peek(), self.peek_at(1)) {
                (Some(' ' | '\t' | '\r'), _) => self.at += 1,
                (Some('\\'), Some('\n')) => self.at += 2,
                (Some('#'), _) if self.is_at_start_of_word() => self.at += self.until_line_end(),
                _ => return,
            }
        }
    }

    pub(super) fn is_at_start_of_word(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.text.get(before));
        before.is_none_or(|before| SPECIAL.contains(*before))
    }

    pub(super) fn skip_lines(&mut self) -> Parsed<()> {
        self.skip_blanks();
        while self.peek() == Some('\n') {
            self.at += 1;
            self.skip_blanks();
        }
        Ok(())
    }

    /// The unquoted word that stands here, and stays.
    pub(super) fn keyword(&self) -> String {
        let rest = self.text.get(self.at..).unwrap_or_default();
        rest.iter().take_while(|one| !SPECIAL.contains(**one)).collect()
    }

    /// Whether the next word is this one, which is passed over then.
    pub(super) fn takes(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let is_it = !word.is_empty() && self.keyword() == word;
        if is_it {
            self.at += word.chars().count();
        }
        is_it
    }

    pub(super) fn demand(&mut self, word: &str) -> Parsed<()> {
        if self.takes(word) { Ok(()) } else { Err(self.missing()) }
    }

    pub(super) fn expect(&mut self, wanted: char) -> Parsed<()> {
        self.skip_blanks();
        if self.peek() != Some(wanted) {
            return Err(self.missing());
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn is_at_end_of_list(&self) -> bool {
        matches!(self.peek(), None | Some(')')) || ENDS.contains(&self.keyword().as_str())
    }

    /// What stands where something else has to: nothing yet, or something wrong.
    pub(super) fn missing(&mut self) -> Fault {
        self.skip_blanks();
        self.unexpected().map_or(Fault::Unfinished, Fault::Unexpected)
    }

    pub(super) fn unexpected(&self) -> Option<String> {
        let one = self.peek()?;
        let word = self.keyword();
        Some(match one {
            '\n' => "newline".to_owned(),
            _ if word.is_empty() => {
                let double = self.peek_at(1) == Some(one) && ";&|".contains(one);
                one.to_string().repeat(1 + usize::from(double))
            }
            _ => word,
        })
    }
}
