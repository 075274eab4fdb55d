//! Logins as mail protocols and others share them (RFC 4422): the client names a mechanism, we ask
//! until it has said all, and what it gave is known by then.
//!
//! Whoever carries an exchange writes challenges and reads answers in its own form, which is base64
//! nearly everywhere.

mod login;

use crate::base64::encoded;
use crate::derived::{Purpose, derived};
use crate::{Cx, ntlm};

pub(crate) use login::{INVALID_BASE64, Login, Step};

/// How a client proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mechanism {
    /// A trace of who it is, and no proof (RFC 4505).
    Anonymous,
    /// A keyed digest of our challenge (RFC 2195).
    CramMd5,
    /// The same with another digest.
    CramSha1,
    /// User and password, one after the other (never standardised, and known to all).
    Login,
    /// MS-NLMP, as MS-XLOGIN carries it.
    Ntlm,
    /// A token (RFC 7628).
    OauthBearer,
    /// User and password at once (RFC 4616).
    Plain,
    /// A token, as it was before there was a standard.
    Xoauth2,
}

/// Which mechanisms are offered. All of them are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offer {
    /// Those too of which only a hash can be learned.
    All,
    /// Those that give away the password or the token.
    #[default]
    Clear,
}

impl Offer {
    /// All of them, as they are set.
    pub const WORDS: &'static [&'static str] = &["all", "clear"];

    /// The one of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "all" => Some(Self::All),
            "clear" => Some(Self::Clear),
            _ => None,
        }
    }

    /// The names of what is offered, in the order it is.
    pub(crate) const fn names(self) -> &'static str {
        match self {
            Self::All => "PLAIN LOGIN CRAM-MD5 CRAM-SHA1 NTLM XOAUTH2 OAUTHBEARER",
            Self::Clear => "PLAIN LOGIN XOAUTH2",
        }
    }
}

impl Mechanism {
    /// The one of this name, in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, mechanism)| *mechanism)
    }
}

const NAMES: [(&str, Mechanism); 8] = [
    ("ANONYMOUS", Mechanism::Anonymous),
    ("CRAM-MD5", Mechanism::CramMd5),
    ("CRAM-SHA1", Mechanism::CramSha1),
    ("LOGIN", Mechanism::Login),
    ("NTLM", Mechanism::Ntlm),
    ("OAUTHBEARER", Mechanism::OauthBearer),
    ("PLAIN", Mechanism::Plain),
    ("XOAUTH2", Mechanism::Xoauth2),
];

/// One login on its way.
#[derive(Debug)]
pub(crate) struct Exchange {
    mechanism: Mechanism,
    /// The first answer of a client that gives its user and its password one after the other.
    user: Option<String>,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The client is asked this.
    Ask(Vec<u8>),
    /// It has said all.
    Given(Given),
}

/// What a client gave: whose it is, and the password, the token, or the hash with all it was made
/// of, as programs that guess passwords read it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) user: Option<String>,
    pub(crate) secret: String,
}

impl Exchange {
    pub(crate) const fn new(mechanism: Mechanism) -> Self {
        Self { mechanism, user: None }
    }

    /// Takes in what the client says; nothing, if it waits for us to ask.
    pub(crate) fn hear(&mut self, said: Option<&[u8]>, cx: &Cx<'_>) -> Turn {
        let Some(said) = said else { return Turn::Ask(self.question(cx)) };
        let understood = match self.mechanism {
            Mechanism::Anonymous => Some(Given { user: None, secret: text(said) }),
            Mechanism::CramMd5 => digest("$cram_md5$", said, cx),
            Mechanism::CramSha1 => digest("$cram_sha1$", said, cx),
            Mechanism::Login => match self.user.take() {
                None => {
                    self.user = Some(text(said));
                    return Turn::Ask(b"Password:".to_vec());
                }
                user => Some(Given { user, secret: text(said) }),
            },
            Mechanism::Ntlm if ntlm::is_offer(said) => {
                return Turn::Ask(ntlm::challenge_message(cx));
            }
            Mechanism::Ntlm => {
                ntlm::hash(said, cx).map(|(user, secret)| Given { user: Some(user), secret })
            }
            Mechanism::OauthBearer | Mechanism::Xoauth2 => token(said),
            Mechanism::Plain => plain(said),
        };
        Turn::Given(understood.unwrap_or_else(|| Given { user: None, secret: text(said) }))
    }

