//! `[[database]]`: databases that records are carried to.

use store::follow::{Secret, Target, UrlError};
use toml::Spanned;
use toml::de::DeValue;

use super::error::{Error, Origin};
use super::fields::{Fields, entries};
use super::file::Source;

/// Where these entries stand in the file.
pub(super) const KEY: &str = "database";

/// The variable that has the password of databases which have no other.
pub const PASSWORD_VARIABLE: &str = "SINKGATE_DATABASE_PASSWORD";

/// What an entry may say, with its meaning, for the parser and the reference.
pub(super) const FIELDS: &[(&str, &str)] = &[
    (
        "url",
        "`mysql://USER@HOST:PORT/DATABASE` (MariaDB, too) or `postgres://USER@HOST:PORT/DATABASE`; \
         `?socket=PATH` for a socket in the file system. As options of the URL or in fields of \
         their own:",
    ),
    ("password_file", "file with the password; in the URL `password-file`"),
    (
        "tls",
        "`\"require\"`: encrypted, and the certificate has to be right; `\"insecure\"`: encrypted, \
         with any certificate; `\"off\"`, the default",
    ),
    ("ca", "file with the certificates that are right (PEM), instead of the public authorities"),
];

/// A database in the file, or on the command line.
///
/// # Errors
///
/// It is no URL of a database. What was written is not shown: there may be a password in it.
pub(super) fn target(origin: Origin, url: &str) -> Result<Target, Error> {
    url.parse().map_err(|cause: UrlError| Error::Database { origin, cause })
}

/// A database that was named by a flag, which everybody on this machine can read.
pub(super) fn target_of_flag(flag: &str, url: &str) -> Result<Target, Error> {
    let origin = Origin::Flag(flag.to_owned());
    let target = target(origin, url)?;
    if target.has_password() {
        return Err(Error::Contradiction(
            "a password on the command line can be read by everybody on this machine: leave it \
             out of the URL, and write it into a file (`?password-file=FILE`) or the variable \
             SINKGATE_DATABASE_PASSWORD",
        ));
    }
    Ok(target)
}

/// Reads the array of entries.
pub(super) fn read(source: Source<'_>, value: &Spanned<DeValue<'_>>) -> Result<Vec<Target>, Error> {
    entries(source, value, KEY, "entries")?.iter().map(|entry| read_entry(source, entry)).collect()
}

fn read_entry(source: Source<'_>, entry: &Spanned<DeValue<'_>>) -> Result<Target, Error> {
    let fields = Fields::of(source, KEY, entry, FIELDS)?;
    let Some(mut url) = text(&fields, "url")? else {
        return Err(fields.incomplete("the URL of a database"));
    };
    for (field, option) in [("tls", "tls"), ("ca", "ca"), ("password_file", "password-file")] {
        if let Some(value) = text(&fields, field)? {
            let before = if url.contains('?') { '&' } else { '?' };
            url = format!("{url}{before}{option}={}", encoded(&value));
        }
    }
    target(source.origin(entry.span().start), &url)
}

fn text(fields: &Fields<'_>, field: &str) -> Result<Option<String>, Error> {
    fields.text(field, "a text", |text| (!text.is_empty()).then(|| text.to_owned()))
}

/// What would end a value in a URL, written so that it does not.
fn encoded(value: &str) -> String {
    value.replace('%', "%25").replace('&', "%26").replace('+', "%2B")
}

/// The password in the environment, if there is one.
#[must_use]
pub fn password_in_environment() -> Option<Secret> {
    std::env::var(PASSWORD_VARIABLE).ok().filter(|found| !found.is_empty()).map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Loaded, Sources};

    fn load(text: &str) -> Result<Loaded, String> {
        Sources::default().load_text(text).map_err(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            format!("{error} {error:?} {}", cause.unwrap_or_default())
        })
    }

    #[test]
    fn entries_are_databases() {
        let loaded = load(
            "[[database]]\nurl = 'mysql://ann:hush@db.test/evidence'\ntls = 'require'\n\
             ca = '/etc/a b&c.pem'\n[[database]]\nurl = 'postgres://ann@/evidence?socket=/run/pg'\n\
             password_file = '/etc/secret'\n",
        );
        let names: Vec<String> =
            loaded.unwrap().config.databases.iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            ["mysql://ann@db.test:3306/evidence", "postgres://ann@/evidence?socket=/run/pg"]
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_without_a_password() {
        for (text, complaint) in [
            ("[[database]]\nurl = 'mysql://ann:hush@db.test/'", "line 1: "),
            ("[[database]]\nurl = 'mysql://ann:hush@db.test/'", "names no database"),
            ("[[database]]\ntls = 'require'", "`database` is incomplete; expected the URL"),
            ("[[database]]\nurl = 'mysql://a@b/c'\nport = 7", "there is no setting `port`"),
            ("[[database]]\nurl = 7", "expected a text"),
            ("[database]\nurl = 'mysql://a:hush@b/c'", "expected entries"),
        ] {
            let error = load(text).unwrap_err();
            assert!(error.contains(complaint), "{error:?} does not say {complaint:?}");
            assert!(!error.contains("hush"), "{error}");
        }
    }

    #[test]
    fn a_password_on_the_command_line_is_refused() {
        let refused = target_of_flag("--database", "mysql://ann:hush@db.test/evidence");
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(PASSWORD_VARIABLE) && !refused.contains("hush"), "{refused}");
        assert!(target_of_flag("--database", "mysql://ann@db.test/evidence").is_ok());
    }
}
