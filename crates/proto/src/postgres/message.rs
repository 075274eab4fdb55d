//! Messages of a client.

use crate::frames::Shape;

/// A start-up message: its length alone comes first.
pub(super) const STARTUP: Shape = Shape { head: 4, body: startup_body };

/// Any other: a letter, then its length.
pub(super) const MESSAGE: Shape = Shape { head: 5, body: message_body };

/// Longest start-up message (the server's own limit).
const STARTUP_LENGTH: usize = 10_000;

fn startup_body(head: &[u8]) -> Option<usize> {
    body(head).filter(|length| (4..=STARTUP_LENGTH).contains(length))
}

fn message_body(head: &[u8]) -> Option<usize> {
    body(head.get(1..)?).filter(|length| *length < 1 << 30)
}

/// The length counts itself.
fn body(length: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*length.first_chunk()?)).ok()?.checked_sub(4)
}

/// What a client begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Startup {
    Cancel,
    /// Encryption that nobody has.
    Gss,
    Login(Who),
    Tls,
    /// A version that is not spoken.
    Version(u16, u16),
}

/// Who logs in, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) user: String,
    pub(super) database: String,
    pub(super) application: String,
    /// The smaller number of the version that was asked for.
    pub(super) minor: u16,
}

impl Startup {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        let (major, minor) = (fields.short()?, fields.short()?);
        Some(match (major, minor) {
            (1234, 5678) => Self::Cancel,
            (1234, 5679) => Self::Tls,
            (1234, 5680) => Self::Gss,
            (3, minor) => Self::Login(Who::read(&mut fields, minor)),
            (major, minor) => Self::Version(major, minor),
        })
    }
}

impl Who {
    /// Names and values in turn. A database that is not named is called what the user is.
    fn read(fields: &mut Fields<'_>, minor: u16) -> Self {
        let mut who = Self { minor, ..Self::default() };
        loop {
            let name = fields.text();
            if name.is_empty() {
                break;
            }
            let value = fields.text();
            match name.as_str() {
                "user" => who.user = value,
                "database" => who.database = value,
                "application_name" => who.application = value,
                _ => {}
            }
        }
        if who.database.is_empty() {
            who.database.clone_from(&who.user);
        }
        who
    }
}

/// What is left of a message.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn short(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(*self.take(2)?.first_chunk()?))
    }

    pub(super) fn long(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(*self.take(4)?.first_chunk()?))
    }

    /// Up to a NUL, or all there is.
    pub(super) fn text(&mut self) -> String {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let text = String::from_utf8_lossy(self.take(end).unwrap_or_default()).into_owned();
        self.take(1);
        text
    }
}
