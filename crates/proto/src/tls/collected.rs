//! From the bytes of a stream to the one message that is wanted, however it is wrapped and cut.

use model::HelloForm;

use super::RECORD_BYTES;

/// What there is of the first message of a stream. It only looks: every byte stays where it is.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) form: HelloForm,
    /// The version of the first record.
    pub(super) record_version: Option<u16>,
    /// The message, with its header.
    pub(super) message: Vec<u8>,
    pub(super) progress: Progress,
    /// How many bytes of the stream have been dealt with.
    position: usize,
    /// How many bytes of the record that was begun last have not.
    left_in_record: usize,
}

/// How far a hello has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Progress {
    /// It cannot become whole any more, because of this rule.
    Broken(&'static str),
    /// The rest has to come first.
    #[default]
    Partial,
    /// It is there.
    Whole,
}

/// A handshake message's type and length (RFC 8446 §4).
const MESSAGE_HEADER: usize = 4;
const CLIENT_HELLO: u8 = 1;

/// A record's type, version and length (RFC 8446 §5.1).
const RECORD_HEADER: usize = 5;
const HANDSHAKE: u8 = 22;

const TOO_LONG: &str = "a ClientHello longer than limits.head_bytes";

impl Collected {
    /// Collects what `stream` begins with.
    pub(super) fn from(stream: &[u8]) -> Self {
        let mut collected = Self::default();
        collected.read(stream, usize::MAX);
        collected
    }

    /// Goes on with `stream`, which is what it was with more behind it. Of a message that does not
    /// fit into `limit` bytes, records and all, the rest is not waited for.
    pub(super) fn read(&mut self, stream: &[u8], limit: usize) -> Progress {
        let seen = stream.get(..limit).unwrap_or(stream);
        let progress = match seen.first() {
            None => Progress::Partial,
            Some(0x80..) => self.take_sslv2(seen),
            Some(_) => self.take_records(seen, limit),
        };
        self.progress = match progress {
            Progress::Partial if stream.len() > limit => Progress::Broken(TOO_LONG),
            progress => progress,
        };
        self.progress
    }

    fn take_sslv2(&mut self, seen: &[u8]) -> Progress {
        self.form = HelloForm::Sslv2;
        let [high, low, message @ ..] = seen else { return Progress::Partial };
        let length = usize::from(u16::from_be_bytes([*high & 0x7f, *low]));
        let message = message.get(..length).unwrap_or(message);
        self.message.extend_from_slice(message.get(self.message.len()..).unwrap_or_default());
        if message.len() < length { Progress::Partial } else { Progress::Whole }
    }

    fn take_records(&mut self, seen: &[u8], limit: usize) -> Progress {
        loop {
            let rest = seen.get(self.position..).unwrap_or_default();
            let room = limit.saturating_sub(self.position);
            let stops = match self.left_in_record {
                0 if self.missing() > room => Some(Progress::Broken(TOO_LONG)),
                0 => self.begin_record(rest),
                _ => self.take_from_record(rest),
            };
            if let Some(progress) = stops {
                return progress;
            }
        }
    }

    /// Reads the header of a record, if it is there and fits.
    fn begin_record(&mut self, rest: &[u8]) -> Option<Progress> {
        let [kind, major, minor, high, low, ..] = *rest else { return Some(Progress::Partial) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        match (kind, length) {
            (HANDSHAKE, 0) => return Some(Progress::Broken("a record without content")),
            (HANDSHAKE, 1..=RECORD_BYTES) => {}
            (HANDSHAKE, _) => return Some(Progress::Broken("a record longer than 16384 bytes")),
            _ => return Some(Progress::Broken("another record inside the ClientHello")),
        }
        self.record_version.get_or_insert_with(|| u16::from_be_bytes([major, minor]));
        self.position += RECORD_HEADER;
        self.left_in_record = length;
        None
    }

    /// Takes what a record has of the message. What comes behind that is another message.
    fn take_from_record(&mut self, rest: &[u8]) -> Option<Progress> {
        let wanted = self.left_in_record.min(self.missing());
        let piece = rest.get(..wanted).unwrap_or(rest);
        self.message.extend_from_slice(piece);
        self.position += piece.len();
        self.left_in_record -= piece.len();
        match self.message.first() {
            Some(kind) if *kind != CLIENT_HELLO => {
                Some(Progress::Broken("another message instead of the ClientHello"))
            }
            _ if self.missing() == 0 => Some(Progress::Whole),
            _ if piece.len() < wanted => Some(Progress::Partial),
            _ => None,
        }
    }

    /// How many bytes the message lacks, as far as is known: first of its header, then of what that
    /// says.
    fn missing(&self) -> usize {
        let whole = match *self.message.as_slice() {
            [_kind, high, middle, low, ..] => {
                let length = u32::from_be_bytes([0, high, middle, low]);
                MESSAGE_HEADER.saturating_add(usize::try_from(length).unwrap_or(usize::MAX))
            }
            _ => MESSAGE_HEADER,
        };
        whole.saturating_sub(self.message.len())
    }
}
