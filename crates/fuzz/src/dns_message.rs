//! DNS datagrams.

use hickory_proto::op::{Message, MessageType};
use proto::{Action, Carrier, Input};

use crate::stage::{Stage, rows};

/// Whatever a datagram holds, an answer to it is a message that another implementation reads, and
/// carries the number of the question. What is an answer itself is not answered: two servers would
/// never stop.
pub fn dns_message(input: &[u8]) {
    let stage = Stage::new();
    let dns = rows(Carrier::Datagram).filter(|row| row.name == "dns");
    for action in dns.flat_map(|row| stage.answer(row, Input::Datagram(input))) {
        let Action::Send(bytes) = action else { continue };
        let answer = Message::from_vec(&bytes);
        assert!(answer.is_ok(), "{answer:?}");
        assert_eq!(bytes.get(..2), input.get(..2), "the number of the question");
        assert!(answer.is_ok_and(|answer| answer.message_type == MessageType::Response));
        assert!(input.get(2).is_some_and(|flags| flags & 0x80 == 0), "an answer was answered");
    }
}
