//! A broker on one connection.

use model::{Event, Limit, ServiceCommand};

use super::connect::Connect;
use super::packet::{
    Begun, CONNECT, DISCONNECT, FIVE, Fields, Head, PINGREQ, PINGRESP, PUBACK, PUBCOMP, PUBLISH,
    PUBREC, PUBREL, SUBACK, SUBSCRIBE, UNSUBACK, UNSUBSCRIBE, head, packet,
};
use super::publish::{Publish, Read};
use super::topics::{Topics, published};
use crate::broken_rules::BrokenRules;
use crate::derived::{Purpose, derived};
use crate::one_by_one::Server;
use crate::{Cx, Inbox, Next, Out};

#[derive(Default)]
pub(super) struct Broker {
    /// What the client speaks, once it has said so.
    version: Option<u8>,
    /// A message of which more is to come.
    publish: Option<Publish>,
    topics: Topics,
    /// How many files were taken.
    files: u32,
    is_limit_noted: bool,
    broken_rules: BrokenRules,
}

impl Server for Broker {
    /// Reads what comes next; false if more has to come first.
    fn read(&mut self, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        if let Some(mut publish) = self.publish.take() {
            let is_whole = publish.take(inbox, out);
            if is_whole {
                self.published(publish, cx, out);
            } else {
                self.publish = Some(publish);
            }
            return is_whole;
        }
        match head(inbox.peek()) {
            Begun::NeedMore => false,
            Begun::Broken => self.give_up("a packet that cannot be read", out),
            Begun::Yes(head) => match (self.version, head.kind) {
                (None, kind) if kind != CONNECT => self.give_up("a packet before CONNECT", out),
                (Some(version), PUBLISH) => self.begin(head, version, inbox, (cx, out)),
                _ => self.read_whole(head, inbox, cx, out),
            },
        }
    }

    fn cut(&mut self, out: &mut Out) {
        self.broke("the stream ends inside a packet", out);
    }

    fn has_begun(&self) -> bool {
        self.publish.is_some()
    }
}

