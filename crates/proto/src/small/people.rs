//! Who has an account on the machine we pretend to be. Finger, systat and ident agree on it.

use crate::Cx;
use crate::derived::{Purpose, derived, pick};

/// Somebody who is logged in.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) terminal: String,
    /// Since when, in seconds.
    pub(super) since: i64,
    /// From which machine.
    pub(super) from: String,
}

/// How long a set of people stays, in seconds.
const SHIFT: i64 = 6 * 3_600;

impl Person {
    /// One to three people, others every few hours. Each came before those that follow.
    pub(super) fn logged_in(cx: &Cx<'_>) -> Vec<Self> {
        let shift = cx.now.as_secs().div_euclid(SHIFT);
        let [count, office] = of(&format!("shift {shift}"), cx);
        let [.., network, _] = office.to_be_bytes();
        let person = |place: u64| {
            let [who, when] = of(&format!("shift {shift} {place}"), cx);
            let (login, name) = account(who.wrapping_add(place));
            let ago = i64::try_from(600 + (2 - place) * 5_000 + when % 4_000).unwrap_or_default();
            let [.., host] = (when >> 32).to_be_bytes();
            let from = format!("192.168.{}.{}", network % 32, 10 + host % 200);
            let terminal = format!("pts/{place}");
            Self { login, name, terminal, since: shift * SHIFT - ago, from }
        };
        let mut people: Vec<Self> = Vec::new();
        for one in (0..=count % 3).map(person) {
            if people.iter().all(|other| other.login != one.login) {
                people.push(one);
            }
        }
        people
    }

    /// The account of that name: it is there, if one could be called so, and has a name of its own.
    pub(super) fn called(login: &str, cx: &Cx<'_>) -> Option<(String, String)> {
        let known = SYSTEM.iter().find(|(known, _)| *known == login);
        if let Some((_, name)) = known {
            return Some(((*name).to_owned(), format!("/{login}")));
        }
        let mut letters = login.bytes();
        let begins = letters.next().is_some_and(|first| first.is_ascii_lowercase());
        let fits =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
        if !begins || login.len() > 32 || !letters.all(fits) {
            return None;
        }
        let here = Self::logged_in(cx).into_iter().find(|person| person.login == login);
        let name = here.map_or_else(String::new, |person| person.name);
        Some((name, format!("/home/{login}")))
    }
}

/// Accounts that every machine has.
const SYSTEM: [(&str, &str); 1] = [("root", "root")];

fn of(what: &str, cx: &Cx<'_>) -> [u64; 2] {
    derived(&cx.persona.seed, Purpose::SmallService, what)
}

/// What somebody logs in as, and is called.
fn account(number: u64) -> (String, String) {
    let (first, last) = (pick(FIRST, number), pick(LAST, number >> 16));
    let initial: String = first.chars().take(1).collect();
    (format!("{initial}{last}").to_ascii_lowercase(), format!("{first} {last}"))
}

const FIRST: &[&str] = &[
    "Andrew", "Anna", "Brian", "Carla", "Daniel", "Diane", "Eric", "Frank", "Helen", "Ian",
    "Julia", "Kevin", "Laura", "Mark", "Nina", "Oliver", "Paul", "Rachel", "Steven", "Tom",
];

const LAST: &[&str] = &[
    "Baker", "Becker", "Carter", "Dumont", "Evans", "Fischer", "Grant", "Hansen", "Irving",
    "Jensen", "Keller", "Lopez", "Moore", "Novak", "Olsen", "Price", "Rossi", "Stone", "Turner",
    "Weber",
];
