//! The lab's certificate authority: made once, then kept in a folder beside the seed.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use engine::{Authority, Clock};
use model::CertificateAuthority;

use super::InstallationError;

/// The authority kept in this folder; it is made if there is none.
pub(super) fn authority(
    state: &Path,
    names: &CertificateAuthority,
) -> Result<Authority, InstallationError> {
    let folder = state.join("ca");
    if !folder.exists() {
        make(&folder, names)?;
    }
    Authority::from_files(names.clone(), |file| fs::read(folder.join(file)))
        .map_err(|cause| InstallationError::Authority { path: folder, cause })
}

/// Makes an authority beside its place, and moves it there whole; if another process was faster,
/// theirs holds.
fn make(folder: &Path, names: &CertificateAuthority) -> Result<(), InstallationError> {
    let failed = InstallationError::io;
    let authority =
        Authority::make(names.clone(), Clock::Real.now()).map_err(InstallationError::Make)?;
    let new = folder.with_extension(format!("new-{}", std::process::id()));
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700).create(&new).map_err(failed("make the folder", &new))?;
    for (file, content) in authority.to_files().map_err(InstallationError::Make)? {
        let path = new.join(file);
        write(&path, &content).map_err(failed("write", &path))?;
    }
    match fs::rename(&new, folder) {
        Err(_) if folder.exists() => {
            fs::remove_dir_all(&new).map_err(failed("remove the folder", &new))
        }
        moved => moved.map_err(failed("make the folder", folder)),
    }
}

/// Whoever has the keys can be anybody to a machine that trusts the authority.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn names() -> CertificateAuthority {
        CertificateAuthority { name: "Oakline Trust".into(), host: "pki.oakline.net".into() }
    }

    fn root(state: &Path) -> Vec<u8> {
        authority(state, &names()).unwrap().root_der().unwrap()
    }

    #[test]
    fn an_authority_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let first = root(&state);
        assert_eq!(root(&state), first);
        assert_ne!(root(&folder.path().join("elsewhere")), first);
        assert_eq!(fs::read_dir(&state).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn threat_13_nobody_but_their_owner_may_read_the_keys() {
        let folder = tempfile::tempdir().unwrap();
        authority(folder.path(), &names()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let kept = folder.path().join("ca");
        assert_eq!(mode(&kept), 0o700);
        for file in fs::read_dir(kept).unwrap() {
            assert_eq!(mode(&file.unwrap().path()), 0o600);
        }
    }

    #[test]
    fn a_folder_that_holds_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("ca")).unwrap();
        fs::write(folder.path().join("ca/root.crt"), "not a certificate").unwrap();
        let refused = authority(folder.path(), &names());
        assert!(matches!(refused, Err(InstallationError::Authority { .. })));
    }
}
