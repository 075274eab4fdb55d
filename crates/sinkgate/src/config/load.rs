//! From all the places a value can be written to one configuration.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proto::dns::Answers;

use super::databases;
use super::error::{Error, Origin};
use super::file::{self, File, Source};
use super::imports;
use super::nearest::nearest;
use super::table::{PREFIX, Setting, settings};
use super::written::Written;
use super::{Config, DnsMode};

/// Where values may come from. What is more particular wins: flag, environment, file, default.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Values from flags.
    pub flags: Vec<FlagValue>,
    /// Databases from flags; they take the place of those in the file.
    pub databases: Vec<String>,
    /// The environment, all of it.
    pub environment: BTreeMap<String, String>,
    /// The file, if there is one.
    pub file: Option<PathBuf>,
}

/// A setting given on the command line.
#[derive(Clone, Debug)]
pub struct FlagValue {
    /// The key, as written.
    pub key: String,
    /// The value, as written.
    pub value: String,
    /// The flag, as written.
    pub flag: String,
}

/// A configuration, with what it came from.
#[derive(Debug)]
pub struct Loaded {
    /// What it means.
    pub config: Config,
    /// What each setting is and where that was written, in the order of the table.
    pub effective: Vec<Effective>,
}

/// What one setting is.
#[derive(Debug)]
pub struct Effective {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value, as it would be written in the file.
    pub value: String,
    /// Where it was written.
    pub origin: Origin,
}

impl Sources {
    /// Reads everything and checks it.
    ///
    /// # Errors
    ///
    /// The first fault found, with its place.
    pub fn load(&self) -> Result<Loaded, Error> {
        let file = self.file.as_ref().map_or_else(|| Ok(File::default()), read_file)?;
        self.combine(file)
    }

    /// The same, with a file that is at hand already.
    ///
    /// # Errors
    ///
    /// The first fault found, with its place.
    pub fn load_text(&self, text: &str) -> Result<Loaded, Error> {
        self.combine(file::read(Source { path: Path::new("configuration"), text })?)
    }

    fn combine(&self, file: File) -> Result<Loaded, Error> {
        let mut given = file.values;
        given.extend(self.variables()?);
        given.extend(self.flags()?);
        let mut config = Config::default();
        let effective = settings()
            .map(|setting| apply(setting, &given, &mut config))
            .collect::<Result<_, _>>()?;
        config.dns.statics = file.statics;
        config.dns.imported = imports::read(&config.dns)?;
        config.databases = match &self.databases[..] {
            [] => file.databases,
            given => given
                .iter()
                .map(|url| databases::target_of_flag("--database", url))
                .collect::<Result<_, _>>()?,
        };
        check(&config)?;
        Ok(Loaded { config, effective })
    }

    /// Variables of a section of ours must be settings; others that share the prefix are not ours.
    fn variables(&self) -> Result<Vec<Given>, Error> {
        let ours = self.environment.iter().filter(|(name, _)| is_ours(name));
        ours.map(|(name, value)| {
            let setting = settings().find(|setting| setting.variable() == *name);
            let origin = Origin::Environment(name.clone());
            match setting {
                Some(setting) => Ok((setting, Written::Bare(value.clone()), origin)),
                None => Err(unknown_variable(name, origin)),
            }
        })
        .collect()
    }

    fn flags(&self) -> Result<Vec<Given>, Error> {
        let given = self.flags.iter().map(|given| {
            let origin = Origin::Flag(given.flag.clone());
            match Setting::find(&given.key) {
                Some(setting) => Ok((setting, Written::Bare(given.value.clone()), origin)),
                None => Err(Error::Unknown {
                    origin,
                    key: given.key.clone(),
                    nearest: nearest(&given.key, file::keys()),
                }),
            }
        });
        given.collect()
    }
}

