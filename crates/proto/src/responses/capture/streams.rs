//! Connections out of segments: what each side said, in order and once.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::packets::Segment;

/// What was said on a connection.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Streams {
    pub(super) client: Vec<u8>,
    pub(super) server: Vec<u8>,
}

/// One way of a connection, before it is put in order.
#[derive(Debug, Default)]
struct Way {
    /// The number of its first byte.
    first: Option<u32>,
    pieces: Vec<(u32, Vec<u8>)>,
}

#[derive(Debug, Default)]
struct Connection {
    client: Way,
    server: Way,
}

/// The connections, in the order they began. The client is whoever asked for the connection, or
/// else whoever was seen first.
pub(super) fn of(segments: Vec<Segment>) -> Vec<Streams> {
    let mut connections: Vec<Connection> = Vec::new();
    let mut open: HashMap<(SocketAddr, SocketAddr), usize> = HashMap::new();
    for segment in segments {
        let (there, back) = ((segment.from, segment.to), (segment.to, segment.from));
        let begins = segment.is_syn && !segment.is_ack;
        let known = open.get(&there).map(|place| (*place, true));
        let known = known.or_else(|| open.get(&back).map(|place| (*place, false)));
        let is_again = |place: usize| {
            // The same question may be sent twice; with another number it is another connection.
            connections
                .get(place)
                .is_some_and(|one| one.client.first == Some(segment.sequence.wrapping_add(1)))
        };
        let (place, is_client) = match known {
            Some((place, is_client)) if !begins || is_again(place) => (place, is_client),
            _ => {
                open.remove(&back);
                open.insert(there, connections.len());
                connections.push(Connection::default());
                (connections.len() - 1, true)
            }
        };
        if let Some(connection) = connections.get_mut(place) {
            let way = if is_client { &mut connection.client } else { &mut connection.server };
            way.add(segment);
        }
    }
    connections
        .into_iter()
        .map(|one| Streams { client: one.client.in_order(), server: one.server.in_order() })
        .collect()
}

impl Way {
    fn add(&mut self, segment: Segment) {
        // The question for a connection takes one number.
        let sequence = segment.sequence.wrapping_add(u32::from(segment.is_syn));
        self.first.get_or_insert(sequence);
        if !segment.bytes.is_empty() {
            self.pieces.push((sequence, segment.bytes));
        }
    }

    /// What was said, up to the first gap.
    fn in_order(self) -> Vec<u8> {
        let first = self.first.unwrap_or_default();
        // Numbers go round; a piece before the first byte lies far behind all others.
        let mut pieces: Vec<(usize, Vec<u8>)> = self
            .pieces
            .into_iter()
            .filter_map(|(number, bytes)| {
                Some((usize::try_from(number.wrapping_sub(first)).ok()?, bytes))
            })
            .collect();
        pieces.sort_by_key(|(place, _)| *place);
        let mut said = Vec::new();
        for (place, bytes) in pieces {
            let Some(known) = said.len().checked_sub(place) else { break };
            said.extend_from_slice(bytes.get(known..).unwrap_or_default());
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn segment(from_client: bool, sequence: u32, flags: &str, bytes: &str) -> Segment {
        let (client, server) = (address("10.0.0.1:4000"), address("10.0.0.2:80"));
        let (from, to) = if from_client { (client, server) } else { (server, client) };
        let (is_syn, is_ack) = (flags.contains('S'), flags.contains('A'));
        Segment { from, to, sequence, is_syn, is_ack, bytes: bytes.into() }
    }

    #[test]
    fn segments_may_come_twice_out_of_order_and_over_the_end_of_the_numbers() {
        let streams = of(vec![
            segment(true, u32::MAX - 2, "S", ""),
            segment(true, u32::MAX - 2, "S", ""),
            segment(false, 100, "SA", ""),
            segment(true, 1, "A", "cd"),
            segment(true, u32::MAX - 1, "A", "xyz"),
            segment(true, u32::MAX - 1, "A", "xyz"),
            segment(false, 101, "A", "one"),
            segment(false, 103, "A", "e two"),
            segment(false, 200, "A", "after a gap"),
        ]);
        let expected = Streams { client: b"xyzcd".into(), server: b"one two".into() };
        assert_eq!(streams, [expected]);
    }

    #[test]
    fn a_port_that_is_used_again_is_another_connection() {
        let streams = of(vec![
            segment(true, 10, "S", ""),
            segment(true, 11, "A", "first"),
            segment(true, 9_000, "S", ""),
            segment(true, 9_001, "A", "second"),
            segment(false, 5, "A", "answer"),
        ]);
        let said: Vec<_> = streams.iter().map(|one| one.client.as_slice()).collect();
        assert_eq!(said, [&b"first"[..], b"second"]);
        assert_eq!(streams[1].server, b"answer");
    }
}
