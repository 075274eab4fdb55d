//! What the server says, in the version of the protocol that the client wants.

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Array(Vec<Self>),
    Bulk(Vec<u8>),
    /// Its first word is the kind of error.
    Error(String),
    Integer(i64),
    Map(Vec<(Self, Self)>),
    Nil,
    NoArray,
    /// What comes without being asked for: said like an array in version 2.
    Push(Vec<Self>),
    Set(Vec<Self>),
    Simple(&'static str),
    /// Nothing is said, or all has been.
    Unsaid,
}

/// An answer, or a refusal that ends a command early.
pub(super) type Answer = Result<Reply, Reply>;

/// The version of the protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Version {
    Three,
    #[default]
    Two,
}

pub(super) const OK: Reply = Reply::Simple("OK");

impl Reply {
    pub(super) fn error(text: &str) -> Self {
        Self::Error(text.to_owned())
    }

    pub(super) fn text(text: &str) -> Self {
        Self::Bulk(text.as_bytes().to_vec())
    }

    pub(super) fn count(count: usize) -> Self {
        Self::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }

    pub(super) fn bulks<'a>(words: impl Iterator<Item = &'a Vec<u8>>) -> Vec<Self> {
        words.map(|word| Self::Bulk(word.clone())).collect()
    }

    /// What there may be: a string, or nothing.
    pub(super) fn perhaps(word: Option<&Vec<u8>>) -> Self {
        word.map_or(Self::Nil, |word| Self::Bulk(word.clone()))
    }

    pub(super) fn write(&self, version: Version, out: &mut Vec<u8>) {
        let is_new = version == Version::Three;
        match self {
            Self::Array(replies) => write_all('*', replies, version, out),
            Self::Push(replies) => write_all(if is_new { '>' } else { '*' }, replies, version, out),
            Self::Set(replies) => write_all(if is_new { '~' } else { '*' }, replies, version, out),
            Self::Map(pairs) => write_map(pairs, version, out),
            Self::Bulk(bytes) => {
                out.extend(format!("${}\r\n", bytes.len()).bytes());
                out.extend(bytes);
                out.extend(b"\r\n");
            }
            Self::Error(text) => out.extend(format!("-{}\r\n", one_line(text)).bytes()),
            Self::Integer(number) => out.extend(format!(":{number}\r\n").bytes()),
            Self::NoArray if !is_new => out.extend(b"*-1\r\n"),
            Self::Nil | Self::NoArray => {
                out.extend(if is_new { &b"_\r\n"[..] } else { b"$-1\r\n" })
            }
            Self::Simple(text) => out.extend(format!("+{text}\r\n").bytes()),
            Self::Unsaid => {}
        }
    }
}

fn write_all(mark: char, replies: &[Reply], version: Version, out: &mut Vec<u8>) {
    out.extend(format!("{mark}{}\r\n", replies.len()).bytes());
    replies.iter().for_each(|reply| reply.write(version, out));
}

/// In version 2 a map is an array of keys and values in turn.
fn write_map(pairs: &[(Reply, Reply)], version: Version, out: &mut Vec<u8>) {
    let (mark, count) = match version {
        Version::Three => ('%', pairs.len()),
        Version::Two => ('*', pairs.len() * 2),
    };
    out.extend(format!("{mark}{count}\r\n").bytes());
    for (key, value) in pairs {
        key.write(version, out);
        value.write(version, out);
    }
}

/// An error quotes what the client said, and stays one line.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_has_its_own_way_of_saying_it() {
        let pair = vec![(Reply::text("a"), Reply::Integer(-1))];
        let reply = Reply::Array(vec![
            Reply::Map(pair),
            Reply::Nil,
            Reply::Set(vec![Reply::Simple("x")]),
            Reply::error("ERR a\r\nb"),
        ]);
        for (version, expected) in [
            (Version::Two, "*4\r\n*2\r\n$1\r\na\r\n:-1\r\n$-1\r\n*1\r\n+x\r\n-ERR a  b\r\n"),
            (Version::Three, "*4\r\n%1\r\n$1\r\na\r\n:-1\r\n_\r\n~1\r\n+x\r\n-ERR a  b\r\n"),
        ] {
            let mut written = Vec::new();
            reply.write(version, &mut written);
            assert_eq!(String::from_utf8_lossy(&written), expected);
        }
    }
}
