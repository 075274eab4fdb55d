//! The quote of the day (RFC 865): at most 512 characters, the same all day.

use crate::Cx;
use crate::derived::{Purpose, derived, pick};

pub(super) fn of_today(cx: &Cx<'_>) -> Vec<u8> {
    let day = cx.now.as_secs().div_euclid(86_400);
    let [number, _] = derived(&cx.persona.seed, Purpose::SmallService, &format!("quote {day}"));
    format!("{}\r\n", pick(QUOTES, number)).into_bytes()
}

/// Old ones, which belong to nobody.
const QUOTES: &[&str] = &[
    "\"A little learning is a dangerous thing.\"\r\n Alexander Pope (1688-1744)",
    "\"Brevity is the soul of wit.\"\r\n William Shakespeare (1564-1616)",
    "\"Fools rush in where angels fear to tread.\"\r\n Alexander Pope (1688-1744)",
    "\"I think, therefore I am.\"\r\n Rene Descartes (1596-1650)",
    "\"Knowledge is power.\"\r\n Francis Bacon (1561-1626)",
    "\"Lost time is never found again.\"\r\n Benjamin Franklin (1706-1790)",
    "\"My way of joking is to tell the truth.\"\r\n George Bernard Shaw (1856-1950)",
    "\"No man is an island.\"\r\n John Donne (1572-1631)",
    "\"Nothing endures but change.\"\r\n Heraclitus (540-480 BC)",
    "\"The die is cast.\"\r\n Julius Caesar (100-44 BC)",
    "\"The unexamined life is not worth living.\"\r\n Socrates (469-399 BC)",
    "\"To err is human, to forgive divine.\"\r\n Alexander Pope (1688-1744)",
    "\"Well begun is half done.\"\r\n Aristotle (384-322 BC)",
    "\"We are such stuff as dreams are made on.\"\r\n William Shakespeare (1564-1616)",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_quote_is_longer_than_is_allowed() {
        assert!(QUOTES.iter().all(|quote| quote.len() + 2 <= 512));
    }
}
