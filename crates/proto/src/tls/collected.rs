//! From the bytes of a stream to the one message that is wanted, however it is wrapped and cut.

use model::HelloForm;

/// What there is of the first message of a stream.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) form: HelloForm,
    /// The version of the first record.
    pub(super) record_version: Option<u16>,
    /// The message, with its header.
    pub(super) message: Vec<u8>,
    pub(super) progress: Progress,
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

/// A record of the handshake (RFC 8446 §5.1).
const HANDSHAKE: u8 = 22;

impl Collected {
    /// Collects what `stream` begins with.
    pub(super) fn from(stream: &[u8]) -> Self {
        let mut collected = Self::default();
        collected.progress = match stream.first() {
            None => Progress::Partial,
            Some(0x80..) => collected.take_sslv2(stream),
            Some(_) => collected.take_records(stream),
        };
        collected
    }

    fn take_sslv2(&mut self, stream: &[u8]) -> Progress {
        self.form = HelloForm::Sslv2;
        let [high, low, message @ ..] = stream else { return Progress::Partial };
        let length = usize::from(u16::from_be_bytes([*high & 0x7f, *low]));
        self.message = message.get(..length).unwrap_or(message).to_vec();
        if self.message.len() < length { Progress::Partial } else { Progress::Whole }
    }

    fn take_records(&mut self, mut stream: &[u8]) -> Progress {
        while let [kind, major, minor, high, low, rest @ ..] = stream {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            match (*kind, length) {
                (HANDSHAKE, 1..) => {}
                (HANDSHAKE, 0) => return Progress::Broken("a record without content"),
                _ => return Progress::Broken("another record inside the ClientHello"),
            }
            let version = u16::from_be_bytes([*major, *minor]);
            self.record_version.get_or_insert(version);
            self.message.extend_from_slice(rest.get(..length).unwrap_or(rest));
            if self.cut_to_one_message() {
                return Progress::Whole;
            }
            stream = rest.get(length..).unwrap_or_default();
        }
        Progress::Partial
    }

    /// Whether the message is there. What comes behind it is another one.
    fn cut_to_one_message(&mut self) -> bool {
        let [_kind, high, middle, low, ..] = *self.message.as_slice() else { return false };
        let length = u32::from_be_bytes([0, high, middle, low]);
        let whole = MESSAGE_HEADER.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
        let is_whole = self.message.len() >= whole;
        self.message.truncate(whole);
        is_whole
    }
}
