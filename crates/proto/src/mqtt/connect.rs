//! CONNECT (MQTT 5 §3.1): who it is, and what is to be said when it is gone.

use model::{Credentials, MqttMessage};

use super::packet::{CONNACK, FIVE, Fields, packet, text};

/// Who wants to connect.
#[derive(Debug)]
pub(super) struct Connect {
    pub(super) version: u8,
    pub(super) client: String,
    pub(super) will: Option<MqttMessage>,
    pub(super) given: Option<Credentials>,
}

/// Flags of CONNECT (§3.1.2.3).
const USER: u8 = 0x80;
const PASSWORD: u8 = 0x40;
const WILL_RETAINED: u8 = 0x20;
const WILL: u8 = 0x04;

impl Connect {
    /// Reads one; nothing if a field is missing.
    pub(super) fn read(mut fields: Fields<'_>) -> Option<Self> {
        fields.bytes()?;
        // The highest bit marks a bridge of brokers.
        let version = fields.byte()? & 0x7f;
        let flags = fields.byte()?;
        fields.number()?;
        fields.properties(version)?;
        let client = fields.text()?;
        let will = if flags & WILL != 0 { Some(will(&mut fields, version, flags)?) } else { None };
        let user = if flags & USER != 0 { Some(fields.text()?) } else { None };
        let secret = if flags & PASSWORD != 0 { Some(fields.text()?) } else { None };
        let mechanism = "connect".to_owned();
        let is_given = user.is_some() || secret.is_some();
        let secret = secret.unwrap_or_default();
        let given = Credentials { protocol: "mqtt", mechanism, user, secret };
        Some(Self { version, client, will, given: is_given.then_some(given) })
    }

    /// The answer: welcome. Who has no name is given one, if its version has a place for it.
    pub(super) fn welcomed(&self, name: &str) -> Vec<u8> {
        if self.version < FIVE {
            return packet(CONNACK, &[0, 0]);
        }
        let properties = match self.client.is_empty() {
            true => [&[ASSIGNED_NAME][..], &text(name)].concat(),
            false => Vec::new(),
        };
        let length = u8::try_from(properties.len()).unwrap_or_default();
        packet(CONNACK, &[&[0, 0, length][..], &properties].concat())
    }

    /// The answer: these are not right.
    pub(super) fn refused(&self) -> Vec<u8> {
        if self.version < FIVE { packet(CONNACK, &[0, 5]) } else { packet(CONNACK, &[0, 0x87, 0]) }
    }
}

/// The property with the name that a client was given (§3.2.2.3.7).
const ASSIGNED_NAME: u8 = 0x12;

fn will(fields: &mut Fields<'_>, version: u8, flags: u8) -> Option<MqttMessage> {
    fields.properties(version)?;
    let topic = fields.text()?;
    let payload = fields.bytes()?;
    let text = str::from_utf8(payload).ok().map(str::to_owned);
    let (bytes, retained) = (payload.len() as u64, flags & WILL_RETAINED != 0);
    Some(MqttMessage { topic, bytes, retained, will: true, text })
}
