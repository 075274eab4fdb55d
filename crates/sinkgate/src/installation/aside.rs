//! What was kept is put aside, so that this becomes another installation.

use std::fs;
use std::path::{Path, PathBuf};

use model::Timestamp;

use super::InstallationError;

/// What makes an installation unlike others.
const KEPT: [&str; 2] = ["ca", "seed"];

/// Moves the seed and the authority into a folder of their own, named for the time; that folder, if
/// there was anything to move. What they are made of next is another installation.
pub(crate) fn set_aside(
    state: &Path,
    now: Timestamp,
) -> Result<Option<PathBuf>, InstallationError> {
    let failed = InstallationError::io;
    let kept: Vec<&str> = KEPT.into_iter().filter(|kept| state.join(kept).exists()).collect();
    if kept.is_empty() {
        return Ok(None);
    }
    let folder = state.join(format!("before-{now}").replace(':', "-"));
    fs::create_dir(&folder).map_err(failed("make the folder", &folder))?;
    for kept in kept {
        let from = state.join(kept);
        fs::rename(&from, folder.join(kept)).map_err(failed("put aside", &from))?;
    }
    Ok(Some(folder))
}

#[cfg(test)]
mod tests {
    use super::super::seed::seed;
    use super::*;

    #[test]
    fn who_puts_it_aside_is_somebody_else_and_can_go_back() {
        let state = tempfile::tempdir().unwrap();
        let now = Timestamp::parse("2026-11-25T12:00:00Z").unwrap();
        assert_eq!(set_aside(state.path(), now).unwrap(), None);
        let before = seed(state.path()).unwrap();
        let folder = set_aside(state.path(), now).unwrap().unwrap();
        assert_ne!(seed(state.path()).unwrap(), before);
        assert_eq!(seed(&folder).unwrap(), before);
    }
}
