//! What each command does, one module each.

pub(crate) mod ca;
pub(crate) mod init_db;
pub(crate) mod lab;
mod look;
pub(crate) mod persona;
mod places;
pub(crate) mod run;
pub(crate) mod show;
pub(crate) mod test_response;
pub(crate) mod watch;

use crate::config::Config;
use crate::paths::Paths;

/// What holds for every command: the configuration, and where things are kept.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) config: Config,
    pub(crate) paths: Paths,
}
