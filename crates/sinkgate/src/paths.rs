//! Where things are kept: the configuration file, the state folder, databases.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use model::Timestamp;

/// The folders of one user, from the environment (XDG Base Directory Specification).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Where databases of `lab` and the installation's seed are kept.
    pub state: PathBuf,
    /// Where the database of `run` is kept.
    pub gateway_database: PathBuf,
    /// Where a configuration file is looked for, in this order.
    pub configurations: Vec<PathBuf>,
}

impl Paths {
    /// From the environment.
    #[must_use]
    pub fn new(environment: &BTreeMap<String, String>) -> Self {
        let folder = |variable: &str, below_home: &str| {
            let set =
                environment.get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
            let home = || environment.get("HOME").map_or_else(|| "/".into(), PathBuf::from);
            set.unwrap_or_else(|| home().join(below_home)).join("sinkgate")
        };
        Self {
            state: folder("XDG_STATE_HOME", ".local/state"),
            gateway_database: PathBuf::from(GATEWAY_DATABASE),
            configurations: vec![
                folder("XDG_CONFIG_HOME", ".config").join(CONFIGURATION),
                Path::new("/etc/sinkgate").join(CONFIGURATION),
            ],
        }
    }

    /// The configuration file: the one named, else the first that exists.
    #[must_use]
    pub fn configuration(&self, named: Option<PathBuf>) -> Option<PathBuf> {
        named.or_else(|| self.configurations.iter().find(|path| path.is_file()).cloned())
    }

    /// A name for the database of a lab run that starts now.
    #[must_use]
    pub fn new_lab_database(&self, started: Timestamp) -> PathBuf {
        let sortable = started.to_string().replace([':', '-'], "");
        self.state.join(format!("lab-{sortable}.db"))
    }

    /// The database written to last, if there is any: of the lab's, else the gateway's.
    ///
    /// # Errors
    ///
    /// The state folder is there but cannot be read.
    pub fn latest_database(&self) -> io::Result<Option<PathBuf>> {
        let gateways = self.gateway_database.is_file().then(|| self.gateway_database.clone());
        Ok(newest_database(&self.state)?.or(gateways))
    }
}

const CONFIGURATION: &str = "sinkgate.toml";

const GATEWAY_DATABASE: &str = "/var/lib/sinkgate/sinkgate.db";

fn newest_database(folder: &Path) -> io::Result<Option<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause),
    };
    let mut newest = None;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "db") {
            newest = newest.max(Some((last_written(&path), path)));
        }
    }
    Ok(newest.map(|(_, path)| path))
}

/// When a database was written to. What is new may still be in the log beside it.
fn last_written(database: &Path) -> Option<SystemTime> {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let modified = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    modified(database).max(modified(Path::new(&log)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn write(path: &Path, age_seconds: u64) {
        let file = fs::File::create(path).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000 - age_seconds);
        file.set_modified(time).unwrap();
    }

    #[test]
    fn folders_follow_the_environment() {
        let paths = Paths::new(&environment(&[("HOME", "/home/ann"), ("XDG_STATE_HOME", "/s")]));
        assert_eq!(paths.state, Path::new("/s/sinkgate"));
        assert_eq!(paths.configurations[0], Path::new("/home/ann/.config/sinkgate/sinkgate.toml"));
        assert_eq!(paths.configurations[1], Path::new("/etc/sinkgate/sinkgate.toml"));
    }

    #[test]
    fn a_relative_folder_is_ignored_as_the_specification_says() {
        let paths = Paths::new(&environment(&[("HOME", "/home/ann"), ("XDG_STATE_HOME", "s")]));
        assert_eq!(paths.state, Path::new("/home/ann/.local/state/sinkgate"));
    }

    #[test]
    fn lab_databases_sort_by_time() {
        let paths = Paths::new(&environment(&[("XDG_STATE_HOME", "/s")]));
        let started = Timestamp::parse("2026-11-24T09:30:00.000001Z").unwrap();
        let path = paths.new_lab_database(started);
        assert_eq!(path, Path::new("/s/sinkgate/lab-20261124T093000.000001Z.db"));
    }

    #[test]
    fn the_database_written_to_last_is_found_by_its_log_too() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().to_owned();
        let paths = Paths { state: state.clone(), ..Paths::new(&BTreeMap::new()) };
        assert_eq!(newest_database(&state).unwrap(), None);
        write(&state.join("old.db"), 200);
        write(&state.join("new.db"), 100);
        write(&state.join("notes.txt"), 0);
        assert_eq!(paths.latest_database().unwrap(), Some(state.join("new.db")));
        write(&state.join("old.db-wal"), 50);
        assert_eq!(paths.latest_database().unwrap(), Some(state.join("old.db")));
    }

    #[test]
    fn without_a_state_folder_the_gateway_database_is_used() {
        let folder = tempfile::tempdir().unwrap();
        let gateway_database = folder.path().join("sinkgate.db");
        let state = folder.path().join("absent");
        let paths = Paths { state, gateway_database, configurations: Vec::new() };
        assert_eq!(paths.latest_database().unwrap(), None);
        write(&paths.gateway_database, 0);
        assert_eq!(paths.latest_database().unwrap(), Some(paths.gateway_database));
    }
}
