//! Reads a line of a shell.

mod steps;
mod words;

use super::grammar::{Command, Joint, Kind, List, Piece, Pipeline, Redirection, Sense, To, Word};

/// Why there is nothing to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// More levels inside each other than are followed.
    TooDeep,
    /// This has no place where it stands.
    Unexpected(String),
    /// More lines have to come first.
    Unfinished,
}

type Parsed<T> = Result<T, Fault>;

/// Reads all of `text`; no more than `levels` inside each other.
pub(super) fn parse(text: &str, levels: usize) -> Parsed<List> {
    let mut parser = Parser { text: text.chars().collect(), at: 0, levels };
    let list = parser.list()?;
    match parser.unexpected() {
        None => Ok(list),
        Some(found) => Err(Fault::Unexpected(found)),
    }
}

struct Parser {
    text: Vec<char>,
    at: usize,
    /// How many more levels may be opened.
    levels: usize,
}

/// Words that end a list where a command could begin.
const ENDS: &[&str] = &["then", "elif", "else", "fi", "do", "done", "}", "esac"];

/// What no word has in it unless it is quoted.
const SPECIAL: &str = " \t\r\n;&|<>()";

impl Parser {
    fn list(&mut self) -> Parsed<List> {
        self.levels = self.levels.checked_sub(1).ok_or(Fault::TooDeep)?;
        let (mut list, mut joint) = (List::default(), Joint::Always);
        loop {
            self.skip_lines()?;
            if self.is_at_end_of_list() {
                break;
            }
            list.0.push((joint, self.pipeline()?));
            let next = self.joint()?;
            joint = next.unwrap_or(Joint::Always);
            if next.is_none() {
                break;
            }
        }
        self.levels += 1;
        if joint == Joint::Always { Ok(list) } else { Err(self.missing()) }
    }

    /// What comes between two pipelines, if that is something that may.
    fn joint(&mut self) -> Parsed<Option<Joint>> {
        self.skip_blanks();
        Ok(match (self.peek(), self.peek_at(1)) {
            (Some('&'), Some('&')) => self.pass(2, Joint::IfRight),
            (Some('|'), Some('|')) => self.pass(2, Joint::IfWrong),
            (Some(';'), Some(';')) => None,
            (Some(';' | '&'), _) => self.pass(1, Joint::Always),
            (Some('\n'), _) => Some(Joint::Always),
            _ => None,
        })
    }

    fn pass<T>(&mut self, characters: usize, value: T) -> Option<T> {
        self.at += characters;
        Some(value)
    }

    fn pipeline(&mut self) -> Parsed<Pipeline> {
        let sense = if self.takes("!") { Sense::Turned } else { Sense::AsIs };
        let mut commands = vec![self.command()?];
        loop {
            self.skip_blanks();
            if self.peek() != Some('|') || self.peek_at(1) == Some('|') {
                return Ok(Pipeline { sense, commands });
            }
            self.at += 1;
            self.skip_lines()?;
            commands.push(self.command()?);
        }
    }

    fn command(&mut self) -> Parsed<Command> {
        self.skip_blanks();
        let kind = match self.keyword().as_str() {
            "{" => Kind::Group(self.between("{", "}")?),
            "if" => self.condition()?,
            "for" => self.repetition_over_words()?,
            "while" => self.repetition("while", Sense::AsIs)?,
            "until" => self.repetition("until", Sense::Turned)?,
            _ if self.peek() == Some('(') => {
                self.at += 1;
                let list = self.list()?;
                self.expect(')')?;
                Kind::Subshell(list)
            }
            _ => return self.simple(),
        };
        let mut redirections = Vec::new();
        while let Some(redirection) = self.redirection()? {
            redirections.push(redirection);
        }
        Ok(Command { kind, redirections })
    }

    fn between(&mut self, start: &str, end: &str) -> Parsed<List> {
        self.demand(start)?;
        let list = self.list()?;
        self.demand(end)?;
        Ok(list)
    }

    fn condition(&mut self) -> Parsed<Kind> {
        self.demand("if")?;
        let mut branches = Vec::new();
        loop {
            let condition = self.list()?;
            self.demand("then")?;
            branches.push((condition, self.list()?));
            if !self.takes("elif") {
                break;
            }
        }
        let otherwise = if self.takes("else") { self.list()? } else { List::default() };
        self.demand("fi")?;
        Ok(Kind::If { branches, otherwise })
    }

