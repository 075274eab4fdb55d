//! Section `telnet`. What Telnet servers are like.

use super::{Setting, accept};

pub(super) static SETTINGS: &[Setting] =
    &[accept("telnet.accept", |config| &mut config.telnet.accept)];