    /// What is asked of a client that has said nothing yet.
    fn question(&self, cx: &Cx<'_>) -> Vec<u8> {
        match self.mechanism {
            Mechanism::CramMd5 | Mechanism::CramSha1 => challenge(cx).into_bytes(),
            Mechanism::Login => b"Username:".to_vec(),
            _ => Vec::new(),
        }
    }
}

/// A number and a time that nobody can foresee, in the form of a message's id (RFC 2195 §2).
pub(crate) fn challenge(cx: &Cx<'_>) -> String {
    let [number, _] = derived(&cx.persona.seed, Purpose::Challenge, &cx.flow.id.to_string());
    format!("<{number}.{}@{}>", cx.opened.as_secs(), cx.persona.host)
}

/// User and digest, in the form of hashcat's mode 10200.
fn digest(form: &str, said: &[u8], cx: &Cx<'_>) -> Option<Given> {
    let user = text(said).rsplit_once(' ')?.0.to_owned();
    let (challenge, answer) = (encoded(challenge(cx).as_bytes()), encoded(said));
    Some(Given { user: Some(user), secret: format!("{form}{challenge}${answer}") })
}

/// Who acts for whom, and the password of the one who acts; NULs between them.
fn plain(said: &[u8]) -> Option<Given> {
    let mut parts = said.splitn(3, |byte| *byte == 0);
    let (_for_whom, user, password) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Given { user: Some(text(user)), secret: text(password) })
}

/// Fields with control-A between them: `user=` or, in the head of the standard's form, `a=`; and
/// `auth=Bearer`.
fn token(said: &[u8]) -> Option<Given> {
    let said = text(said);
    let field = |name: &str| {
        let mut fields = said.split(['\u{1}', ',']);
        fields.find_map(|field| field.strip_prefix(name)).map(str::to_owned)
    };
    let authorization = field("auth=")?;
    let secret = authorization.split_once(' ').map_or(authorization.as_str(), |(_, token)| token);
    Some(Given { user: field("user=").or_else(|| field("a=")), secret: secret.to_owned() })
}

fn text(said: &[u8]) -> String {
    String::from_utf8_lossy(said).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns;
    use crate::testing::Stage;

    fn given(name: &str, answers: &[&[u8]]) -> (Option<String>, String) {
        let stage = Stage::new(dns::Answers::default());
        let mut exchange = Exchange::new(Mechanism::named(name).unwrap());
        let mut answers = answers.iter();
        loop {
            let answer = answers.next().unwrap();
            if let Turn::Given(given) = exchange.hear(Some(answer), &stage.cx()) {
                assert_eq!(answers.next(), None);
                return (given.user, given.secret);
            }
        }
    }

    #[test]
    fn what_is_given_in_the_clear_is_read() {
        let jo = Some("jo".to_owned());
        for (name, answers) in [
            ("plain", &[&b"\0jo\0pa\0ss"[..]][..]),
            ("LOGIN", &[b"jo", b"pa\0ss"]),
            ("xoauth2", &[b"user=jo\x01auth=Bearer pa\0ss\x01\x01"]),
            ("oauthbearer", &[b"n,a=jo,\x01host=a\x01auth=Bearer pa\0ss\x01\x01"]),
        ] {
            assert_eq!(given(name, answers), (jo.clone(), "pa\0ss".to_owned()), "{name}");
        }
    }

    #[test]
    fn what_is_not_understood_is_kept_as_it_came() {
        for name in ["PLAIN", "XOAUTH2", "NTLM", "CRAM-MD5", "ANONYMOUS"] {
            assert_eq!(given(name, &[b"odd"]), (None, "odd".to_owned()), "{name}");
        }
        assert_eq!(Mechanism::named("GSSAPI"), None);
    }

    #[test]
    fn a_digest_goes_with_what_it_was_made_of() {
        let stage = Stage::new(dns::Answers::default());
        let (user, secret) = given("cram-md5", &[b"jo b913a602c7eda7a495b4e6e7334d3890"]);
        let asked = Exchange::new(Mechanism::CramMd5).hear(None, &stage.cx());
        let parts: Vec<&str> = secret.split('$').collect();
        let read = |text: &str| crate::base64::decoded(text).unwrap();
        assert_eq!(user.as_deref(), Some("jo"));
        assert_eq!(parts[1], "cram_md5");
        assert_eq!(asked, Turn::Ask(read(parts[2])));
        assert_eq!(read(parts[3]), b"jo b913a602c7eda7a495b4e6e7334d3890");
    }
}
