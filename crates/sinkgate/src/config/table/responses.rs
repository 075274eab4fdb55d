//! Section `responses`. Answers of the analyst's own.

use super::Setting;
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[Setting {
    key: "responses.file",
    kind: Kind::OptionalPath(|config| &mut config.responses.file),
    default: "",
    meaning: "File with rules for answers of your own; read anew, for flows to come, as soon as it or \
              a file that it names has changed.",
    reason: "Without one everything is answered as always.",
    flag: Some("--responses"),
}];
