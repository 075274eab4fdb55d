//! Section `stratum`. What pools of miners are like.

use super::{Setting, accept};

pub(super) static SETTINGS: &[Setting] =
    &[accept("stratum.accept", |config| &mut config.stratum.accept)];
