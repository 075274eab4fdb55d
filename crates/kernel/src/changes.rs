//! Waiting for files to change ([inotify](https://man7.org/linux/man-pages/man7/inotify.7.html)).

use std::io;
use std::path::Path;

use nix::errno::Errno;
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};

/// Folders in which something may change.
#[derive(Debug)]
pub struct Changes(Inotify);

impl Changes {
    /// Looks at these folders from now on. One that is not there cannot be looked at, and is
    /// passed over.
    ///
    /// # Errors
    /// When the system has no more of what this needs.
    pub fn in_folders<'a>(folders: impl IntoIterator<Item = &'a Path>) -> io::Result<Self> {
        let inotify = Inotify::init(InitFlags::IN_CLOEXEC)?;
        // Editors write a new file and give it the old one's name.
        let flags = AddWatchFlags::IN_CLOSE_WRITE
            | AddWatchFlags::IN_MOVED_TO
            | AddWatchFlags::IN_MOVED_FROM
            | AddWatchFlags::IN_DELETE
            | AddWatchFlags::IN_ATTRIB;
        for folder in folders {
            match inotify.add_watch(folder, flags) {
                Ok(_) | Err(Errno::ENOENT | Errno::ENOTDIR | Errno::EACCES) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Self(inotify))
    }

    /// Waits until something in them has changed.
    ///
    /// # Errors
    /// When the kernel refuses to tell.
    pub fn wait(&self) -> io::Result<()> {
        loop {
            match self.0.read_events() {
                Ok(_) => return Ok(()),
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::sync_channel;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_file_that_is_written_or_replaced_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let changes = Changes::in_folders([path.as_path(), Path::new("/nonexistent")]).unwrap();
        let (tell, told) = sync_channel(0);
        thread::spawn(move || while changes.wait().is_ok() && tell.send(()).is_ok() {});
        let wait = || told.recv_timeout(Duration::from_secs(10)).unwrap();
        fs::write(path.join("new"), "a").unwrap();
        wait();
        fs::rename(path.join("new"), path.join("file")).unwrap();
        wait();
    }
}
