//! Syslog: where a message ends on a stream (RFC 6587), and where its text begins.

mod service;

use chrono::Utc;
use model::SyslogMessage;
use syslog_loose::{
    SyslogFacility, SyslogSeverity, Variant, decompose_pri, parse_message_with_year_tz,
};

use crate::{Inbox, Line};

pub(crate) use service::{OVER_TCP, OVER_UDP};

/// What a stream has to offer.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// A message.
    Whole(Vec<u8>),
    /// The beginning of a message that is longer than the limit. Its rest is passed over.
    Cut(Vec<u8>),
    /// No message has arrived to its end.
    Partial,
}

/// Finds the messages of one stream. A sender may count the octets of a message or end it with a
/// line break, and change its mind with every message.
#[derive(Debug, Default)]
pub struct Framing {
    skipping: Skipping,
}

/// The rest of a message that was too long.
#[derive(Debug, Default)]
enum Skipping {
    Octets(usize),
    Line,
    #[default]
    Nothing,
}

impl Framing {
    /// Takes the next message of at most `limit` bytes.
    pub fn take(&mut self, inbox: &mut Inbox, limit: usize) -> Frame {
        if !self.skip(inbox) {
            return Frame::Partial;
        }
        match count(inbox.peek()) {
            Count::Octets { head, count } => self.take_octets(inbox, head, (count, limit)),
            Count::NeedMore => Frame::Partial,
            Count::None => self.take_line(inbox, limit),
        }
    }

    /// What is left when the stream has ended: a message without its end.
    pub fn rest(&mut self, inbox: &mut Inbox) -> Option<Vec<u8>> {
        if !self.skip(inbox) {
            return None;
        }
        if let Count::Octets { head, .. } = count(inbox.peek()) {
            inbox.discard(head);
        }
        Some(inbox.take_all()).filter(|rest| !rest.is_empty())
    }

    fn take_octets(
        &mut self,
        inbox: &mut Inbox,
        head: usize,
        (count, limit): (usize, usize),
    ) -> Frame {
        let wanted = count.min(limit);
        if inbox.len() < head + wanted {
            return Frame::Partial;
        }
        inbox.discard(head);
        let message = inbox.take(wanted).unwrap_or_default();
        if count <= limit {
            return Frame::Whole(message);
        }
        self.skipping = Skipping::Octets(count - limit);
        Frame::Cut(message)
    }

    fn take_line(&mut self, inbox: &mut Inbox, limit: usize) -> Frame {
        match inbox.take_line(limit) {
            Line::Whole(line) => Frame::Whole(line),
            Line::Overlong(line) => {
                self.skipping = Skipping::Line;
                Frame::Cut(line)
            }
            Line::Partial => Frame::Partial,
        }
    }

    /// Passes over the rest of a message that was too long; says whether all of it has gone by.
    fn skip(&mut self, inbox: &mut Inbox) -> bool {
        match self.skipping {
            Skipping::Nothing => return true,
            Skipping::Octets(left) => {
                let left = left - inbox.discard(left);
                self.skipping = Skipping::Octets(left);
                if left > 0 {
                    return false;
                }
            }
            Skipping::Line => {
                let end = inbox.peek().iter().position(|&byte| byte == b'\n');
                inbox.discard(end.map_or(usize::MAX, |end| end + 1));
                if end.is_none() {
                    return false;
                }
            }
        }
        self.skipping = Skipping::Nothing;
        true
    }
}

/// How a message begins.
enum Count {
    /// With the number of its octets, which takes `head` bytes itself.
    Octets { head: usize, count: usize },
    /// With digits, so far.
    NeedMore,
    /// With something else.
    None,
}

/// Longest count that is taken for one: more than a gigabyte is no message.
const DIGITS_MOST: usize = 9;

fn count(bytes: &[u8]) -> Count {
    let head = bytes.iter().take(DIGITS_MOST + 1);
    let digits = head.take_while(|byte| byte.is_ascii_digit()).count();
    match bytes.get(digits) {
        _ if digits > DIGITS_MOST => Count::None,
        // RFC 6587 §3.4.1: a count has no leading zero.
        _ if digits == 0 || bytes.first() == Some(&b'0') => Count::None,
        None => Count::NeedMore,
        Some(b' ') => {
            let number = bytes.get(..digits).and_then(|digits| str::from_utf8(digits).ok());
            match number.and_then(|digits| digits.parse().ok()) {
                Some(count) => Count::Octets { head: digits + 1, count },
                None => Count::None,
            }
        }
        Some(_) => Count::None,
    }
}

/// A message without its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The machine it is from, if the head says so.
    pub host: Option<&'a str>,
    /// What was logged. All of the line, if it has no head that could be read.
    pub text: &'a str,
}

/// Takes off the head of a message, be it of RFC 5424 or of RFC 3164 and its many dialects.
#[must_use]
pub fn message(line: &str) -> Message<'_> {
    // The year and zone of a time without them; no time is used here.
    let year = |_| 1970;
    let read = parse_message_with_year_tz(line, year, Some(Utc), Variant::Either);
    Message { host: read.hostname, text: read.msg }
}

