//! Where a gateway keeps things.

use std::path::PathBuf;

use anyhow::Result;
use kernel::host;

use super::Scene;
use crate::service;

/// Where a gateway keeps things: root's are the machine's, anybody else's are their own.
pub(super) struct Places {
    pub(super) database: PathBuf,
    pub(super) state: PathBuf,
}

impl Places {
    pub(super) fn of(scene: &Scene) -> Result<Self> {
        let paths = &scene.paths;
        let set = scene.config.storage.database.clone();
        if host::is_root() {
            let state = paths.gateway_database.parent().map_or_else(PathBuf::new, Into::into);
            let database = set.unwrap_or_else(|| paths.gateway_database.clone());
            return Ok(Self { database: service::absolute(&database)?, state });
        }
        let database = set.unwrap_or_else(|| paths.state.join("gateway.db"));
        Ok(Self { database: service::absolute(&database)?, state: paths.state.clone() })
    }
}