    fn repetition(&mut self, word: &str, sense: Sense) -> Parsed<Kind> {
        self.demand(word)?;
        let condition = self.list()?;
        Ok(Kind::While { sense, condition, body: self.between("do", "done")? })
    }

    fn repetition_over_words(&mut self) -> Parsed<Kind> {
        self.demand("for")?;
        self.skip_blanks();
        let name = self.keyword();
        self.demand(&name.clone())?;
        let mut words = Vec::new();
        if self.takes("in") {
            while let Some(word) = self.word()? {
                words.push(word);
            }
        }
        self.skip_blanks();
        if self.peek() == Some(';') {
            self.at += 1;
        }
        self.skip_lines()?;
        Ok(Kind::For { name, words, body: self.between("do", "done")? })
    }

    fn simple(&mut self) -> Parsed<Command> {
        let (mut assignments, mut words, mut redirections) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            if let Some(redirection) = self.redirection()? {
                redirections.push(redirection);
                continue;
            }
            if words.is_empty()
                && let Some(name) = self.assigned()
            {
                assignments.push((name, self.word()?.unwrap_or_default()));
                continue;
            }
            match self.word()? {
                Some(word) => words.push(word),
                None => break,
            }
        }
        if assignments.is_empty() && words.is_empty() && redirections.is_empty() {
            return Err(self.missing());
        }
        Ok(Command { kind: Kind::Simple { assignments, words }, redirections })
    }

    /// The name of a variable that is given a value here. The value may be empty.
    fn assigned(&mut self) -> Option<String> {
        self.skip_blanks();
        let name = self.name_at(self.at);
        let end = self.at + name.chars().count();
        if name.is_empty() || self.text.get(end) != Some(&'=') {
            return None;
        }
        self.at = end + 1;
        Some(name)
    }

    fn redirection(&mut self) -> Parsed<Option<Redirection>> {
        self.skip_blanks();
        let (stream, length) = match (self.peek(), self.peek_at(1)) {
            (Some('&'), Some('>')) => return self.both_streams().map(Some),
            (Some('<'), _) => (0, 0),
            (Some('>'), _) => (1, 0),
            (Some(digit @ '0'..='9'), Some('<' | '>')) => {
                (u8::try_from(digit).unwrap_or(b'0') - b'0', 1)
            }
            _ => return Ok(None),
        };
        self.at += length;
        let to = match (self.take(), self.peek(), self.peek_at(1)) {
            (Some('<'), Some('<'), Some('<')) => {
                self.at += 2;
                To::Text(self.target()?)
            }
            (Some('<'), Some('<'), _) => self.document()?,
            (_, Some('&'), _) => self.other_stream()?,
            (Some('<'), ..) => To::Read(self.target()?),
            (_, Some('>'), _) => {
                self.at += 1;
                To::Append(self.target()?)
            }
            (_, Some('|'), _) => {
                self.at += 1;
                To::Write(self.target()?)
            }
            _ => To::Write(self.target()?),
        };
        Ok(Some(Redirection { stream, to }))
    }

    /// `&>`, which is written as if both streams were meant.
    fn both_streams(&mut self) -> Parsed<Redirection> {
        self.at += 2;
        Ok(Redirection { stream: BOTH, to: To::Write(self.target()?) })
    }

    fn other_stream(&mut self) -> Parsed<To> {
        self.at += 1;
        let stream = self.take().and_then(|character| u8::try_from(character).ok());
        match stream {
            Some(digit @ b'0'..=b'2') => Ok(To::As(digit - b'0')),
            Some(b'-') => Ok(To::Write(Word(vec![Piece::Plain("/dev/null".to_owned())]))),
            _ => Err(self.missing()),
        }
    }

    fn target(&mut self) -> Parsed<Word> {
        self.word()?.ok_or_else(|| self.missing())
    }

    /// A here-document: its text comes after the end of this line. It is taken as it stands.
    fn document(&mut self) -> Parsed<To> {
        self.at += 1;
        if self.peek() == Some('-') {
            self.at += 1;
        }
        let end: String = self.target()?.0.iter().map(plain_text).collect();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let line = rest.iter().position(|one| *one == '\n').ok_or(Fault::Unfinished)?;
        let mut start = self.at + line + 1;
        let mut text = String::new();
        loop {
            let rest = self.text.get(start..).unwrap_or_default();
            let length = rest.iter().position(|one| *one == '\n').unwrap_or(rest.len());
            let line: String = rest.get(..length).unwrap_or_default().iter().collect();
            let next = (start + length + 1).min(self.text.len());
            if line.trim_start_matches('\t') == end {
                self.cut(self.at + self.until_line_end() + 1, next);
                return Ok(To::Text(Word(vec![Piece::Quoted(text)])));
            }
            if start >= self.text.len() {
                return Err(Fault::Unfinished);
            }
            text.push_str(&line);
            text.push('\n');
            start = next;
        }
    }

    fn until_line_end(&self) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        rest.iter().position(|one| *one == '\n').unwrap_or(rest.len())
    }

    /// Takes out what was read ahead.
    fn cut(&mut self, from: usize, to: usize) {
        if from <= to && to <= self.text.len() {
            self.text.drain(from..to);
        }
    }
}

