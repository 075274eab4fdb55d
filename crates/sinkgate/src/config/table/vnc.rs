//! Section `vnc`. What screens are like.

use super::{Setting, accept};

pub(super) static SETTINGS: &[Setting] = &[accept("vnc.accept", |config| &mut config.vnc.accept)];
