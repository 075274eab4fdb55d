//! Section `time`. What time victims are told it is.

use super::Setting;
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "time.start",
        kind: Kind::ToldStart(|config| &mut config.time.start),
        default: "",
        meaning: "What time victims are told it is when we start, by everything that tells a time: a \
                  shift of the real one (`-90d`, `+2h`), or a point in time (`2019-05-01`, \
                  `2019-05-01T12:00:00Z`). Records keep the real time; each flow notes the told one \
                  (`time.told`).",
        reason: "Not set: the real time.",
        flag: None,
    },
    Setting {
        key: "time.speed",
        kind: Kind::Number(|config| &mut config.time.speed, 1..=1_000_000),
        default: "1",
        meaning: "How many seconds pass for victims in each real one.",
        reason: "As time passes. With 3600, who sleeps for a day by our clock has slept for 24 seconds.",
        flag: None,
    },
];