/// The same with all that a head says of its sender. Small devices send a priority and no more of one.
fn fields(line: &str) -> SyslogMessage {
    let read = parse_message_with_year_tz(line, |_| 1970, Some(Utc), Variant::Either);
    let (known, text) = match priority(line) {
        Some((known, rest)) if read.facility.is_none() => (known, rest),
        _ => ((read.facility, read.severity), read.msg),
    };
    SyslogMessage {
        facility: known.0.map(|facility| facility.as_str()),
        severity: known.1.map(|severity| severity.as_str()),
        host: read.hostname.map(str::to_owned),
        program: read.appname.map(str::to_owned),
        text: text.to_owned(),
    }
}

type Known = (Option<SyslogFacility>, Option<SyslogSeverity>);

/// The number in angle brackets that a line begins with, and what comes after it.
fn priority(line: &str) -> Option<(Known, &str)> {
    let (number, rest) = line.strip_prefix('<')?.split_once('>')?;
    Some((decompose_pri(number.parse().ok()?), rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every message of a stream that comes in pieces, and what is left at its end.
    fn frames(stream: &[u8], cut: usize, limit: usize) -> Vec<(String, char)> {
        let (mut framing, mut inbox, mut frames) =
            (Framing::default(), Inbox::default(), Vec::new());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for piece in stream.chunks(cut) {
            inbox.push(piece);
            loop {
                match framing.take(&mut inbox, limit) {
                    Frame::Whole(message) => frames.push((text(&message), 'w')),
                    Frame::Cut(message) => frames.push((text(&message), 'c')),
                    Frame::Partial => break,
                }
            }
        }
        frames.extend(framing.rest(&mut inbox).map(|rest| (text(&rest), 'r')));
        frames
    }

    fn check(stream: &str, limit: usize, expected: &[(&str, char)]) {
        for cut in [1, 2, 3, 7, 1_000] {
            let found = frames(stream.as_bytes(), cut, limit);
            let found: Vec<_> = found.iter().map(|(text, kind)| (text.as_str(), *kind)).collect();
            assert_eq!(found, expected, "{stream:?} cut every {cut} bytes");
        }
    }

    #[test]
    fn messages_end_with_a_line_break_or_their_count() {
        check("<4>one\n<4>two\r\n", 20, &[("<4>one", 'w'), ("<4>two", 'w')]);
        check("6 <4>one6 <4>two", 20, &[("<4>one", 'w'), ("<4>two", 'w')]);
        check("6 <4>a\nb<4>two\n", 20, &[("<4>a\nb", 'w'), ("<4>two", 'w')]);
    }

    #[test]
    fn a_line_that_begins_with_a_date_is_not_counted() {
        check("2026-11-20T09:51:00Z a\n", 40, &[("2026-11-20T09:51:00Z a", 'w')]);
        check("0 a\n12345678901 b\n", 40, &[("0 a", 'w'), ("12345678901 b", 'w')]);
    }

    #[test]
    fn what_is_too_long_is_cut_and_the_next_is_whole() {
        check("<4>0123456789\n<4>two\n", 8, &[("<4>012345", 'c'), ("<4>two", 'w')]);
        check("13 <4>0123456789<4>two\n", 8, &[("<4>01234", 'c'), ("<4>two", 'w')]);
    }

    #[test]
    fn a_message_without_its_end_is_not_lost() {
        check("<4>one\n<4>tw", 20, &[("<4>one", 'w'), ("<4>tw", 'r')]);
        check("99 <4>one", 200, &[("<4>one", 'r')]);
        check("<4>0123456789", 8, &[("<4>012345", 'c')]);
    }

    #[test]
    fn heads_of_both_forms_come_off() {
        for head in [
            "<4>Nov 20 09:51:00 box kernel: ",
            "<4>Nov  2 09:51:00 box kernel: ",
            "<4>2026-11-20T09:51:00.123456+01:00 box kernel: ",
            "<4>1 2026-11-20T09:51:00.123456+01:00 box kernel - - - ",
            "<13>1 2026-11-20T09:51:00.123456+01:00 box root - - [timeQuality tzKnown=\"1\"] ",
            "Nov 20 09:51:00 box kernel: ",
        ] {
            for text in ["[ 3438.297134] A:B: IN=lo OUT=", "A:B:IN=lo OUT= SRC=1.2.3.4 [SRC=a]"] {
                let line = format!("{head}{text}");
                assert_eq!(message(&line), Message { host: Some("box"), text }, "{line}");
            }
        }
    }

    #[test]
    fn a_line_without_a_head_is_all_text() {
        for text in ["A:B: IN=lo", "<4>A:B: IN=lo", "", "[1.2] A:B:"] {
            assert_eq!(message(text), Message { host: None, text });
        }
    }

    proptest! {
        #[test]
        fn cuts_do_not_show(stream: Vec<u8>, cut in 1..20_usize, limit in 1..30_usize) {
            prop_assert_eq!(frames(&stream, cut, limit), frames(&stream, usize::MAX, limit));
        }

        #[test]
        fn nearly_sensible_streams_are_cut_alike(
            parts in prop::collection::vec("(1?[0-9] |<[0-9]{1,3}>|[a-z]{1,5}|\n)", 0..12),
            cut in 1..9_usize
        ) {
            let stream = parts.concat().into_bytes();
            prop_assert_eq!(frames(&stream, cut, 12), frames(&stream, usize::MAX, 12));
        }

        #[test]
        fn any_text_is_taken(text in "\\PC{0,80}") {
            let _ = message(&text);
        }
    }
}
