//! The parts of a URL, as far as URLs of databases have them (RFC 3986).

/// Why a URL cannot be used. None of these shows the URL: there may be a password in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// An address of IPv6 is not closed.
    #[error("the address of the database begins with a bracket that is not closed")]
    Bracket,
    /// There is no name of a database, or one that would have to be quoted.
    #[error(
        "the URL names no database, as in mysql://USER@HOST/DATABASE; its name is of letters, \
         digits, `_`, `-`, `.` and `$`"
    )]
    NoDatabase,
    /// There is no account.
    #[error("the URL names no user, as in mysql://USER@HOST/DATABASE")]
    NoUser,
    /// Nothing is called that.
    #[error(
        "the URL has an option that is not known; there are socket=PATH, tls=require, \
         tls=insecure, tls=off, ca=FILE and password-file=FILE, each at most once"
    )]
    Option,
    /// A `%` is not followed by two digits.
    #[error("a `%` in the URL is not followed by two hexadecimal digits")]
    Percent,
    /// The port is no number.
    #[error("the port of the database is not a number from 1 to 65535")]
    Port,
    /// It is no URL, or one of another kind of database.
    #[error("the URL of a database begins with mysql:// or postgres://")]
    Scheme,
    /// `tls` is something else.
    #[error("the option tls of the URL is one of require, insecure, off")]
    Tls,
    /// The password is given twice.
    #[error("the password of the database is given in the URL and in a file")]
    TwoPasswords,
}

/// A URL, taken apart and decoded.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) scheme: String,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) path: Option<String>,
    options: Vec<(String, String)>,
}

impl Parts {
    pub(super) fn read(text: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (account, place) = match authority.rsplit_once('@') {
            Some((account, place)) => (Some(account), place),
            None => (None, authority),
        };
        let (user, password) = match account.map(|account| account.split_once(':')) {
            Some(Some((user, password))) => (Some(decoded(user)?), Some(decoded(password)?)),
            Some(None) => (account.map(decoded).transpose()?, None),
            None => (None, None),
        };
        let (host, port) = host_and_port(place)?;
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let options = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').ok_or(UrlError::Option)?;
            Ok((decoded(name)?, decoded(value)?))
        });
        Ok(Self {
            scheme: scheme.to_ascii_lowercase(),
            user,
            password,
            host,
            port,
            path: Some(decoded(path)?).filter(|path| !path.is_empty()),
            options: options.collect::<Result<_, _>>()?,
        })
    }

    /// The values of the options that there may be; no other is allowed, and none twice.
    pub(super) fn options<const N: usize>(
        &self,
        known: [&str; N],
    ) -> Result<[Option<String>; N], UrlError> {
        for (place, (name, _)) in self.options.iter().enumerate() {
            let is_again = self.options.iter().take(place).any(|(before, _)| before == name);
            if is_again || !known.contains(&name.as_str()) {
                return Err(UrlError::Option);
            }
        }
        let value = |name: &str| self.options.iter().find(|(found, _)| found == name);
        Ok(known.map(|name| value(name).map(|(_, value)| value.clone())))
    }
}

fn host_and_port(place: &str) -> Result<(Option<String>, Option<u16>), UrlError> {
    let (host, port) = match place.strip_prefix('[') {
        Some(six) => {
            let (host, rest) = six.split_once(']').ok_or(UrlError::Bracket)?;
            (host, rest.strip_prefix(':'))
        }
        None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    let port = match port.map(str::parse) {
        None => None,
        Some(Ok(0) | Err(_)) => return Err(UrlError::Port),
        Some(Ok(port)) => Some(port),
    };
    Ok((Some(decoded(host)?).filter(|host| !host.is_empty()), port))
}

/// Percent-encoding undone (RFC 3986 §2.1).
fn decoded(text: &str) -> Result<String, UrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(value.ok_or(UrlError::Percent)?);
        rest = after.get(2..).unwrap_or_default();
    }
    String::from_utf8(bytes).map_err(|_| UrlError::Percent)
}
