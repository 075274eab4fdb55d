//! Sections `rlogin`, `rsh` and `rexec`. What servers of remote commands are like.

use super::{Setting, accept};

pub(super) static SETTINGS: &[Setting] = &[
    accept("rlogin.accept", |config| &mut config.berkeley.rlogin),
    accept("rsh.accept", |config| &mut config.berkeley.rsh),
    accept("rexec.accept", |config| &mut config.berkeley.rexec),
];
