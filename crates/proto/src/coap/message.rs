//! Messages (RFC 7252 §3): a header, a token, options, a payload.

/// Kinds of messages (§4.2).
const CONFIRMABLE: u8 = 0;
const NOT_CONFIRMABLE: u8 = 1;
const ACKNOWLEDGEMENT: u8 = 2;
const RESET: u8 = 3;

/// Options (§5.10, RFC 7959 §2.1).
const PATH: u16 = 11;
const CONTENT_FORMAT: u16 = 12;
const QUERY: u16 = 15;
const BLOCK_1: u16 = 27;

/// A request, or the question whether anybody is there.
#[derive(Debug, Default)]
pub(super) struct Message {
    kind: u8,
    /// Class and detail: 1 to 7 are methods, 0 is nothing.
    pub(super) code: u8,
    id: [u8; 2],
    token: Vec<u8>,
    pub(super) path: String,
    pub(super) query: String,
    /// Which piece of a long payload this is.
    block: Option<Vec<u8>>,
    pub(super) payload: Vec<u8>,
}

/// What is answered: a code, the format of the content, the content.
pub(super) type Answer = (u8, Option<u8>, Vec<u8>);

impl Message {
    /// Reads one; nothing if it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (&[first, code, i0, i1], rest) = bytes.split_first_chunk::<4>()?;
        let (token, rest) = rest.split_at_checked(usize::from(first & 0x0f))?;
        let is_version_1 = first >> 6 == 1 && token.len() <= 8;
        let mut message = Self {
            kind: first >> 4 & 3,
            code,
            id: [i0, i1],
            token: token.to_vec(),
            ..Self::default()
        };
        message.read_options(rest)?;
        is_version_1.then_some(message)
    }

    /// Whether it asks whether anybody is there (§4.3).
    pub(super) const fn is_ping(&self) -> bool {
        self.code == 0 && self.kind == CONFIRMABLE
    }

    pub(super) const fn is_request(&self) -> bool {
        matches!(self.code, 1..=7) && self.kind <= NOT_CONFIRMABLE
    }

    fn read_options(&mut self, mut rest: &[u8]) -> Option<()> {
        let mut number: u16 = 0;
        while let Some((&first, after)) = rest.split_first() {
            if first == 0xff {
                self.payload = after.to_vec();
                return (!after.is_empty()).then_some(());
            }
            rest = after;
            number = number.checked_add(extended(&mut rest, first >> 4)?)?;
            let length = usize::from(extended(&mut rest, first & 0x0f)?);
            let (value, after) = rest.split_at_checked(length)?;
            rest = after;
            self.add_option(number, value);
        }
        Some(())
    }

    fn add_option(&mut self, number: u16, value: &[u8]) {
        let text = String::from_utf8_lossy(value);
        match number {
            PATH => self.path += &format!("/{text}"),
            QUERY if self.query.is_empty() => self.query = text.into_owned(),
            QUERY => self.query += &format!("&{text}"),
            BLOCK_1 => self.block = Some(value.to_vec()),
            _ => {}
        }
    }

    /// More pieces of the payload are to come.
    pub(super) fn has_more(&self) -> bool {
        let last = self.block.as_ref().and_then(|block| block.last());
        last.is_some_and(|last| last & 0x08 != 0)
    }

    /// Nobody is there to talk, and that is an answer.
    pub(super) fn reset(&self) -> Vec<u8> {
        vec![0x40 | RESET << 4, 0, self.id[0], self.id[1]]
    }

    /// The answer, which is the acknowledgement as well if one is wanted (§5.2.1).
    pub(super) fn answered(&self, (code, format, content): Answer) -> Vec<u8> {
        let kind = if self.kind == CONFIRMABLE { ACKNOWLEDGEMENT } else { NOT_CONFIRMABLE };
        let length = u8::try_from(self.token.len()).unwrap_or_default();
        let mut answer = vec![0x40 | kind << 4 | length, code, self.id[0], self.id[1]];
        answer.extend_from_slice(&self.token);
        let mut before = 0;
        let format =
            format.map(|format| (CONTENT_FORMAT, if format == 0 { vec![] } else { vec![format] }));
        let block = self.block.clone().map(|block| (BLOCK_1, block));
        for (number, value) in format.into_iter().chain(block) {
            add_option(number - before, &value, &mut answer);
            before = number;
        }
        if !content.is_empty() {
            answer.push(0xff);
            answer.extend(content);
        }
        answer
    }
}

/// A number of four bits that may say that more follow (§3.1).
fn extended(rest: &mut &[u8], nibble: u8) -> Option<u16> {
    match nibble {
        13 => {
            let (&byte, after) = rest.split_first()?;
            *rest = after;
            Some(u16::from(byte) + 13)
        }
        14 => {
            let (&bytes, after) = rest.split_first_chunk::<2>()?;
            *rest = after;
            u16::from_be_bytes(bytes).checked_add(269)
        }
        15 => None,
        _ => Some(nibble.into()),
    }
}

/// An option of ours: none is further from the one before than 27, or longer than three bytes.
fn add_option(step: u16, value: &[u8], answer: &mut Vec<u8>) {
    let length = u8::try_from(value.len().min(12)).unwrap_or_default();
    match u8::try_from(step) {
        Ok(step @ 0..=12) => answer.push(step << 4 | length),
        Ok(step) => answer.extend([13 << 4 | length, step - 13]),
        Err(_) => return,
    }
    answer.extend_from_slice(value.get(..length.into()).unwrap_or_default());
}
