//! Which logins are right, as it is set for each service (`smtp.accept` and the like).

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use model::Credentials;

use crate::{Cx, Recent};

/// Which logins are right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Accept {
    /// Each.
    #[default]
    Always,
    /// None.
    Never,
    /// The n-th that a victim tries at a service, by whatever connection, and those after it.
    From(u32),
    /// Those with one of these.
    Listed(Vec<Pair>),
}

/// A user and a password; `*` stands for any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    user: String,
    password: String,
}

/// Who stands for anybody, and what for any password.
const ANY: &str = "*";

impl Accept {
    /// What is accepted, in words.
    pub const EXPECTED: &str = "\"always\", \"never\", a try such as \"try 3\", or pairs such as \
                                \"root:toor\" and \"admin:*\"";

    /// Reads it as a setting has it: a word, `try` with a number, or pairs with a colon between.
    #[must_use]
    pub fn read(texts: &[&str]) -> Option<Self> {
        match texts {
            ["always"] => Some(Self::Always),
            ["never"] => Some(Self::Never),
            [text] if text.starts_with("try ") => {
                let number = text.strip_prefix("try ")?.trim().parse().ok()?;
                (number > 0).then_some(Self::From(number))
            }
            [] => None,
            pairs => pairs.iter().copied().map(Pair::read).collect::<Option<_>>().map(Self::Listed),
        }
    }

    /// Whether a login with these is right. Each call is a try.
    ///
    /// A hash is not held against a password: only pairs with `*` match it.
    pub(crate) fn admits(&self, given: &Credentials, cx: &Cx<'_>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::From(first) => {
                cx.rules.tries.count(cx.flow.victim.ip(), given.protocol) >= *first
            }
            Self::Listed(pairs) => pairs.iter().any(|pair| pair.fits(given)),
        }
    }
}

impl Pair {
    fn read(text: &str) -> Option<Self> {
        let (user, password) = text.split_once(':')?;
        Some(Self { user: user.to_owned(), password: password.to_owned() })
    }

    fn fits(&self, given: &Credentials) -> bool {
        let user = given.user.as_deref().unwrap_or_default();
        (self.user == ANY || self.user == user)
            && (self.password == ANY || self.password == given.secret)
    }
}

/// How often each victim has tried to log in to each service. Who was silent longest is forgotten
/// when there are too many (`limits.login_counts`); nothing recorded is lost by that.
#[derive(Clone, Debug)]
pub struct Tries(Arc<Mutex<Recent<(IpAddr, &'static str), u32>>>);

impl Tries {
    /// Counts for at most so many victims and services.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self(Arc::new(Mutex::new(Recent::new(capacity))))
    }

    /// Which try this is, from 1.
    fn count(&self, victim: IpAddr, protocol: &'static str) -> u32 {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (victim, protocol);
        let number = tries.find(&key).map_or(1, |before| before.saturating_add(1));
        tries.add(key, number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Answers;
    use crate::testing::Stage;

    fn given(protocol: &'static str, user: &str, secret: &str) -> Credentials {
        Credentials {
            protocol,
            mechanism: "plain".to_owned(),
            user: Some(user.to_owned()),
            secret: secret.to_owned(),
        }
    }

    fn tried(accept: &[&str], logins: &[Credentials]) -> Vec<bool> {
        let accept = Accept::read(accept).unwrap();
        let stage = Stage::new(Answers::default());
        logins.iter().map(|login| accept.admits(login, &stage.cx())).collect()
    }

    #[test]
    fn words_and_tries_are_read_and_nonsense_is_not() {
        assert_eq!(Accept::read(&["try 3"]), Some(Accept::From(3)));
        for nonsense in [&["sometimes"][..], &["try"], &["try 0"], &["a:b", "never"], &[]] {
            assert_eq!(Accept::read(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn the_tries_of_one_service_are_counted_together_and_apart_from_others() {
        let logins = [("ftp", "a"), ("ftp", "b"), ("smtp", "c"), ("ftp", "d"), ("ftp", "e")];
        let logins = logins.map(|(protocol, secret)| given(protocol, "root", secret));
        assert_eq!(tried(&["try 3"], &logins), [false, false, false, true, true]);
    }

    #[test]
    fn of_a_list_any_pair_will_do() {
        let logins = [("root", "toor"), ("root", "x"), ("admin", "x:y"), ("", "toor")];
        let logins = logins.map(|(user, secret)| given("ftp", user, secret));
        assert_eq!(tried(&["root:toor", "admin:*"], &logins), [true, false, true, false]);
        assert_eq!(tried(&["*:x:y"], &logins), [false, false, true, false]);
    }
}
