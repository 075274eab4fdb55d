//! One letter: who writes to whom, and all that servers and programs put around the words.

use model::Timestamp;

use super::wording::{PEOPLE, WORDINGS, Wording};
use crate::Cx;
use crate::derived::{Purpose, derived, pick};

/// Those who have to do with a mailbox.
pub(super) struct Parties<'a> {
    cx: &'a Cx<'a>,
    /// What the reader is called.
    name: String,
    /// Where the reader and the colleagues are.
    domain: String,
    /// The part of an address before that.
    local: String,
    /// Where among the wordings this mailbox begins.
    start: i64,
}

/// Longest part of an address that is taken from what a client calls itself (RFC 5321 §4.5.3.1.1).
const LONGEST_PART: usize = 64;

impl<'a> Parties<'a> {
    pub(super) fn new(user: &str, cx: &'a Cx<'a>) -> Self {
        // Windows writes the domain before the user.
        let address = user.rsplit('\\').next().unwrap_or_default();
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        let local = Some(part(local)).filter(|part| !part.is_empty());
        let domain = Some(part(domain)).filter(|part| !part.is_empty());
        let local = local.unwrap_or_else(|| "office".to_owned());
        let [start, _] = derived(&cx.persona.seed, Purpose::Letter, &local);
        Self {
            cx,
            name: capitalised(local.split(['.', '_', '-']).next().unwrap_or_default()),
            domain: domain.unwrap_or_else(|| cx.persona.host.clone()),
            start: i64::try_from(start % 1_000).unwrap_or_default(),
            local,
        }
    }

    /// The letter of a turn, as it lies in the mailbox. One wording comes after the other, so no two
    /// that lie there are alike.
    pub(super) fn letter(&self, turn: i64, moment: i64, chance: [u64; 2]) -> String {
        let turn = (turn + self.start).rem_euclid(WORDINGS.len().try_into().unwrap_or(1));
        let wording = pick(WORDINGS, turn.unsigned_abs());
        let head = self.head(&wording, Timestamp::from_micros(moment * 1_000_000), chance);
        let line = |line: &&str| self.filled(line, chance) + "\r\n";
        let body: String = wording.lines.iter().map(line).collect();
        format!("{head}\r\n{body}")
    }

    /// What servers put before it, and the program it was written with.
    fn head(&self, wording: &Wording, moment: Timestamp, chance: [u64; 2]) -> String {
        let Self { domain, local, name, .. } = self;
        let [number, _] = chance;
        let persona = &self.cx.persona;
        let program = persona.mail_server.trim_end_matches(persona.build());
        let (date, host, station) = (date(moment), &persona.host, 20 + number % 180);
        let [sender, copy] = [wording.from, wording.copy].map(|person| self.address(person));
        let mailbox = sender.split_once('<').map_or("", |(_, address)| address);
        format!(
            "Return-Path: <{mailbox}\r\n\
             Delivered-To: {local}@{domain}\r\n\
             Received: from [192.168.1.{station}] (unknown [192.168.1.{station}])\r\n\
             \tby {host} ({program}) with ESMTPSA id {queue:010X}\r\n\
             \tfor <{local}@{domain}>;\r\n\
             \t{date} (UTC)\r\n\
             Message-ID: <{id:016x}.{station}@{domain}>\r\n\
             Date: {date}\r\n\
             MIME-Version: 1.0\r\n\
             User-Agent: Mozilla Thunderbird\r\n\
             From: {sender}\r\n\
             To: {name} <{local}@{domain}>\r\n\
             Cc: {copy}\r\n\
             Subject: {subject}\r\n\
             Content-Type: text/plain; charset=UTF-8; format=flowed\r\n\
             Content-Transfer-Encoding: 7bit\r\n",
            queue = number >> 24,
            id = number.rotate_left(20),
            subject = self.filled(wording.subject, chance),
        )
    }

    /// A colleague as a field has one.
    fn address(&self, place: usize) -> String {
        let (first, family) = colleague(place, self.cx);
        let (before, after) = (first.to_lowercase(), family.to_lowercase());
        format!("{first} {family} <{before}.{after}@{}>", self.domain)
    }

    /// A line with its gaps filled.
    fn filled(&self, line: &str, [_, chance]: [u64; 2]) -> String {
        let number = 10_000 + chance % 80_000;
        let sum =
            format!("{},{:03}.{:02}", 1 + chance % 9, chance / 9 % 1_000, chance / 9_000 % 100);
        let time = format!("{}:{:02}", 9 + chance % 8, chance / 8 % 4 * 15);
        [
            ("{name}", &self.name),
            ("{number}", &number.to_string()),
            ("{sum}", &sum),
            ("{time}", &time),
        ]
        .into_iter()
        .fold(line.to_owned(), |line, (gap, filling)| line.replace(gap, filling))
    }
}

/// How many colleagues there are.
pub(crate) const COLLEAGUES: usize = PEOPLE.len();

/// A colleague's names. Families differ from one installation to the next.
pub(crate) fn colleague(place: usize, cx: &Cx<'_>) -> (&'static str, &'static str) {
    let (first, families) = PEOPLE.get(place).copied().unwrap_or_default();
    let [choice, _] = derived(&cx.persona.seed, Purpose::Letter, first);
    (first, pick(families, choice))
}

/// The letters of an address that need no quotes.
fn part(text: &str) -> String {
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "._+-".contains(*letter);
    text.chars().filter(is_plain).take(LONGEST_PART).collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// RFC 5322 §3.3.
fn date(moment: Timestamp) -> String {
    let time = jiff::Timestamp::from_second(moment.as_secs()).unwrap_or_default();
    time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
