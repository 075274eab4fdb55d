//! A disk that is soon full.

#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sched::{CloneFlags, unshare};

use crate::Database;

/// A file system in memory, which only the calling thread and what it starts see: it is gone with
/// them, whatever happens.
#[derive(Debug)]
pub struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Makes one at a folder, which is made, too.
    #[must_use]
    pub fn mounted_at(folder: &Path, size: &str) -> Self {
        fs::create_dir_all(folder).unwrap();
        unshare(CloneFlags::CLONE_NEWNS).unwrap();
        mount(&["--make-rprivate", "/"]);
        let options = format!("size={size},mode=755");
        let disk = Self { folder: folder.to_owned() };
        mount(&["-t", "tmpfs", "-o", &options, "tmpfs", &disk.place()]);
        disk
    }

    /// A database on it.
    #[must_use]
    pub fn database(&self) -> Database {
        Database::at(self.folder.join("run.db"))
    }

    /// Makes it larger.
    pub fn grow(&self, size: &str) {
        mount(&["-o", &format!("remount,size={size}"), &self.place()]);
    }

    fn place(&self) -> String {
        self.folder.display().to_string()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a gateway that was not stopped may still have files on it. If it fails there is
        // nobody to tell, and the kernel removes it with the process.
        let _ = Command::new("umount").args(["--lazy", &self.place()]).status();
    }
}

fn mount(arguments: &[&str]) {
    let status = Command::new("mount").args(arguments).status().unwrap();
    assert!(status.success(), "mount {arguments:?}: {status}");
}