/// Both of the streams that are written to.
pub(super) const BOTH: u8 = 12;

fn plain_text(piece: &Piece) -> &str {
    match piece {
        Piece::Plain(text) | Piece::Quoted(text) => text,
        Piece::Output(..) | Piece::Variable { .. } => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<Fault> {
        parse(text, 10).err()
    }

    #[test]
    fn what_is_not_finished_waits_for_more() {
        for text in [
            "echo 'a",
            "echo \"a",
            "echo a &&",
            "a |",
            "if true; then",
            "for i in a b; do x",
            "while true",
            "(a",
            "echo $(b",
            "cat <<E\nx",
            "{ a;",
            "a `b",
        ] {
            assert_eq!(fault(text), Some(Fault::Unfinished), "{text:?}");
        }
    }

    #[test]
    fn what_has_no_place_is_named() {
        for (text, found) in [
            ("fi", "fi"),
            (";", ";"),
            ("a;;b", ";;"),
            ("a | | b", "|"),
            (")", ")"),
            ("&& a", "&&"),
            ("for i in a; echo", "echo"),
            ("if a; fi", "fi"),
            ("a > ;", ";"),
            ("f() { a; }", "("),
            ("`(`", "end of file"),
            ("${a b}", "${a b}"),
        ] {
            assert_eq!(fault(text), Some(Fault::Unexpected(found.to_owned())), "{text:?}");
        }
    }

    #[test]
    fn nothing_goes_deeper_than_it_may() {
        assert_eq!(fault(&"(".repeat(11)), Some(Fault::TooDeep));
        assert_eq!(fault(&"$(".repeat(100_000)), Some(Fault::TooDeep));
        assert_eq!(fault(&format!("{}a{}", "(".repeat(9), ")".repeat(9))), None);
    }

    #[test]
    fn lists_are_joined_in_every_way() {
        let list = parse("a && b || c; d & e\n# f\ng", 5).unwrap();
        let joints: Vec<Joint> = list.0.iter().map(|(joint, _)| *joint).collect();
        use Joint::{Always, IfRight, IfWrong};
        assert_eq!(joints, [Always, IfRight, IfWrong, Always, Always, Always]);
    }

    #[test]
    fn a_document_is_the_text_after_its_line() {
        let list = parse("cat <<E >x; b\none\ntwo\nE\nc", 5).unwrap();
        let [(_, first), (_, _), (_, last)] = list.0.as_slice() else { panic!("{list:?}") };
        let text = Word(vec![Piece::Quoted("one\ntwo\n".to_owned())]);
        assert_eq!(
            first.commands[0].redirections[0],
            Redirection { stream: 0, to: To::Text(text) }
        );
        let c = Kind::Simple { assignments: vec![], words: vec![word("c")] };
        assert_eq!(last.commands[0].kind, c);
    }

    fn word(text: &str) -> Word {
        Word(vec![Piece::Plain(text.to_owned())])
    }
}
