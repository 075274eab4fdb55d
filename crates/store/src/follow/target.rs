//! Which database a follower writes to: a URL, taken apart.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::secret::Secret;
use super::url::{Parts, UrlError};

/// A database server of one of the kinds we can write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// MySQL 8, MariaDB from 10.5 on.
    MySql,
    /// PostgreSQL from 13 on.
    Postgres,
}

/// A database, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub(super) kind: Kind,
    pub(super) user: String,
    pub(super) place: Place,
    pub(super) database: String,
    pub(super) tls: Tls,
    /// Instead of the public authorities.
    pub(super) authority: Option<PathBuf>,
    pub(super) password: Password,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Socket(PathBuf),
    Tcp { host: String, port: u16 },
}

/// Whether the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// Encrypted, whoever it is at the other end.
    Insecure,
    Off,
    /// Encrypted, and the certificate is looked at.
    Require,
}

/// Where the password is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Password {
    File(PathBuf),
    Known(Secret),
    NotGiven,
}

/// A file that the URL names cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the {what} {} for {target}", path.display())]
pub struct TargetFileError {
    what: &'static str,
    path: PathBuf,
    target: String,
    #[source]
    cause: io::Error,
}

impl Target {
    /// Whether the URL itself had the password, for all to see who see the URL.
    #[must_use]
    pub fn has_password(&self) -> bool {
        matches!(self.password, Password::Known(_))
    }

    /// Whether what is written travels over a network as it is.
    #[must_use]
    pub fn is_in_the_clear(&self) -> bool {
        let Place::Tcp { host, .. } = &self.place else { return false };
        self.tls == Tls::Off && host != "localhost" && !host.starts_with("127.") && host != "::1"
    }

    /// The name of the database on its server.
    #[must_use]
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Reads what the URL names, to be done while that may be read: the password file, or else
    /// `otherwise` is the password if the URL has none.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn resolved(self, otherwise: Option<&Secret>) -> Result<Self, TargetFileError> {
        if let Some(path) = &self.authority {
            self.read("certificate", path)?;
        }
        let password = match &self.password {
            Password::File(path) => {
                let text = self.read("password file", path)?;
                Password::Known(Secret::new(text.trim_end_matches(['\r', '\n'])))
            }
            Password::Known(secret) => Password::Known(secret.clone()),
            Password::NotGiven => otherwise.cloned().map_or(Password::NotGiven, Password::Known),
        };
        Ok(Self { password, ..self })
    }

    /// What the name does not say, but for the password: options of the URL.
    #[must_use]
    pub fn options(&self) -> Vec<(&'static str, String)> {
        let tls = match self.tls {
            Tls::Insecure => "insecure",
            Tls::Off => "off",
            Tls::Require => "require",
        };
        let mut options = vec![("tls", tls.to_owned())];
        let file = |path: &PathBuf| path.display().to_string();
        options.extend(self.authority.iter().map(|path| ("ca", file(path))));
        if let Password::File(path) = &self.password {
            options.push(("password-file", file(path)));
        }
        options
    }

    fn read(&self, what: &'static str, path: &Path) -> Result<String, TargetFileError> {
        fs::read_to_string(path).map_err(|cause| TargetFileError {
            what,
            path: path.to_owned(),
            target: self.to_string(),
            cause,
        })
    }

    pub(super) fn secret(&self) -> Option<&str> {
        match &self.password {
            Password::Known(secret) => Some(secret.reveal()),
            Password::File(_) | Password::NotGiven => None,
        }
    }

    /// The same server, another database of it.
    pub(super) fn with_database(&self, database: &str) -> Self {
        Self { database: database.to_owned(), ..self.clone() }
    }
}

/// The URL without password and options: the name of the follower.
impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, user, place, database, .. } = self;
        match place {
            Place::Socket(path) => {
                write!(out, "{}://{user}@/{database}?socket={}", kind.scheme(), path.display())
            }
            Place::Tcp { host, port } if host.contains(':') => {
                write!(out, "{}://{user}@[{host}]:{port}/{database}", kind.scheme())
            }
            Place::Tcp { host, port } => {
                write!(out, "{}://{user}@{host}:{port}/{database}", kind.scheme())
            }
        }
    }
}

