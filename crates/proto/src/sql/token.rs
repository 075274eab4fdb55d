//! Words of SQL: names, texts, numbers, signs. Comments are left out, but for what MySQL runs of them.

use super::Quotes;

/// A word, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) what: What,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// In quotes of names.
    Name(String),
    Number(String),
    Sign(char),
    Text(String),
    /// With the signs it begins with: `@@version`.
    Variable(String),
    Word(String),
}

/// The words of a text.
pub(super) fn tokens(text: &str, double_quotes: Quotes) -> Vec<Token> {
    let mut reader = Reader { text, place: 0, double_quotes };
    let mut tokens = Vec::new();
    while let Some(token) = reader.next() {
        tokens.push(token);
    }
    tokens
}

struct Reader<'a> {
    text: &'a str,
    place: usize,
    double_quotes: Quotes,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.place..).unwrap_or_default()
    }

    fn next(&mut self) -> Option<Token> {
        while self.skip_blanks() || self.skip_comment() {}
        let start = self.place;
        let first = self.rest().chars().next()?;
        let what = match first {
            '\'' => What::Text(self.quoted('\'')),
            '"' if self.double_quotes == Quotes::Text => What::Text(self.quoted('"')),
            '"' => What::Name(self.quoted('"')),
            '`' => What::Name(self.quoted('`')),
            '[' => What::Name(self.quoted(']')),
            '@' => What::Variable(self.while_is(is_of_variable)),
            '0'..='9' => What::Number(self.while_is(is_of_number)),
            letter if is_of_word(letter) => What::Word(self.while_is(is_of_word)),
            sign => {
                self.place += sign.len_utf8();
                What::Sign(sign)
            }
        };
        Some(Token { what, start, end: self.place })
    }

    fn skip_blanks(&mut self) -> bool {
        let before = self.place;
        self.place = self.text.len() - self.rest().trim_start().len();
        self.place > before
    }

    /// `-- `, `#` and `/* */`; of `/*! */` and `/*!40101 */` only the marks are skipped.
    fn skip_comment(&mut self) -> bool {
        let rest = self.rest();
        let length = if rest.starts_with("--") || rest.starts_with('#') {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(run) = rest.strip_prefix("/*!") {
            rest.len() - run.trim_start_matches(|letter: char| letter.is_ascii_digit()).len()
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("*/") {
            2
        } else {
            return false;
        };
        self.place += length;
        true
    }

    /// What is between two quotes; two at once are one that is meant, and so is one after a `\`.
    fn quoted(&mut self, end: char) -> String {
        self.place += 1;
        let mut text = String::new();
        let mut letters = self.rest().char_indices().peekable();
        while let Some((place, letter)) = letters.next() {
            let is_doubled = letters.peek().is_some_and(|(_, next)| *next == end);
            match letter {
                letter if letter == end && is_doubled => {
                    letters.next();
                    text.push(end);
                }
                letter if letter == end => {
                    self.place += place + 1;
                    return text;
                }
                '\\' if end != ']' => text.extend(letters.next().map(|(_, letter)| letter)),
                letter => text.push(letter),
            }
        }
        self.place = self.text.len();
        text
    }

    fn while_is(&mut self, fits: fn(char) -> bool) -> String {
        let rest = self.rest();
        let length = rest.find(|letter| !fits(letter)).unwrap_or(rest.len());
        self.place += length;
        rest.get(..length).unwrap_or_default().to_owned()
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$')
}

fn is_of_variable(letter: char) -> bool {
    is_of_word(letter) || matches!(letter, '@' | '.')
}

fn is_of_number(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(text: &str) -> Vec<What> {
        tokens(text, Quotes::Name).into_iter().map(|token| token.what).collect()
    }

    #[test]
    fn words_texts_names_and_comments_are_told_apart() {
        let word = |text: &str| What::Word(text.to_owned());
        assert_eq!(
            whats(
                "/* a */ Select -- b\n 'it''s \\'', \"a\"\"b\", `c`,[d],@@version,0x4d,/*!50000 e */"
            ),
            [
                word("Select"),
                What::Text("it's '".to_owned()),
                What::Sign(','),
                What::Name("a\"b".to_owned()),
                What::Sign(','),
                What::Name("c".to_owned()),
                What::Sign(','),
                What::Name("d".to_owned()),
                What::Sign(','),
                What::Variable("@@version".to_owned()),
                What::Sign(','),
                What::Number("0x4d".to_owned()),
                What::Sign(','),
                word("e"),
            ]
        );
        assert_eq!(whats("'never ends"), [What::Text("never ends".to_owned())]);
        assert_eq!(whats("/* never ends"), []);
        assert_eq!(whats("é\u{2028}'"), [word("é"), What::Text(String::new())]);
    }
}