impl Broker {
    /// The head of a message, whose end may be far away.
    fn begin(
        &mut self,
        head: Head,
        version: u8,
        inbox: &mut Inbox,
        (cx, out): (&Cx<'_>, &mut Out),
    ) -> bool {
        let limit = cx.rules.form_bytes;
        match Publish::read(head, inbox.peek(), (version, cx.rules.line_bytes)) {
            Read::Head(_, taken) if taken > limit => self.too_long(out),
            Read::Head(mut publish, taken) => {
                inbox.discard(taken);
                publish.begin(&mut self.files, out);
                self.publish = Some(publish);
                true
            }
            Read::NeedMore if inbox.len() > limit => self.too_long(out),
            Read::NeedMore => false,
            Read::Broken if head.bytes + head.length > limit => self.too_long(out),
            Read::Broken => self.give_up("a packet that cannot be read", out),
        }
    }

    /// Every other packet is short.
    fn read_whole(&mut self, head: Head, inbox: &mut Inbox, cx: &Cx<'_>, out: &mut Out) -> bool {
        if head.length > cx.rules.form_bytes {
            return self.too_long(out);
        }
        let Some(bytes) = inbox.take(head.bytes + head.length) else { return false };
        let fields = Fields::new(bytes.get(head.bytes..).unwrap_or_default());
        if self.hear(head.kind, fields, cx, out).is_none() {
            return self.give_up("a packet that cannot be read", out);
        }
        true
    }

    /// Answers a packet; nothing if it is broken.
    fn hear(&mut self, kind: u8, mut fields: Fields<'_>, cx: &Cx<'_>, out: &mut Out) -> Option<()> {
        match (self.version, kind) {
            (None, _) => self.connect(&Connect::read(fields)?, cx, out),
            (Some(version), SUBSCRIBE) => self.subscribe(fields, version, cx, out)?,
            (Some(version), UNSUBSCRIBE) => self.unsubscribe(fields, version, out)?,
            (Some(_), PUBREL) => out.send(packet(PUBCOMP, &fields.number()?.to_be_bytes())),
            (Some(_), PINGREQ) => out.send(packet(PINGRESP, &[])),
            (Some(_), DISCONNECT) => out.hand_over(Next::Close),
            (Some(_), CONNECT) => return None,
            // Receipts of what we sent, for which there are none; and what only servers say.
            (Some(_), _) => {}
        }
        Some(())
    }

    fn connect(&mut self, connect: &Connect, cx: &Cx<'_>, out: &mut Out) {
        note(format!("CONNECT {}", connect.client), out);
        if let Some(will) = &connect.will {
            out.note(Event::MqttMessage(Box::new(will.clone())));
        }
        let is_right = connect.given.as_ref().is_none_or(|given| {
            out.note(Event::Credentials(given.clone().into()));
            cx.rules.mqtt.accept.admits(given, cx)
        });
        if is_right {
            self.version = Some(connect.version);
            out.send(connect.welcomed(&name(cx)));
        } else {
            out.send(connect.refused());
            out.hand_over(Next::Close);
        }
    }

    fn subscribe(
        &mut self,
        mut fields: Fields<'_>,
        version: u8,
        cx: &Cx<'_>,
        out: &mut Out,
    ) -> Option<()> {
        let mut answer = fields.number()?.to_be_bytes().to_vec();
        fields.properties(version)?;
        answer.extend((version >= FIVE).then_some(0));
        let mut kept = Vec::new();
        while !fields.is_empty() {
            let (filter, options) = (fields.text()?, fields.byte()?);
            note(format!("SUBSCRIBE {filter}"), out);
            if self.topics.want(&filter, cx.rules.mqtt.topics) {
                answer.push(options & 3);
                kept.extend(self.topics.kept_for(&filter, version));
                kept.extend(about_the_broker(&filter, version));
            } else {
                self.note_limit(Limit::MqttTopics, out);
                answer.push(if version >= FIVE { QUOTA_EXCEEDED } else { FAILURE });
            }
        }
        out.send(packet(SUBACK, &answer));
        kept.into_iter().for_each(|message| out.send(message));
        Some(())
    }

    fn unsubscribe(&mut self, mut fields: Fields<'_>, version: u8, out: &mut Out) -> Option<()> {
        let mut answer = fields.number()?.to_be_bytes().to_vec();
        fields.properties(version)?;
        answer.extend((version >= FIVE).then_some(0));
        while !fields.is_empty() {
            let was_wanted = self.topics.leave(&fields.text()?);
            let reason = if was_wanted { 0 } else { NOTHING_THERE };
            answer.extend((version >= FIVE).then_some(reason));
        }
        out.send(packet(UNSUBACK, &answer));
        Some(())
    }

    /// A message has come to its end: a receipt, and it comes back to who listens to its topic.
    fn published(&mut self, publish: Publish, cx: &Cx<'_>, out: &mut Out) {
        let (version, topic) = (self.version.unwrap_or_default(), publish.topic.clone());
        let (quality, number) = (publish.quality, publish.number.to_be_bytes());
        let is_retained = publish.is_retained;
        let body = publish.end(&mut self.files, out);
        match quality {
            1 => out.send(packet(PUBACK, &number)),
            2 => out.send(packet(PUBREC, &number)),
            _ => {}
        }
        if is_retained && !self.topics.keep(&topic, &body, cx.rules.mqtt.topics) {
            self.note_limit(Limit::MqttTopics, out);
        }
        if !body.is_empty() && self.topics.is_wanted(&topic) {
            out.send(published(&topic, &body, (version, false)));
        }
    }

    fn too_long(&mut self, out: &mut Out) -> bool {
        self.note_limit(Limit::FormBytes, out);
        out.hand_over(Next::Close);
        false
    }

    fn note_limit(&mut self, limit: Limit, out: &mut Out) {
        if !std::mem::replace(&mut self.is_limit_noted, true) {
            out.note(Event::LimitReached(limit));
        }
    }

    /// Brokers hang up on what they cannot read.
    fn give_up(&mut self, rule: &'static str, out: &mut Out) -> bool {
        self.broke(rule, out);
        out.hand_over(Next::Close);
        false
    }

    fn broke(&mut self, rule: &'static str, out: &mut Out) {
        self.broken_rules.note("mqtt", rule, out);
    }
}

/// Why a topic is not listened to, or was not (MQTT 3.1.1 §3.9.3, 5 §3.9.3, §3.11.3).
const FAILURE: u8 = 0x80;
const QUOTA_EXCEEDED: u8 = 0x97;
const NOTHING_THERE: u8 = 0x11;

/// What the broker that is most widely run says of itself to whoever listens.
fn about_the_broker(filter: &str, version: u8) -> Option<Vec<u8>> {
    let is_about = matches!(filter, "$SYS/#" | "$SYS/broker/#" | "$SYS/broker/version");
    let said = || published("$SYS/broker/version", b"mosquitto version 2.0.11", (version, true));
    is_about.then(said)
}

/// The name of a client that has none.
fn name(cx: &Cx<'_>) -> String {
    let [first, second] =
        derived(&cx.persona.seed, Purpose::SmallService, &format!("mqtt {}", cx.flow.id));
    let [a, b, c] = [first >> 32, first >> 16 & 0xffff, first & 0xffff];
    format!("auto-{a:08X}-{b:04X}-{c:04X}-{:04X}-{:012X}", second >> 48, second & 0xffff_ffff_ffff)
}

fn note(command: String, out: &mut Out) {
    out.note(Event::Command(Box::new(ServiceCommand { protocol: "mqtt", command })));
}