impl FromStr for Target {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let parts = Parts::read(text)?;
        let kind = Kind::of(&parts.scheme)?;
        let [socket, tls, authority, password_file] =
            parts.options(["socket", "tls", "ca", "password-file"])?;
        let tls = match tls.as_deref() {
            None if authority.is_none() => Tls::Off,
            None | Some("require") => Tls::Require,
            Some("insecure") => Tls::Insecure,
            Some("off") => Tls::Off,
            Some(_) => return Err(UrlError::Tls),
        };
        let place = match (socket, parts.host) {
            (Some(path), _) => Place::Socket(path.into()),
            (None, host) => Place::Tcp {
                host: host.unwrap_or_else(|| "localhost".to_owned()),
                port: parts.port.unwrap_or_else(|| kind.usual_port()),
            },
        };
        let password = match (parts.password, password_file) {
            (Some(_), Some(_)) => return Err(UrlError::TwoPasswords),
            (Some(password), None) => Password::Known(Secret::new(password)),
            (None, Some(file)) => Password::File(file.into()),
            (None, None) => Password::NotGiven,
        };
        Ok(Self {
            kind,
            user: parts.user.filter(|user| !user.is_empty()).ok_or(UrlError::NoUser)?,
            place,
            database: parts.path.filter(|name| is_plain(name)).ok_or(UrlError::NoDatabase)?,
            tls,
            authority: authority.map(PathBuf::from),
            password,
        })
    }
}

/// A name of a database that needs no second thought when it is quoted.
fn is_plain(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_-.$".contains(letter);
    (1..=63).contains(&name.len()) && name.chars().all(fits)
}

impl Kind {
    fn of(scheme: &str) -> Result<Self, UrlError> {
        match scheme {
            "mariadb" | "mysql" => Ok(Self::MySql),
            "postgres" | "postgresql" => Ok(Self::Postgres),
            _ => Err(UrlError::Scheme),
        }
    }

    const fn scheme(self) -> &'static str {
        match self {
            Self::MySql => "mysql",
            Self::Postgres => "postgres",
        }
    }

    const fn usual_port(self) -> u16 {
        match self {
            Self::MySql => 3_306,
            Self::Postgres => 5_432,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Target, UrlError> {
        text.parse()
    }

    #[test]
    fn a_url_is_taken_apart_and_its_name_has_no_password() {
        let target =
            read("mysql://ann:p%40ss%2Fw@db.test:3307/evidence?tls=require&ca=/etc/ca.pem")
                .unwrap();
        assert_eq!(target.to_string(), "mysql://ann@db.test:3307/evidence");
        assert_eq!(target.secret(), Some("p@ss/w"));
        assert_eq!((target.tls, target.is_in_the_clear()), (Tls::Require, false));
        assert!(!format!("{target:?}").contains("p@ss"), "{target:?}");
        let target = read("postgres://ann@/evidence?socket=/run/postgresql").unwrap();
        assert_eq!(target.to_string(), "postgres://ann@/evidence?socket=/run/postgresql");
        assert_eq!(target.place, Place::Socket("/run/postgresql".into()));
        let target = read("postgresql://ann@[::1]/evidence").unwrap();
        assert_eq!(target.to_string(), "postgres://ann@[::1]:5432/evidence");
    }

    #[test]
    fn every_fault_has_words_and_none_shows_the_url() {
        for (text, complaint) in [
            ("oracle://hush@a/b", "mysql://"),
            ("mysql//hush", "mysql://"),
            ("mysql://hush:hush@a:x/b", "port"),
            ("mysql://hush@a/", "database"),
            ("mysql://hush@a/hush`", "database"),
            ("mysql://a/hush", "user"),
            ("mysql://u@a/b?hush=1", "option"),
            ("mysql://u@a/b?tls=hush", "tls"),
            ("mysql://u:hush@a/b?password-file=/hush", "password"),
            ("mysql://u:%4@a/b", "%"),
            ("mysql://u@[::1/b", "bracket"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.to_string().contains(complaint), "{text}: {error}");
            assert!(!format!("{error} {error:?}").contains("hush"), "{text}: {error:?}");
        }
    }

    #[test]
    fn the_password_comes_from_the_url_or_a_file_or_from_elsewhere() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "from a file\n").unwrap();
        let other = Secret::new("other");
        let secret =
            |target: Target| target.resolved(Some(&other)).unwrap().secret().map(str::to_owned);
        assert_eq!(secret(read("mysql://u:own@a/b").unwrap()).as_deref(), Some("own"));
        assert_eq!(secret(read("mysql://u@a/b").unwrap()).as_deref(), Some("other"));
        let named = format!("mysql://u@a/b?password-file={}", file.path().display());
        let target = read(&named).unwrap();
        assert_eq!(secret(target).as_deref(), Some("from a file"));
        let target = read("mysql://u@a/b?password-file=/nonexistent").unwrap();
        let error = target.resolved(None).unwrap_err();
        assert!(error.to_string().contains("/nonexistent for mysql://u@a:3306/b"), "{error}");
    }
}
