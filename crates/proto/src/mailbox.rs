//! What a user finds in a mailbox: two or three letters of somebody's working days.
//!
//! Twice a week a letter comes for each user, at a moment of its own. What comes, and when, follows
//! from the installation's seed. So a letter once seen stays as it is, a new one comes now and then,
//! and the last ones are what lies there.
//!
//! ```text
//!   day      Mon Tue Wed │ Thu Fri │ Sat Sun ║ Mon Tue Wed │ Thu Fri │ Sat Sun
//!   letter    1          │      2  │         ║      3   ▲  │  4      │
//!                                                      now: 2 and 3 lie there
//! ```

mod letter;
mod wording;

use crate::Cx;
use crate::derived::{Purpose, derived};

use letter::Parties;

pub(crate) use letter::{COLLEAGUES, colleague};

/// A user's mailbox.
#[derive(Debug)]
pub(crate) struct Mailbox {
    /// What tells it from one of the same user that was there before it (RFC 9051 §2.3.1.1).
    pub(crate) validity: u32,
    /// The oldest first.
    pub(crate) letters: Vec<Letter>,
}

/// One mail in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    /// Its number among all that ever came.
    pub(crate) number: u32,
    /// When it came, in seconds.
    pub(crate) received: i64,
    /// Head and body, with the ends of lines that mail has.
    pub(crate) text: String,
}

/// The first Monday that clocks know, in seconds.
const MONDAY: i64 = 4 * DAY;
const WEEK: i64 = 7 * DAY;
const DAY: i64 = 24 * HOUR;
const HOUR: i64 = 3_600;

impl Mailbox {
    /// What lies in the mailbox of `user` now.
    pub(crate) fn open(user: &str, cx: &Cx<'_>) -> Self {
        let chance = Chance { user: &user.to_lowercase(), cx };
        let [when, many] = chance.of("mailbox");
        // Some day of 2018 or 2019.
        let made = 1_514_764_800 + i64::try_from(when % 63_072_000).unwrap_or_default();
        let parties = Parties::new(user, cx);
        let newest = chance.newest();
        let count = 2 + i64::try_from(many % 2).unwrap_or_default();
        let first = 2 * week(made) + 2;
        let letter = |turn: i64| {
            let number = u32::try_from(turn - first + 1).ok().filter(|number| *number > 0)?;
            let received = chance.moment(turn);
            let text = parties.letter(turn, received, chance.of(&turn.to_string()));
            Some(Letter { number, received, text })
        };
        let letters = (newest - count + 1..=newest).filter_map(letter).collect();
        Self { validity: u32::try_from(made).unwrap_or_default(), letters }
    }
}

/// Weeks since the first Monday.
fn week(seconds: i64) -> i64 {
    (seconds - MONDAY).div_euclid(WEEK)
}

/// What looks like chance about one user.
struct Chance<'a> {
    user: &'a str,
    cx: &'a Cx<'a>,
}

