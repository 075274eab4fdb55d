//! What is sent to the log listener.

use proto::Inbox;
use proto::netfilter_log::{Read, read};
use proto::syslog::{Frame, Framing, message};

/// A stream has the same messages however it is cut, and whatever a message says is read. The first
/// byte says where to cut.
pub fn log_line(input: &[u8]) {
    let Some((&cut, bytes)) = input.split_first() else { return };
    let whole = messages(bytes, bytes.len());
    assert_eq!(whole, messages(bytes, usize::from(cut)), "cut every {cut} bytes");
    for line in &whole {
        let line = String::from_utf8_lossy(line);
        let text = message(&line).text;
        assert!(line.trim_end().ends_with(text.trim_end()), "{text:?} is not the end of {line:?}");
        if let Read::Packet(packet) = read(text, PREFIX) {
            assert!(packet.truncated.is_some() || packet.src.is_some(), "{packet:?}");
        }
        let _ = read(&format!("{PREFIX}{text}"), PREFIX);
    }
}

const PREFIX: &str = "INPUT:SINKHOLE:";

/// Every message of a stream that comes in pieces, and what is left at its end.
fn messages(bytes: &[u8], cut: usize) -> Vec<Vec<u8>> {
    let (mut framing, mut inbox, mut found) = (Framing::default(), Inbox::default(), Vec::new());
    for piece in bytes.chunks(cut.max(1)) {
        inbox.push(piece);
        while let Frame::Whole(message) | Frame::Cut(message) = framing.take(&mut inbox, 512) {
            found.push(message);
        }
    }
    found.extend(framing.rest(&mut inbox));
    found
}
