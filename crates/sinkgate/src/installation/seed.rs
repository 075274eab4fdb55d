//! The seed: a random number that everything of an installation's own is derived from.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::InstallationError;

/// A random number, as everything of an installation's own is derived from.
pub(crate) type Seed = [u8; 16];

/// The seed kept in this folder; it is made if there is none.
pub(super) fn seed(folder: &Path) -> Result<Seed, InstallationError> {
    let path = folder.join("seed");
    match fs::read_to_string(&path) {
        Ok(text) => read(&text).ok_or(InstallationError::NotASeed { path }),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => make(&path),
        Err(cause) => Err(InstallationError::io("read the seed", &path)(cause)),
    }
}

/// Makes a seed; if another process was faster, theirs holds.
fn make(path: &Path) -> Result<Seed, InstallationError> {
    let failed = |attempt| InstallationError::io(attempt, path);
    let seed = random().map_err(failed("read chance for the seed"))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed("make the folder of the seed"))?;
    }
    // Nobody else's business: whoever knows it can tell this installation's answers.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match file.and_then(|mut file| file.write_all(written(&seed).as_bytes())) {
        Ok(()) => Ok(seed),
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
            let text = fs::read_to_string(path).map_err(failed("read the seed"))?;
            read(&text).ok_or_else(|| InstallationError::NotASeed { path: path.to_owned() })
        }
        Err(cause) => Err(failed("write the seed")(cause)),
    }
}

fn random() -> io::Result<Seed> {
    let mut seed = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut seed)?;
    Ok(seed)
}

fn written(seed: &Seed) -> String {
    format!("{:032x}\n", u128::from_be_bytes(*seed))
}

fn read(text: &str) -> Option<Seed> {
    let digits = text.trim();
    let number = u128::from_str_radix(digits, 16).ok()?;
    (digits.len() == 32).then(|| number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let first = seed(&state).unwrap();
        assert_eq!(seed(&state).unwrap(), first);
        assert_ne!(seed(&folder.path().join("elsewhere")).unwrap(), first);
    }

    #[test]
    fn a_file_that_is_no_seed_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("seed"), "not hexadecimal").unwrap();
        assert!(matches!(seed(folder.path()), Err(InstallationError::NotASeed { .. })));
    }
}
