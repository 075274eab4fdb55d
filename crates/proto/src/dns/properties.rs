//! What holds for any DNS message.

use hickory_proto::op::{Message, MessageType};
use model::Event;
use proptest::prelude::*;

use super::message::Transport;
use super::{Answers, Mode, Settings, Ttl, machine, plain};
use crate::testing::Stage;
use crate::{Action, Cx, Out};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_response_can_be_read_by_others_and_belongs_to_its_question(message in message()) {
        check(&message);
    }

    #[test]
    fn a_changed_or_shortened_message_is_no_worse(
        message in message(), place: prop::sample::Index, change in 1..=u8::MAX
    ) {
        let mut message = message;
        let place = place.index(message.len());
        message[place] ^= change;
        check(&message);
        check(&message[..place]);
    }

    #[test]
    fn the_short_way_of_answering_is_taken_and_is_the_long_ways_twin(
        message in plain_message(), settings in settings()
    ) {
        let stage = Stage::new(Answers::new(&settings).unwrap());
        let is_short = plain::respond(&message, &stage.cx(), &mut Out::default()).is_some();
        prop_assert!(is_short || settings.mode != Mode::Pool);
        both_ways_are_alike(&message, &stage.cx());
    }
}

/// Asks on both transports, and has another implementation read what is answered.
fn check(asked: &[u8]) {
    let stage = Stage::new(Answers::default());
    both_ways_are_alike(asked, &stage.cx());
    carried_by_another_protocol_it_is_answered_as_on_a_stream(asked, &stage.cx());
    for transport in [Transport::Datagram, Transport::Stream] {
        let Some(response) = machine::respond(asked, transport, &stage.cx(), &mut Out::default())
        else {
            continue;
        };
        let length = response.len();
        let response = Message::from_vec(&response).unwrap();
        assert_eq!(response.metadata.message_type, MessageType::Response);
        assert_eq!(response.metadata.id.to_be_bytes(), asked[..2]);
        let Ok(asked) = Message::from_vec(asked) else { continue };
        assert!(response.queries.is_empty() || response.queries == asked.queries);
        let room = asked.edns.map_or(512, |edns| edns.max_payload().clamp(512, 1_232));
        assert!(transport == Transport::Stream || length <= usize::from(room));
    }
}

fn carried_by_another_protocol_it_is_answered_as_on_a_stream(asked: &[u8], cx: &Cx<'_>) {
    let (mut carried, mut out) = (Out::default(), Out::default());
    let response = machine::answer_message(asked, cx, &mut carried);
    assert_eq!(response, machine::respond(asked, Transport::Stream, cx, &mut out));
    let noted = carried.take_actions().filter(|action| !is_gift(action)).collect::<Vec<_>>();
    assert_eq!(noted, out.take_actions().filter(|action| !is_gift(action)).collect::<Vec<_>>());
}

/// A name is given its addresses only once.
const fn is_gift(action: &Action) -> bool {
    matches!(action, Action::Note(Event::AddressGiven(_)))
}

/// What is sent and what is recorded do not depend on the way.
fn both_ways_are_alike(asked: &[u8], cx: &Cx<'_>) {
    let mut out = Out::default();
    // Once before it counts, so that the name has its address either way.
    machine::respond_at_length(asked, Transport::Datagram, cx, &mut out);
    out.take_actions().for_each(drop);
    let Some(short) = plain::respond(asked, cx, &mut out) else {
        assert_eq!(out.take_actions().count(), 0, "nothing happens if it is not for this way");
        return;
    };
    let noted: Vec<Action> = out.take_actions().collect();
    let long = machine::respond_at_length(asked, Transport::Datagram, cx, &mut out);
    assert_eq!(Some(short), long);
    assert_eq!(noted, out.take_actions().collect::<Vec<_>>());
}

fn settings() -> impl Strategy<Value = Settings> {
    let (v4, v6) = (Some([192, 0, 2, 1].into()), None);
    let mode = prop::sample::select(vec![
        Mode::Pool,
        Mode::Fixed { v4, v6 },
        Mode::SelfAddress { v4: None, v6: None },
    ]);
    let ttl = prop_oneof![Just(Ttl::Natural), any::<u32>().prop_map(Ttl::Exactly)];
    (mode, ttl).prop_map(|(mode, ttl)| Settings { mode, ttl, ..Settings::default() })
}

/// Any question, for names that are special and names that are not.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let label = prop_oneof![
        prop::sample::select(LABELS).prop_map(|label| label.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 1..64),
    ];
    let record_type = prop_oneof![3 => prop::sample::select(RECORD_TYPES), 1 => any::<u16>()];
    let class = prop_oneof![8 => Just(1), 1 => Just(3), 1 => any::<u16>()];
    written(prop::collection::vec(label, 0..8), record_type, class, 0..2_u8)
}

/// A question that the short way is for.
fn plain_message() -> impl Strategy<Value = Vec<u8>> {
    let label = prop::collection::vec(any::<u8>(), 1..40);
    let record_type = prop::sample::select(&[1, 28][..]);
    let name = prop::collection::vec(label, 0..4)
        .prop_map(|labels| [labels, vec![b"Example".to_vec(), b"com".to_vec()]].concat());
    written(name, record_type, Just(1), Just(0))
}

fn written(
    name: impl Strategy<Value = Vec<Vec<u8>>>,
    record_type: impl Strategy<Value = u16>,
    class: impl Strategy<Value = u16>,
    version: impl Strategy<Value = u8>,
) -> impl Strategy<Value = Vec<u8>> {
    let opt = prop::option::of((any::<u16>(), version, any::<[u8; 2]>()));
    let question = (name, record_type, class);
    // RD and CD, and the bits around them that nobody reads.
    let flags = (0..8_u8, prop::sample::select(&[0, 0x10, 0x20, 0x7f][..]));
    (any::<[u8; 2]>(), flags, question, opt).prop_map(|(id, flags, question, opt)| {
        let (name, record_type, class) = question;
        let mut bytes = [id, [flags.0, flags.1]].concat();
        bytes.extend([0, 1, 0, 0, 0, 0, 0, u8::from(opt.is_some())]);
        for label in name {
            bytes.push(label.len() as u8);
            bytes.extend(label);
        }
        bytes.push(0);
        bytes.extend([record_type.to_be_bytes(), class.to_be_bytes()].concat());
        if let Some((size, version, flags)) = opt {
            bytes.extend([0, 0, 41]);
            bytes.extend(size.to_be_bytes());
            bytes.extend([0, version, flags[0], flags[1], 0, 0]);
        }
        bytes
    })
}

const LABELS: &[&str] = &[
    "www",
    "Example",
    "com",
    "co",
    "uk",
    "localhost",
    "in-addr",
    "arpa",
    "ip6",
    "bind",
    "_sip",
    "_tcp",
    "version",
    "1",
    "127",
    "f",
    "onion",
];

const RECORD_TYPES: &[u16] = &[1, 2, 5, 6, 12, 15, 16, 28, 33, 65, 252, 255, 257];
