//! Section `sip`. What telephone servers are like.

use super::{Setting, accept};

pub(super) static SETTINGS: &[Setting] = &[accept("sip.accept", |config| &mut config.sip.accept)];
