//! Requests (Modbus application protocol 1.1b3 §6): a function, and what it is about.

/// What is asked of the controller.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Values from an address on: single bits, or words.
    ReadBits {
        first: u16,
        count: u16,
    },
    ReadWords {
        first: u16,
        count: u16,
    },
    /// Values that are written there.
    Write {
        first: u16,
        values: Vec<u16>,
    },
    /// Who are you? In the words of serial lines, or as objects with names.
    Identify,
    /// Say it back.
    Echo,
    /// A function that this controller does not have.
    Unknown,
}

/// Functions (§5.1).
pub(super) const READ_COILS: u8 = 1;
pub(super) const READ_INPUTS: u8 = 2;
pub(super) const READ_HOLDING: u8 = 3;
pub(super) const READ_INPUT_REGISTERS: u8 = 4;
pub(super) const WRITE_COIL: u8 = 5;
pub(super) const WRITE_REGISTER: u8 = 6;
pub(super) const DIAGNOSTICS: u8 = 8;
pub(super) const WRITE_COILS: u8 = 15;
pub(super) const WRITE_REGISTERS: u8 = 16;
pub(super) const IDENTIFY: u8 = 43;

impl Request {
    /// Reads what comes after the function; nothing if its values are not allowed.
    pub(super) fn read(function: u8, content: &[u8]) -> Option<Self> {
        let word = |place: usize| {
            let bytes = content.get(place..)?.first_chunk::<2>()?;
            Some(u16::from_be_bytes(*bytes))
        };
        let (first, second) = (word(0), word(2));
        Some(match function {
            READ_COILS | READ_INPUTS => Self::ReadBits {
                first: first?,
                count: second.filter(|count| matches!(count, 1..=2_000))?,
            },
            READ_HOLDING | READ_INPUT_REGISTERS => Self::ReadWords {
                first: first?,
                count: second.filter(|count| matches!(count, 1..=125))?,
            },
            WRITE_COIL | WRITE_REGISTER => Self::Write { first: first?, values: vec![second?] },
            WRITE_COILS => {
                let bits = content
                    .get(5..)?
                    .iter()
                    .flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1));
                Self::Write { first: first?, values: many(second?, bits.map(u16::from), 1_968)? }
            }
            WRITE_REGISTERS => {
                let words = content.get(5..)?.chunks_exact(2);
                let words =
                    words.map(|pair| pair.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte)));
                Self::Write { first: first?, values: many(second?, words, 123)? }
            }
            DIAGNOSTICS => Self::Echo,
            IDENTIFY if content.first() == Some(&0x0e) => Self::Identify,
            _ => Self::Unknown,
        })
    }

    /// What is asked, in words.
    pub(super) fn command(&self, function: u8, unit: u8) -> String {
        let name = NAMES.iter().find(|(known, _)| *known == function);
        let name =
            name.map_or_else(|| format!("function {function}"), |(_, name)| (*name).to_owned());
        let about = match self {
            Self::ReadBits { first, count } | Self::ReadWords { first, count } => {
                format!(" {first}, {count} of them")
            }
            Self::Write { first, values } => {
                let values: Vec<String> = values.iter().map(u16::to_string).collect();
                format!(" {first} = {}", values.join(" "))
            }
            Self::Identify | Self::Echo | Self::Unknown => String::new(),
        };
        format!("unit {unit}: {name}{about}")
    }
}

/// As many as are said to be there, if that is allowed and they are.
fn many(count: u16, values: impl Iterator<Item = u16>, most: u16) -> Option<Vec<u16>> {
    let values: Vec<u16> = values.take(count.into()).collect();
    let fits = (1..=most).contains(&count) && values.len() == usize::from(count);
    fits.then_some(values)
}

const NAMES: &[(u8, &str)] = &[
    (READ_COILS, "read coils"),
    (READ_INPUTS, "read inputs"),
    (READ_HOLDING, "read registers"),
    (READ_INPUT_REGISTERS, "read input registers"),
    (WRITE_COIL, "write coil"),
    (WRITE_REGISTER, "write register"),
    (DIAGNOSTICS, "diagnose"),
    (WRITE_COILS, "write coils"),
    (WRITE_REGISTERS, "write registers"),
    (IDENTIFY, "identify"),
];