impl Chance<'_> {
    fn of(&self, what: &str) -> [u64; 2] {
        derived(&self.cx.persona.seed, Purpose::Letter, &format!("{what} {}", self.user))
    }

    /// The last letter that has come.
    fn newest(&self) -> i64 {
        let now = self.cx.now.as_secs();
        let last = 2 * week(now) + 1;
        if self.moment(last) < now {
            last
        } else if self.moment(last - 1) < now {
            last - 1
        } else {
            last - 2
        }
    }

    /// When a letter comes, in seconds: from Monday to Wednesday, or on Thursday or Friday, in
    /// working hours.
    fn moment(&self, turn: i64) -> i64 {
        let [day, time] = self.of(&format!("moment {turn}"));
        let within = |number: u64, limit: u64| i64::try_from(number % limit).unwrap_or_default();
        let day = if turn.rem_euclid(2) == 0 { within(day, 3) } else { 3 + within(day, 2) };
        MONDAY + turn.div_euclid(2) * WEEK + day * DAY + 7 * HOUR + within(time, 10 * 3_600)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use model::Timestamp;

    use super::*;
    use crate::dns;
    use crate::testing::Stage;

    /// What a user finds on every day of a year.
    fn year(user: &str) -> Vec<(Timestamp, Mailbox)> {
        let stage = Stage::new(dns::Answers::default());
        let day = |days: u64| {
            let now = stage.cx().now.plus(Duration::from_secs(days * 86_400 + 40_000));
            (now, Mailbox::open(user, &Cx { now, ..stage.cx() }))
        };
        (0..365).map(day).collect()
    }

    fn date(letter: &Letter) -> Timestamp {
        let field = letter.text.lines().find_map(|line| line.strip_prefix("Date: ")).unwrap();
        let date = jiff::fmt::rfc2822::parse(field).unwrap();
        Timestamp::from_micros(date.timestamp().as_microsecond())
    }

    #[test]
    fn letters_stay_as_they_are_and_others_come() {
        let mut seen = BTreeMap::new();
        for (_, mailbox) in year("jo@victim.example") {
            assert!((2..=3).contains(&mailbox.letters.len()));
            for letter in mailbox.letters {
                let before = seen.entry(letter.number).or_insert_with(|| letter.text.clone());
                assert_eq!(*before, letter.text);
            }
        }
        assert!((103..=108).contains(&seen.len()), "{}", seen.len());
    }

    #[test]
    fn letters_are_in_order_and_none_is_of_the_future() {
        for (now, mailbox) in year("jo") {
            let dates: Vec<Timestamp> = mailbox.letters.iter().map(date).collect();
            assert!(dates.is_sorted() && dates.iter().all(|date| *date < now), "{dates:?} {now:?}");
            assert!(dates.iter().all(|date| now.since(*date) < Duration::from_secs(14 * 86_400)));
        }
    }

    #[test]
    fn colleagues_write_on_working_days_and_alice_knows_of_it() {
        for (_, mailbox) in year("jo") {
            for letter in mailbox.letters {
                let is_weekend =
                    |text: &str| text.contains("Date: Sat") || text.contains("Date: Sun");
                assert!(!is_weekend(&letter.text) && letter.text.contains("Alice"));
            }
        }
    }

    #[test]
    fn everybody_has_letters_of_their_own() {
        let stage = Stage::new(dns::Answers::default());
        let texts = |user: &str| {
            Mailbox::open(user, &stage.cx()).letters.into_iter().map(|letter| letter.text)
        };
        assert_eq!(texts("jo").collect::<Vec<_>>(), texts("jo").collect::<Vec<_>>());
        assert!(texts("jo").all(|text| !texts("jim").any(|other| other == text)));
        let mut other = stage.cx().persona.clone();
        other.seed = [8; 16];
        let other = Mailbox::open("jo", &Cx { persona: &other, ..stage.cx() });
        assert!(other.letters.iter().all(|letter| !texts("jo").any(|text| text == letter.text)));
    }

    #[test]
    fn every_letter_is_a_mail_whatever_its_reader_is_called() {
        for user in
            ["jo", "CORP\\jo", "", "a\r\nX: y", "\u{2028}@\0<>", "a@".repeat(9_000).as_str()]
        {
            for (_, mailbox) in year(user).into_iter().step_by(3) {
                for letter in mailbox.letters {
                    assert!(letter.text.is_ascii() && letter.text.ends_with("\r\n"));
                    assert_eq!(letter.text.matches('\n').count(), letter.text.lines().count());
                    assert!(letter.text.lines().all(|line| line.len() < 998), "{}", letter.text);
                    assert!(!letter.text.replace("\r\n", "").contains(['\r', '\n', '\0']));
                    let (head, _) = letter.text.split_once("\r\n\r\n").unwrap();
                    assert!(!head.lines().any(|line| line.starts_with("X:")), "{head}");
                }
            }
        }
    }

    #[test]
    fn a_clock_of_before_there_was_mail_finds_nothing() {
        let stage = Stage::new(dns::Answers::default());
        for micros in [0, i64::MIN] {
            let now = Timestamp::from_micros(micros);
            assert!(Mailbox::open("jo", &Cx { now, ..stage.cx() }).letters.is_empty());
        }
    }
}
