//! Section `rtsp`. What cameras are like.

use super::{Setting, accept};

pub(super) static SETTINGS: &[Setting] = &[accept("rtsp.accept", |config| &mut config.rtsp.accept)];
