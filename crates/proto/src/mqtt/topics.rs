//! What a client wants to hear, and what it left for others.

use super::packet::{PUBLISH, packet, text};

/// The topics of one client. No other client is there: what it hears is its own, and the broker's.
#[derive(Debug, Default)]
pub(super) struct Topics {
    wanted: Vec<String>,
    kept: Vec<(String, Vec<u8>)>,
}

impl Topics {
    /// Listens to `filter`; false if there is no room.
    pub(super) fn want(&mut self, filter: &str, most: usize) -> bool {
        let is_new = !self.wanted.iter().any(|wanted| wanted == filter);
        let has_room = self.wanted.len() < most;
        if is_new && has_room {
            self.wanted.push(filter.to_owned());
        }
        !is_new || has_room
    }

    /// Says whether it was listened to.
    pub(super) fn leave(&mut self, filter: &str) -> bool {
        let before = self.wanted.len();
        self.wanted.retain(|wanted| wanted != filter);
        self.wanted.len() < before
    }

    pub(super) fn is_wanted(&self, topic: &str) -> bool {
        self.wanted.iter().any(|filter| fits(filter, topic))
    }

    /// Keeps a message for later; an empty one takes away what was kept. False if there is no room.
    pub(super) fn keep(&mut self, topic: &str, payload: &[u8], most: usize) -> bool {
        self.kept.retain(|(kept, _)| kept != topic);
        let has_room = self.kept.len() < most;
        if has_room && !payload.is_empty() {
            self.kept.push((topic.to_owned(), payload.to_vec()));
        }
        has_room
    }

    /// What was kept for who listens to `filter`, as packets.
    pub(super) fn kept_for(&self, filter: &str, version: u8) -> Vec<Vec<u8>> {
        let fitting = self.kept.iter().filter(|(topic, _)| fits(filter, topic));
        fitting.map(|(topic, payload)| published(topic, payload, (version, true))).collect()
    }
}

/// A message to the client, once and without a receipt.
pub(super) fn published(topic: &str, payload: &[u8], (version, is_kept): (u8, bool)) -> Vec<u8> {
    let properties: &[u8] = if version >= super::packet::FIVE { &[0] } else { &[] };
    let mut packet = packet(PUBLISH, &[&text(topic)[..], properties, payload].concat());
    if let Some(first) = packet.first_mut().filter(|_| is_kept) {
        *first |= RETAINED;
    }
    packet
}

/// The flag of a message that was kept.
pub(super) const RETAINED: u8 = 1;

/// Whether a topic is meant by a filter: `+` is any level, `#` all that are left (MQTT 5 §4.7). What
/// begins with a dollar is not meant by either at the beginning.
fn fits(filter: &str, topic: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let (mut wanted, mut levels) = (filter.split('/'), topic.split('/'));
    loop {
        match (wanted.next(), levels.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some("+"), Some(_)) => {}
            (Some(wanted), Some(level)) if wanted == level => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_mean_levels_of_topics() {
        for (filter, topic, expected) in [
            ("a/b", "a/b", true),
            ("a/b", "a/b/c", false),
            ("a/#", "a/b/c", true),
            ("a/#", "a", true),
            ("a/+", "a/b", true),
            ("a/+", "a", false),
            ("+/+", "/b", true),
            ("#", "$SYS/broker", false),
            ("$SYS/#", "$SYS/broker", true),
            ("", "a", false),
        ] {
            assert_eq!(fits(filter, topic), expected, "{filter} {topic}");
        }
    }
}
