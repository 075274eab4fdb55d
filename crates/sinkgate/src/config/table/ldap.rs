//! Section `ldap`. What directories are like.

use super::{Setting, accept};

pub(super) static SETTINGS: &[Setting] = &[accept("ldap.accept", |config| &mut config.ldap.accept)];