type Given = (&'static Setting, Written, Origin);

fn read_file(path: &PathBuf) -> Result<File, Error> {
    let text =
        fs::read_to_string(path).map_err(|cause| Error::Read { path: path.clone(), cause })?;
    file::read(Source { path, text: &text })
}

fn is_ours(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    file::sections().any(|section| {
        rest.strip_prefix(&section.to_ascii_uppercase()).is_some_and(|rest| rest.starts_with('_'))
    })
}

fn unknown_variable(name: &str, origin: Origin) -> Error {
    let variables: Vec<String> = settings().map(Setting::variable).collect();
    let nearest = nearest(name, variables.iter().map(String::as_str));
    Error::Unknown { origin, key: name.to_owned(), nearest }
}

/// Puts the last value given (or the default) where it belongs.
fn apply(
    setting: &'static Setting,
    given: &[Given],
    config: &mut Config,
) -> Result<Effective, Error> {
    let default = (Written::Bare(setting.default.to_owned()), Origin::Default);
    let last = given.iter().rev().find(|(of, _, _)| of.key == setting.key);
    let (written, origin) =
        last.map_or(default, |(_, written, origin)| (written.clone(), origin.clone()));
    if setting.kind.put(&written, config).is_none() {
        return Err(Error::Value {
            origin,
            key: setting.key.to_owned(),
            written: written.to_string(),
            expected: setting.expected(),
        });
    }
    Ok(Effective { setting, value: written.to_string(), origin })
}

/// What no single setting can know.
fn check(config: &Config) -> Result<(), Error> {
    let dns = &config.dns;
    if dns.mode == DnsMode::Fixed && dns.fixed_v4.is_none() && dns.fixed_v6.is_none() {
        return Err(Error::Contradiction(
            "`dns.mode` is \"fixed\" but neither `dns.fixed_v4` nor `dns.fixed_v6` is set",
        ));
    }
    Answers::new(&dns.settings()).map(drop).map_err(Error::StaticNames)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn complaint(text: &str) -> String {
        Sources::default().load_text(text).unwrap_err().to_string()
    }

    fn flag(key: &str, value: &str) -> FlagValue {
        let flag = format!("--set {key}={value}");
        FlagValue { key: key.to_owned(), value: value.to_owned(), flag }
    }

    #[test]
    fn the_defaults_are_right_without_any_file() {
        let config = Sources::default().load().unwrap().config;
        assert_eq!(config.gateway.port, 9_999);
        assert_eq!(config.gateway.mark, 0x5347);
        assert_eq!(config.storage.commit_interval, Duration::from_millis(10));
        assert_eq!(config.storage.queue_bytes, 64 << 20);
        assert_eq!(config.limits.open_flows, 100_000);
        assert_eq!(config.dns.mode, DnsMode::Pool);
        assert_eq!(config.storage.database, None);
    }

    #[test]
    fn flags_beat_the_environment_which_beats_the_file_which_beats_the_default() {
        let mut sources = Sources::default();
        for (name, value) in [("GATEWAY_PORT", "2"), ("GATEWAY_WORKERS", "2")] {
            sources.environment.insert(format!("SINKGATE_{name}"), value.to_owned());
        }
        sources.flags.push(flag("gateway.port", "3"));
        let text = "[gateway]\nport = 1\nworkers = 1\n[dns]\nttl = 1";
        let loaded = sources.load_text(text).unwrap();
        let config = loaded.config;
        assert_eq!((config.gateway.port, config.gateway.workers, config.dns.ttl), (3, 2, Some(1)));
        assert_eq!(config.gateway.user, "nobody");
        assert_eq!(loaded.effective[0].origin.to_string(), "--set gateway.port=3");
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line_and_the_nearest_name() {
        let error = complaint("# comment\n[gateway]\nprot = 1");
        assert!(
            error.ends_with(
                "line 3: there is no setting `gateway.prot`; did you mean `gateway.port`?"
            )
        );
        assert!(complaint("[gatway]\nport = 1").ends_with("did you mean `gateway`?"));
    }

    #[test]
    fn an_unknown_variable_or_flag_is_refused_too() {
        let mut sources = Sources::default();
        sources.environment.insert("SINKGATE_GATEWAY_PROT".to_owned(), "1".to_owned());
        let error = sources.load().unwrap_err().to_string();
        assert!(error.ends_with("did you mean `SINKGATE_GATEWAY_PORT`?"), "{error}");
        let sources = Sources { flags: vec![flag("dns.tll", "1")], ..Sources::default() };
        let error = sources.load().unwrap_err().to_string();
        assert!(error.ends_with("did you mean `dns.ttl`?"), "{error}");
    }

    #[test]
    fn variables_of_other_programs_are_left_alone() {
        let mut sources = Sources::default();
        sources.environment.insert("SINKGATE_CONFIG".to_owned(), "x".to_owned());
        sources.environment.insert("SINKGATED".to_owned(), "x".to_owned());
        assert!(sources.load().is_ok());
    }

    #[test]
    fn a_wrong_value_is_refused_with_what_was_expected() {
        let refused = [
            ("[gateway]\nport = 70000", "`gateway.port` is 70000; expected a port, 1 to 65535"),
            ("[gateway]\nport = '80'", "`gateway.port` is \"80\"; expected a port, 1 to 65535"),
            ("[gateway]\nuser = ''", "expected one line of text"),
            ("[storage]\nqueue_bytes = '64mb'", "expected a size such as \"64MiB\""),
            ("[storage]\ncommit_interval = 10", "expected a time such as \"10ms\""),
            ("[limits]\nidle_tcp = '0s'", "expected a time such as"),
            ("[limits]\nopen_flows = -1", "expected a whole number, 1 to 10000000"),
            ("[dns]\nmode = 'pol'", "expected one of \"pool\", \"self\", \"fixed\""),
            ("[dns]\nfixed_v4 = '::1'", "expected an IPv4 address"),
            ("[log]\nlevel = true", "is true; expected one of"),
            ("gateway = 1", "`gateway` is 1; expected a section, [gateway]"),
            ("[syslog]\nlisten = '127.0.0.1'", "expected addresses with ports, such as"),
            ("[syslog]\nlisten = '127.0.0.1:0'", "expected addresses with ports"),
            ("[syslog]\nlisten = ['127.0.0.1:1', 2]", "is an array; expected addresses with ports"),
            ("[syslog]\nprefix = ['a']", "`syslog.prefix` is \"a\"; expected one line of text"),
            ("[persona]\nhttp_server = \"a\\nb\"", "expected one line of text"),
        ];
        for (text, expected) in refused {
            let error = complaint(text);
            assert!(error.contains(expected), "{error:?} does not say {expected:?}");
        }
    }

    #[test]
    fn what_is_not_toml_is_refused_with_its_line() {
        assert!(complaint("[gateway]\nport = = 1").ends_with("line 2: this is not TOML"));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let file = Some(PathBuf::from("/nonexistent/sinkgate.toml"));
        let error = Sources { file, ..Sources::default() }.load().unwrap_err();
        assert!(error.to_string().contains("/nonexistent/sinkgate.toml"));
        assert!(std::error::Error::source(&error).is_some());
    }

    #[test]
    fn a_static_name_has_one_answer() {
        let entry = "[[dns.static]]\nname = 'a.test'\na = []\n";
        let error = Sources::default().load_text(&entry.repeat(2)).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "\"a.test\" is given two answers");
    }

    #[test]
    fn the_time_to_live_is_a_number_or_natural() {
        let ttl = |text: &str| Sources::default().load_text(text).unwrap().config.dns.ttl;
        assert_eq!((ttl(""), ttl("[dns]\nttl = 'natural'")), (None, None));
        assert_eq!(ttl("[dns]\nttl = 600"), Some(600));
        assert!(
            complaint("[dns]\nttl = 0").contains("expected \"natural\" or a whole number, 1 to")
        );
    }

    #[test]
    fn addresses_are_one_or_many() {
        let listen = |text: &str| Sources::default().load_text(text).unwrap().config.syslog.listen;
        let both = ["127.0.0.1:5140".parse().unwrap(), "[::1]:5140".parse().unwrap()];
        assert_eq!(listen(""), []);
        assert_eq!(listen("[syslog]\nlisten = []"), []);
        assert_eq!(listen("[syslog]\nlisten = '127.0.0.1:5140'"), both[..1]);
        assert_eq!(listen("[syslog]\nlisten = '127.0.0.1:5140, [::1]:5140'"), both);
        assert_eq!(listen("[syslog]\nlisten = ['127.0.0.1:5140', '[::1]:5140']"), both);
    }

    #[test]
    fn fixed_answers_need_an_address() {
        let error = complaint("[dns]\nmode = 'fixed'");
        assert!(error.contains("neither `dns.fixed_v4` nor `dns.fixed_v6`"), "{error}");
        let text = "[dns]\nmode = 'fixed'\nfixed_v6 = '2001:db8::1'";
        assert!(Sources::default().load_text(text).is_ok());
    }
}
