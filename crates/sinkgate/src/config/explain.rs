//! The configuration in words: one setting explained, or all of them as they stand.

use std::fmt::Write as _;

use model::DnsQuery;
use proto::dns::{StaticAnswer, StaticName, StaticRecords};
use store::follow::Target;

use super::error::{Error, Origin};
use super::file;
use super::nearest::nearest;
use super::table::{Setting, settings};
use super::{Effective, Loaded, static_names};

/// Explains one setting, or all of them one line each.
///
/// # Errors
///
/// There is no such setting.
pub fn explain(key: Option<&str>) -> Result<String, Error> {
    let Some(key) = key else {
        return Ok(settings().map(in_one_line).collect());
    };
    let setting = Setting::find(key).ok_or_else(|| Error::Unknown {
        origin: Origin::Flag("config explain".to_owned()),
        key: key.to_owned(),
        nearest: nearest(key, file::keys()),
    })?;
    Ok(in_full(setting))
}

fn in_one_line(setting: &Setting) -> String {
    format!("{:<30} {}\n", setting.key, setting.meaning)
}

fn in_full(setting: &Setting) -> String {
    let default = if setting.default.is_empty() { "not set" } else { setting.default };
    let mut text = format!("{}\n\n  {}\n\n", setting.key, setting.meaning);
    let rows = [
        ("takes", setting.expected()),
        ("default", default.to_owned()),
        ("because", setting.reason.to_owned()),
        ("variable", setting.variable()),
        ("flag", setting.flag.unwrap_or_default().to_owned()),
        ("or", format!("--set {}=VALUE", setting.key)),
    ];
    for (label, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {label:<9} {value}");
    }
    text
}

/// The whole configuration as a file that would give it, each value with where it came from.
#[must_use]
pub fn show(loaded: &Loaded) -> String {
    let mut text = String::new();
    let mut section = "";
    for effective in &loaded.effective {
        if effective.setting.section() != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            section = effective.setting.section();
            let _ = writeln!(text, "{gap}[{section}]");
        }
        text += &in_a_file(effective);
    }
    loaded.config.dns.statics.iter().for_each(|entry| text += &static_name(entry));
    loaded.config.databases.iter().for_each(|entry| text += &database(entry));
    text
}

fn in_a_file(effective: &Effective) -> String {
    let key = effective.setting.key;
    let name = key.split_once('.').map_or(key, |(_, name)| name);
    let line = match effective.value.as_str() {
        "\"\"" => format!("# {name} is not set"),
        value => format!("{name} = {value}"),
    };
    format!("{line:<44} # {}\n", effective.origin)
}

fn static_name(entry: &StaticName) -> String {
    let types = entry.types.iter().map(|number| DnsQuery::type_name(*number));
    let mut text =
        format!("\n[[dns.static]]\nname = {:?}\n{}", entry.pattern, list("types", types));
    if let Some(seconds) = entry.ttl {
        text += &format!("ttl = {seconds}\n");
    }
    text + &match &entry.answer {
        StaticAnswer::Alias(target) => format!("cname = {target:?}\n"),
        StaticAnswer::AsUsual => "answer = \"as-usual\"\n".to_owned(),
        StaticAnswer::Denied(denial) => format!("answer = {:?}\n", denial.word()),
        StaticAnswer::Records(records) => lists(records),
    }
}

/// Without the password, if the URL has it.
fn database(entry: &Target) -> String {
    let mut text = format!("\n[[database]]\nurl = {}\n", toml_string(entry.to_string()));
    for (option, value) in entry.options() {
        text += &format!("{} = {}\n", option.replace('-', "_"), toml_string(value));
    }
    text
}

fn lists(records: &StaticRecords) -> String {
    let mut text = list("a", records.a.iter().map(ToString::to_string));
    text += &list("aaaa", records.aaaa.iter().map(ToString::to_string));
    text += &list("mx", records.mx.iter().map(|(preference, host)| format!("{preference} {host}")));
    text += &list("ns", records.ns.iter().cloned());
    text += &list("txt", records.txt.iter().cloned());
    if let Some(name) = &records.ptr {
        text += &format!("ptr = {name:?}\n");
    }
    for (field, number) in static_names::OTHER_TYPES {
        let those = records.others.iter().filter(|(of, _)| of == number);
        text += &list(field, those.map(|(_, data)| data.clone()));
    }
    if text.is_empty() { "a = []\n".to_owned() } else { text }
}

fn list(name: &str, items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.map(toml_string).collect();
    if items.is_empty() { String::new() } else { format!("{name} = [{}]\n", items.join(", ")) }
}

fn toml_string(text: String) -> String {
    toml::Value::String(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    #[test]
    fn every_setting_can_be_explained() {
        for setting in settings() {
            let text = explain(Some(setting.key)).unwrap();
            assert!(text.contains(setting.reason) && text.contains(&setting.variable()));
        }
        assert_eq!(explain(None).unwrap().lines().count(), settings().count());
    }

    #[test]
    fn a_mistyped_key_is_met_with_a_suggestion() {
        let error = explain(Some("limits.open_flow")).unwrap_err().to_string();
        assert!(error.ends_with("did you mean `limits.open_flows`?"), "{error}");
    }

    #[test]
    fn what_is_shown_gives_the_same_configuration_again() {
        let first = load(
            "[dns]\nttl = 30\nwalk_random = true\nwalk_patterns = ['*.a.test', 'b']\n[persona]\nhost = 'a \"b\" c'\n\
             [[dns.static]]\nname = 'a.test'\ntxt = ['x\\y', 'z']\nmx = ['5 b.test']\n\
             [[dns.static]]\nname = '*.b.test'\ncname = 'a.test'\n\
             [[dns.static]]\nname = '*'\na = []\n\
             [[dns.static]]\nname = '*'\ntypes = ['MX']\nttl = 3\nanswer = 'silence'\n\
             [[dns.static]]\nname = 'c.*.test'\nsrv = ['1 2 3 a.test.']\ntxt = ['a']\n\
             [[dns.static]]\nname = '1.in-addr.arpa'\nptr = 'a.test'\nns = ['b.test']\n\
             [[database]]\nurl = 'mysql://a@b/c?tls=insecure&password-file=/x%26'\nca = '/y'\n",
        );
        assert_eq!(load(&show(&first)).config, first.config);
    }

    fn load(text: &str) -> Loaded {
        Sources::default().load_text(text).unwrap()
    }
}
