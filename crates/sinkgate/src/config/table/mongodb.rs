//! Section `mongodb`. What MongoDB servers are like.

use super::{Setting, accept};

pub(super) static SETTINGS: &[Setting] =
    &[accept("mongodb.accept", |config| &mut config.mongodb.accept)];
