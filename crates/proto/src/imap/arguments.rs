//! What a command is written in (RFC 3501 §4): atoms, strings and lists of them.

/// A part of a command as it came: literals break its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A line, or what of it came before the announcement of a literal.
    Line(Vec<u8>),
    Literal(Vec<u8>),
}

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// What needs no quotes. What is in square brackets belongs to it.
    Atom(String),
    List(Vec<Self>),
    /// A quoted string or a literal.
    Text(String),
}

impl Value {
    /// An atom or a string.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Atom(text) | Self::Text(text) => Some(text),
            Self::List(_) => None,
        }
    }

    /// What is in a list; anything else is a list of one.
    pub(super) fn list(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            one => std::slice::from_ref(one),
        }
    }
}

/// Lists inside lists that are read; no command has more than three.
const DEEPEST: usize = 16;

/// Reads the arguments in `pieces`; nothing, if a string or a list has no end.
pub(super) fn read(pieces: &[Piece]) -> Option<Vec<Value>> {
    let mut reader = Reader { line: &[], rest: pieces };
    let mut values = Vec::new();
    while let Some(value) = reader.next(0)? {
        values.push(value);
    }
    (reader.line.is_empty() && reader.rest.is_empty()).then_some(values)
}

struct Reader<'a> {
    line: &'a [u8],
    rest: &'a [Piece],
}

impl<'a> Reader<'a> {
    /// The next argument: none at the end of a list, or of all.
    fn next(&mut self, depth: usize) -> Option<Option<Value>> {
        self.line = self.line.trim_ascii_start();
        let Some((first, rest)) = self.line.split_first() else { return self.next_piece(depth) };
        match first {
            b')' => Some(None),
            b'(' if depth < DEEPEST => {
                self.line = rest;
                self.list(depth + 1).map(Some)
            }
            b'(' => None,
            b'"' => {
                self.line = rest;
                self.quoted().map(Some)
            }
            _ => Some(Some(self.atom())),
        }
    }

    /// A line is over: what comes next is a literal, or nothing.
    fn next_piece(&mut self, depth: usize) -> Option<Option<Value>> {
        let Some((piece, rest)) = self.rest.split_first() else { return Some(None) };
        self.rest = rest;
        match piece {
            Piece::Literal(bytes) => Some(Some(Value::Text(lossy(bytes)))),
            Piece::Line(line) => {
                self.line = line;
                self.next(depth)
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let mut values = Vec::new();
        while let Some(value) = self.next(depth)? {
            values.push(value);
        }
        self.line = self.line.strip_prefix(b")")?;
        Some(Value::List(values))
    }

    fn quoted(&mut self) -> Option<Value> {
        let mut text = Vec::new();
        loop {
            let (byte, rest) = self.line.split_first()?;
            self.line = rest;
            match byte {
                b'"' => return Some(Value::Text(lossy(&text))),
                b'\\' => {
                    let (escaped, rest) = self.line.split_first()?;
                    self.line = rest;
                    text.push(*escaped);
                }
                byte => text.push(*byte),
            }
        }
    }

    fn atom(&mut self) -> Value {
        let mut length = 0;
        while let Some(byte) = self.line.get(length) {
            let bracketed = self.line.get(length..).and_then(in_brackets);
            match (byte, bracketed) {
                (b'[', Some(bracketed)) => length += bracketed,
                (b' ' | b'(' | b')' | b'"', _) => break,
                _ => length += 1,
            }
        }
        let (atom, rest) = self.line.split_at_checked(length).unwrap_or((self.line, &[]));
        self.line = rest;
        Value::Atom(lossy(atom))
    }
}

/// How long what is in brackets is, both included.
fn in_brackets(bytes: &[u8]) -> Option<usize> {
    let is_open = bytes.first() == Some(&b'[');
    bytes.iter().position(|byte| *byte == b']').filter(|_| is_open).map(|end| end + 1)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Piece {
        Piece::Line(text.as_bytes().to_vec())
    }

    fn atom(text: &str) -> Value {
        Value::Atom(text.to_owned())
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn atoms_strings_and_lists_are_read() {
        let read_one = |text: &str| read(&[line(text)]).unwrap();
        assert_eq!(read_one(" jo  \"pa \\\"ss\" "), [atom("jo"), text("pa \"ss")]);
        assert_eq!(
            read_one("1:* (FLAGS BODY[HEADER.FIELDS (To \"Cc\")]<0.9>)"),
            [
                atom("1:*"),
                Value::List(vec![atom("FLAGS"), atom("BODY[HEADER.FIELDS (To \"Cc\")]<0.9>")])
            ]
        );
        assert_eq!(read_one("pa[ss \\Seen"), [atom("pa[ss"), atom("\\Seen")]);
        assert_eq!(read_one("()"), [Value::List(Vec::new())]);
    }

    #[test]
    fn literals_stand_where_they_were_announced() {
        let literal = Piece::Literal(b"a ) \"b".to_vec());
        let pieces = [line("jo ("), literal.clone(), line(" x) "), literal];
        let inner = Value::List(vec![text("a ) \"b"), atom("x")]);
        assert_eq!(read(&pieces).unwrap(), [atom("jo"), inner, text("a ) \"b")]);
    }

    #[test]
    fn what_has_no_end_is_not_read() {
        for broken in ["(a", "\"a", "a)", "\"a\\", &"(".repeat(17)] {
            assert_eq!(read(&[line(broken)]), None, "{broken}");
        }
        assert!(read(&[line(&format!("{}{}", "(".repeat(16), ")".repeat(16)))]).is_some());
    }
}
