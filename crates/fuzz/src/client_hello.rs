//! What begins TLS.

use model::{Event, TlsHello};
use proto::tls::ClientHello;
use proto::{Action, Inbox, Input, Next, PROTOCOLS};

use crate::stage::Stage;

/// The first byte says where to cut; the rest is taken for a stream, and for a hello without its
/// records.
pub fn client_hello(input: &[u8]) {
    let Some((&cut, bytes)) = input.split_first() else { return };
    is_consistent(&ClientHello::read(bytes));
    is_left_unread(bytes);
    let message = message(bytes);
    let whole = ClientHello::read(&records(&message, LONGEST));
    is_consistent(&whole);
    let in_pieces = ClientHello::read(&records(&message, usize::from(cut).max(1)));
    assert_eq!(in_pieces.described(), whole.described(), "in records of {cut} bytes");
}

/// Longest record (RFC 8446 §5.1).
const LONGEST: usize = 1 << 14;

/// Only of a whole hello there are fingerprints, and a name is one.
fn is_consistent(hello: &ClientHello) {
    let _ = hello.key_kind();
    let described = hello.described();
    let TlsHello { is_whole, ja3, ja4, server_name, .. } = &described;
    assert_eq!((*is_whole, *is_whole), (ja3.is_some(), ja4.is_some()), "{described:?}");
    if let Some(name) = hello.name() {
        assert!(name.bytes().all(|byte| byte.is_ascii_graphic()), "{name:?}");
        assert!(server_name.is_some(), "{described:?}");
    }
}

/// Every byte is there for whoever terminates TLS, and the hello is recorded once.
fn is_left_unread(bytes: &[u8]) {
    let (stage, mut inbox) = (Stage::new(), Inbox::default());
    for row in PROTOCOLS.iter().filter(|row| row.name == "tls") {
        let mut machine = (row.start)();
        inbox.push(bytes);
        let mut done = stage.react(machine.as_mut(), Input::Bytes(&mut inbox));
        if done.is_empty() {
            done = stage.react(machine.as_mut(), Input::Eof);
        }
        assert_eq!(inbox.take_all(), bytes);
        let is_hello = |action: &&Action| matches!(action, Action::Note(Event::TlsHello(_)));
        assert_eq!(done.iter().filter(is_hello).count(), 1, "{done:?}");
        let last = done.last();
        assert!(matches!(last, Some(Action::HandOver(Next::Tls { .. }))), "{last:?}");
    }
}

/// `body` as a handshake message of type 1.
fn message(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX) & 0x00ff_ffff;
    [&(0x0100_0000 | length).to_be_bytes(), body].concat()
}

/// `message` in records of at most `longest` bytes.
fn records(message: &[u8], longest: usize) -> Vec<u8> {
    let record = |piece: &[u8]| {
        let length = u16::try_from(piece.len()).unwrap_or(u16::MAX).to_be_bytes();
        [b"\x16\x03\x01", length.as_slice(), piece].concat()
    };
    message.chunks(longest).flat_map(record).collect()
}
