//! NetBIOS name service packets (RFC 1002 §4.2): a DNS header, names of 16 bytes in 32 letters.

use std::net::Ipv4Addr;

/// A request for one name.
#[derive(Debug)]
pub(super) struct Request<'a> {
    id: [u8; 2],
    pub(super) opcode: u8,
    /// Whether everybody was asked.
    pub(super) is_broadcast: bool,
    /// The name as it came, scope and all.
    section: &'a [u8],
    pub(super) name: NetbiosName,
    pub(super) kind: u16,
}

/// A name: 15 characters, filled up with spaces, and what kind of service has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NetbiosName {
    characters: [u8; 15],
    pub(super) suffix: u8,
}

/// A name to an address.
pub(super) const NB: u16 = 0x20;
/// Which names has a host?
pub(super) const NBSTAT: u16 = 0x21;
/// The operation that asks.
pub(super) const QUERY: u8 = 0;

const HEADER_BYTES: usize = 12;
const CLASS_IN: [u8; 2] = [0, 1];

/// Reads a request; `None` if it is none.
pub(super) fn read(bytes: &[u8]) -> Option<Request<'_>> {
    let (header, rest) = bytes.split_first_chunk::<HEADER_BYTES>()?;
    let [id0, id1, flags, more_flags, 0, 1, ..] = *header else { return None };
    if flags & 0x80 != 0 {
        return None;
    }
    let name = NetbiosName::decoded(rest)?;
    let name_bytes = length_of_name(rest)?;
    let (section, after) = rest.split_at_checked(name_bytes)?;
    let [kind0, kind1, 0, 1, ..] = *after else { return None };
    let kind = u16::from_be_bytes([kind0, kind1]);
    let opcode = flags >> 3 & 0xf;
    let is_broadcast = more_flags & 0x10 != 0;
    matches!(kind, NB | NBSTAT).then_some(Request {
        id: [id0, id1],
        opcode,
        is_broadcast,
        section,
        name,
        kind,
    })
}

/// Labels up to the empty one: the name itself, then its scope. A pointer is none of a request's.
fn length_of_name(bytes: &[u8]) -> Option<usize> {
    let mut taken = 0;
    loop {
        match *bytes.get(taken)? {
            0 => return Some(taken + 1),
            length @ 1..=63 => taken += 1 + usize::from(length),
            _ => return None,
        }
    }
}

impl Request<'_> {
    /// Whether it asks, or registers, refreshes or releases (RFC 1002 §4.2.1.1).
    pub(super) const fn is_question(&self) -> bool {
        matches!(self.opcode, QUERY | 5..=9)
    }

    /// This name is at this address (RFC 1002 §4.2.13).
    pub(super) fn has_address(&self, address: Ipv4Addr) -> Vec<u8> {
        // A name of its own, of a node that asks everybody.
        let data = [&[0, 0][..], &address.octets()].concat();
        self.response(NB, 300_000, &data)
    }

    /// These are our names (RFC 1002 §4.2.18).
    pub(super) fn has_names(&self, names: &[(NetbiosName, Holder)]) -> Vec<u8> {
        let mut data = vec![u8::try_from(names.len()).unwrap_or(u8::MAX)];
        for (name, holder) in names {
            data.extend_from_slice(&name.characters);
            data.extend([name.suffix, holder.flags(), 0]);
        }
        // The hardware address and counters, of which Samba, too, says nothing.
        data.extend_from_slice(&[0; 46]);
        self.response(NBSTAT, 0, &data)
    }

    fn response(&self, kind: u16, ttl: u32, data: &[u8]) -> Vec<u8> {
        let mut response = self.id.to_vec();
        // A response with authority; the one who asked wanted recursion, as all do.
        let flags = if kind == NB { [0x85, 0] } else { [0x84, 0] };
        response.extend(flags);
        response.extend([0, 0, 0, 1, 0, 0, 0, 0]);
        response.extend_from_slice(self.section);
        response.extend(kind.to_be_bytes());
        response.extend(CLASS_IN);
        response.extend(ttl.to_be_bytes());
        response.extend(u16::try_from(data.len()).unwrap_or(u16::MAX).to_be_bytes());
        response.extend_from_slice(data);
        response
    }
}

/// Who has a name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holder {
    Group,
    Host,
}

impl Holder {
    /// The first byte of `NAME_FLAGS`: active, and whose.
    const fn flags(self) -> u8 {
        match self {
            Self::Group => 0x84,
            Self::Host => 0x04,
        }
    }
}

impl NetbiosName {
    /// A name of ours.
    pub(super) fn new(text: &str, suffix: u8) -> Self {
        let mut characters = [b' '; 15];
        let bytes = text.bytes().map(|byte| byte.to_ascii_uppercase());
        characters.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
        Self { characters, suffix }
    }

    /// Reads the first label: two letters for each byte, A for 0 (RFC 1001 §14.1).
    fn decoded(bytes: &[u8]) -> Option<Self> {
        let (&length, rest) = bytes.split_first()?;
        let letters = rest.first_chunk::<32>().filter(|_| length == 32)?;
        let mut decoded = letters.chunks_exact(2).map(|pair| match pair {
            [high @ b'A'..=b'P', low @ b'A'..=b'P'] => Some((high - b'A') << 4 | (low - b'A')),
            _ => None,
        });
        let mut characters = [0; 15];
        for place in &mut characters {
            *place = decoded.next()??;
        }
        Some(Self { characters, suffix: decoded.next()?? })
    }

    /// The characters, without those that fill it up.
    pub(super) fn bytes(&self) -> &[u8] {
        let filling = |byte: &u8| matches!(byte, b' ' | 0);
        let length = self.characters.iter().rposition(|byte| !filling(byte)).map_or(0, |at| at + 1);
        self.characters.get(..length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_decoded_and_its_filling_taken_off() {
        let mut asked = b"\x12\x34\x01\x10\0\x01\0\0\0\0\0\0\x20".to_vec();
        asked.extend_from_slice(b"FHFAEBEECACACACACACACACACACACAAA\0\0\x20\0\x01");
        let request = read(&asked).unwrap();
        assert_eq!((request.name.bytes(), request.name.suffix), (&b"WPAD"[..], 0));
        assert_eq!(request.name, NetbiosName::new("wpad", 0));
        assert!(request.is_broadcast && request.is_question());
        for end in 0..asked.len() {
            assert!(read(&asked[..end]).is_none(), "{end} bytes");
        }
    }
}
