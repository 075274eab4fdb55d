//! Section `adb`. What devices are like that can be debugged.

use super::Setting;
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[Setting {
    key: "adb.streams",
    kind: Kind::Count(|config| &mut config.adb.streams, 1..=10_000),
    default: "32",
    meaning: "Most streams that one connection has open at once; more are refused.",
    reason: "Bots open one after the other.",
    flag: None,
}];
