//! Section `http`. What web servers are like.

use proto::http::Authentication;

use super::{Setting, pick};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[Setting {
    key: "http.authentication",
    kind: Kind::Choice {
        words: Authentication::WORDS,
        choose: |config, word| {
            pick(&mut config.http.authentication, Authentication::from_word(word))
        },
    },
    default: "none",
    meaning: "What HTTP servers and proxies ask for before they answer; whatever is given then \
                  is recorded and right.",
    reason: "Most malware sends what it knows unasked, and takes a page rather than a refusal.",
    flag: None,
}];
