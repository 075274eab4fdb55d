//! Services that say one thing, whatever they hear, and hang up.

use super::goes_round;
use super::people::Person;
use crate::broken_rules::BrokenRules;
use crate::{Cx, Input, Machine, Next, Out};

/// What a service says.
pub(super) type Say = fn(&Cx<'_>) -> Vec<u8>;

/// Says it, and hangs up.
pub(super) struct Said(pub(super) Say);

impl Machine for Said {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        if let Input::Open = input {
            out.send((self.0)(cx));
            out.hand_over(Next::Close);
        }
    }
}

/// Says it to each datagram.
pub(super) struct SaidEachTime {
    name: &'static str,
    say: Say,
    broken_rules: BrokenRules,
}

impl SaidEachTime {
    pub(super) fn new(name: &'static str, say: Say) -> Self {
        Self { name, say, broken_rules: BrokenRules::default() }
    }
}

impl Machine for SaidEachTime {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        if let Input::Datagram(_) = input
            && !goes_round(self.name, &mut self.broken_rules, cx, out)
        {
            out.send((self.say)(cx));
        }
    }
}

/// Who is logged in, a line each (RFC 866), as `who` has it.
pub(super) fn who_is_there(cx: &Cx<'_>) -> Vec<u8> {
    let line = |person: &Person| {
        let since = moment(person.since).strftime("%Y-%m-%d %H:%M").to_string();
        format!("{:<8} {:<12} {since} ({})\r\n", person.login, person.terminal, person.from)
    };
    Person::logged_in(cx).iter().map(line).collect::<String>().into_bytes()
}

/// As the C library writes a time (RFC 867 leaves the form free).
pub(super) fn day_and_time(cx: &Cx<'_>) -> Vec<u8> {
    moment(cx.now.as_secs()).strftime("%a %b %e %H:%M:%S %Y\r\n").to_string().into_bytes()
}

/// Seconds since 1900 (RFC 868), which begin anew in 2036.
pub(super) fn seconds(cx: &Cx<'_>) -> Vec<u8> {
    let since_1900 = cx.now.as_secs() + SECONDS_TO_1970;
    let [.., a, b, c, d] = since_1900.to_be_bytes();
    vec![a, b, c, d]
}

const SECONDS_TO_1970: i64 = 2_208_988_800;

pub(super) fn moment(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(seconds).unwrap_or_default()
}
