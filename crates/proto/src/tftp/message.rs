//! Datagrams of TFTP, to types and back.

/// A datagram of a client.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packet<'a> {
    Ack(u16),
    Data(u16, &'a [u8]),
    Error,
    Request(Request),
}

/// What a client wants.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) way: Way,
    /// As it came.
    pub(super) name: String,
    pub(super) mode: Mode,
    /// Names in lower case, with their values, in the order they came.
    pub(super) options: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Read,
    Write,
}

/// How bytes are written (RFC 1350 §2). `Mail` is sent like a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Mail,
    Netascii,
    Octet,
}

const MODES: [(&str, Mode); 3] =
    [("mail", Mode::Mail), ("netascii", Mode::Netascii), ("octet", Mode::Octet)];

/// What kind of datagram it is.
const READ: u16 = 1;
const WRITE: u16 = 2;
const DATA: u16 = 3;
const ACK: u16 = 4;
const ERROR: u16 = 5;
const OPTIONS: u16 = 6;

impl<'a> Packet<'a> {
    /// Reads one; or the rule it breaks.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let Some((kind, rest)) = bytes.split_first_chunk() else {
            return Err("a datagram without a kind");
        };
        match u16::from_be_bytes(*kind) {
            READ => Request::read(Way::Read, rest).map(Self::Request),
            WRITE => Request::read(Way::Write, rest).map(Self::Request),
            DATA => numbered(rest).map(|(number, rest)| Self::Data(number, rest)),
            ACK => numbered(rest).map(|(number, _)| Self::Ack(number)),
            ERROR => Ok(Self::Error),
            _ => Err("a datagram of no known kind"),
        }
    }
}

fn numbered(bytes: &[u8]) -> Result<(u16, &[u8]), &'static str> {
    let (number, rest) = bytes.split_first_chunk().ok_or("a datagram without its number")?;
    Ok((u16::from_be_bytes(*number), rest))
}

impl Request {
    fn read(way: Way, bytes: &[u8]) -> Result<Self, &'static str> {
        let Some(bytes) = bytes.strip_suffix(b"\0") else {
            return Err("a request that does not end");
        };
        let mut texts = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let (Some(name), Some(mode)) = (texts.next(), texts.next()) else {
            return Err("a request without a mode");
        };
        let known = MODES.iter().find(|(known, _)| known.eq_ignore_ascii_case(&mode));
        let (_, mode) = *known.ok_or("a request in no known mode")?;
        let mut options = Vec::new();
        while let (Some(option), Some(value)) = (texts.next(), texts.next()) {
            options.push((option.to_ascii_lowercase(), value.into_owned()));
        }
        Ok(Self { way, name: name.into_owned(), mode, options })
    }

    /// The value of an option that is a number.
    pub(super) fn number(&self, option: &str) -> Option<u64> {
        let found = self.options.iter().find(|(known, _)| known == option);
        found.and_then(|(_, value)| value.parse().ok())
    }

    /// The request as it may be written down: one line.
    pub(super) fn text(&self) -> String {
        let verb = if self.way == Way::Read { "RRQ" } else { "WRQ" };
        let mode = MODES.iter().find(|(_, mode)| *mode == self.mode).map_or("", |(word, _)| word);
        let options: String =
            self.options.iter().map(|(option, value)| format!(" {option}={value}")).collect();
        format!("{verb} {} {mode}{options}", self.name)
    }
}

pub(super) fn data(number: u16, bytes: &[u8]) -> Vec<u8> {
    [&DATA.to_be_bytes()[..], &number.to_be_bytes(), bytes].concat()
}

pub(super) fn ack(number: u16) -> Vec<u8> {
    [ACK.to_be_bytes(), number.to_be_bytes()].concat()
}

/// What is agreed to.
pub(super) fn options(agreed: &[(&str, u64)]) -> Vec<u8> {
    let mut packet = OPTIONS.to_be_bytes().to_vec();
    for (option, value) in agreed {
        packet.extend_from_slice(format!("{option}\0{value}\0").as_bytes());
    }
    packet
}

/// A refusal, by its number in RFC 1350 §5.
pub(super) fn error(code: u16, text: &str) -> Vec<u8> {
    [&ERROR.to_be_bytes()[..], &code.to_be_bytes(), text.as_bytes(), b"\0"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_have_a_name_a_mode_and_options() {
        let Ok(Packet::Request(request)) =
            Packet::read(b"\0\x01a b.bin\0OcTeT\0BLKSIZE\x001428\0tsize\0x\0odd\0")
        else {
            panic!("no request")
        };
        assert_eq!(request.text(), "RRQ a b.bin octet blksize=1428 tsize=x");
        assert_eq!((request.number("blksize"), request.number("tsize")), (Some(1_428), None));
    }

    #[test]
    fn broken_datagrams_are_told_apart() {
        for (bytes, rule) in [
            (&b""[..], "a datagram without a kind"),
            (b"\0", "a datagram without a kind"),
            (b"\0\x01", "a request that does not end"),
            (b"\0\x01name\0", "a request without a mode"),
            (b"\0\x02name\0image\0", "a request in no known mode"),
            (b"\0\x03\0", "a datagram without its number"),
            (b"\0\x04", "a datagram without its number"),
            (b"\0\x09", "a datagram of no known kind"),
        ] {
            assert_eq!(Packet::read(bytes), Err(rule), "{bytes:?}");
        }
        assert_eq!(Packet::read(b"\0\x03\0\x01"), Ok(Packet::Data(1, b"")));
        assert_eq!(Packet::read(b"\0\x05"), Ok(Packet::Error));
    }
}
