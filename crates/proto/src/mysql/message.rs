//! Packets of a client, and what is in them.

use crate::frames::Shape;

/// A length of three bytes and a number.
pub(super) const SHAPE: Shape = Shape { head: 4, body };

fn body(head: &[u8]) -> Option<usize> {
    let [first, second, third, _] = head.first_chunk()?;
    usize::try_from(u32::from_le_bytes([*first, *second, *third, 0])).ok()
}

/// Bits of what a client can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Abilities(pub(super) u32);

impl Abilities {
    pub(super) const WITH_DATABASE: Self = Self(0x0008);
    pub(super) const PROTOCOL_41: Self = Self(0x0200);
    pub(super) const TLS: Self = Self(0x0800);
    pub(super) const SECURE: Self = Self(0x8000);
    pub(super) const PLUGINS: Self = Self(0x0008_0000);
    pub(super) const LONG_ANSWERS: Self = Self(0x0020_0000);

    pub(super) const fn include(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What a client says after the greeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handshake {
    Response(Response),
    /// TLS begins with what comes next.
    Tls,
}

/// A login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) user: String,
    pub(super) database: String,
    pub(super) answer: Vec<u8>,
    /// How the answer was made, if that was said.
    pub(super) plugin: Option<String>,
}

impl Handshake {
    /// Reads one of version 4.1; nothing if it is none.
    pub(super) fn read(packet: &[u8]) -> Option<Self> {
        let mut fields = Fields(packet);
        let abilities = Abilities(u32::from_le_bytes(*fields.take(4)?.first_chunk()?));
        if !abilities.include(Abilities::PROTOCOL_41) {
            return None;
        }
        // The size of packets, the character set, zeros.
        fields.take(28)?;
        if abilities.include(Abilities::TLS) && fields.0.is_empty() {
            return Some(Self::Tls);
        }
        let user = fields.until_nul();
        let answer = if abilities.include(Abilities::LONG_ANSWERS) {
            fields.long()?.to_vec()
        } else if abilities.include(Abilities::SECURE) {
            fields.short()?.to_vec()
        } else {
            fields.until_nul_bytes().to_vec()
        };
        let has = |ability| abilities.include(ability);
        let database =
            if has(Abilities::WITH_DATABASE) { fields.until_nul() } else { String::new() };
        let plugin = has(Abilities::PLUGINS).then(|| fields.until_nul());
        Some(Self::Response(Response { user, database, answer, plugin }))
    }
}

impl Response {
    /// COM_CHANGE_USER: the same in another order.
    pub(super) fn changed(packet: &[u8]) -> Option<Self> {
        let mut fields = Fields(packet);
        let user = fields.until_nul();
        let answer = fields.short()?.to_vec();
        let database = fields.until_nul();
        let plugin = (fields.take(2).is_some()).then(|| fields.until_nul());
        Some(Self { user, database, answer, plugin: plugin.filter(|name| !name.is_empty()) })
    }
}

/// What is left of a packet.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn until_nul(&mut self) -> String {
        String::from_utf8_lossy(self.until_nul_bytes()).into_owned()
    }

    /// Up to a NUL, or all there is.
    fn until_nul_bytes(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| *byte == 0);
        let text = self.take(end.unwrap_or(self.0.len())).unwrap_or_default();
        self.take(1);
        text
    }

    /// Bytes with their number in one byte before them.
    pub(super) fn short(&mut self) -> Option<&'a [u8]> {
        let [length] = *self.take(1)?.first_chunk()?;
        self.take(usize::from(length))
    }

    /// Bytes with their number before them, in as many bytes as it needs.
    pub(super) fn long(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?)
    }

    fn number(&mut self) -> Option<u64> {
        let [first] = *self.take(1)?.first_chunk()?;
        let more = match first {
            0..=0xfa => return Some(u64::from(first)),
            0xfc => 2,
            0xfd => 3,
            0xfe => 8,
            0xfb | 0xff => return None,
        };
        let bytes = self.take(more)?;
        Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }
}
