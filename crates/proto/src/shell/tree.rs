//! The files of a session: those of the device, and what the victim changed about them.

use std::collections::BTreeMap;

use bytes::Bytes;
use model::{ArtifactNumber, ArtifactSource, ArtifactStart, Completeness, Direction, Limit};

use super::bytes::shown;
use super::commands;
use super::device::Device;
use super::image::{self, Original};
use crate::Out;

/// What the victim changed, by path; nothing where it removed what was there.
#[derive(Debug, Default)]
pub(super) struct Tree {
    changed: BTreeMap<String, Option<Changed>>,
    /// Bytes in all files of the victim's.
    bytes: usize,
    next: u32,
}

#[derive(Debug)]
struct Changed {
    content: Content,
    mode: u16,
    /// When, in seconds.
    changed: i64,
    /// The same file among those taken from the flow, once it has any of the victim's bytes.
    kept: Option<ArtifactNumber>,
}

/// What the victim put at a path.
#[derive(Debug)]
pub(super) enum Content {
    Bytes(Vec<u8>),
    Folder,
    /// Another name for what is at this path.
    Link(String),
}

/// What kind of thing there is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// So many of them.
    Bytes(usize),
    Device(image::Device),
    Folder,
    Link(String),
}

impl Content {
    fn node(&self) -> Node {
        match self {
            Self::Bytes(bytes) => Node::Bytes(bytes.len()),
            Self::Folder => Node::Folder,
            Self::Link(to) => Node::Link(to.clone()),
        }
    }
}

/// Something at a path, and what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) node: Node,
    pub(super) mode: u16,
    pub(super) changed: i64,
}

/// Why something cannot be done, in the words of the C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Exists,
    IsFolder,
    NameTooLong,
    NoSpace(Limit),
    NoSuch,
    NotEmpty,
    NotFolder,
}

impl Trouble {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Exists => "File exists",
            Self::IsFolder => "Is a directory",
            Self::NameTooLong => "File name too long",
            Self::NoSuch => "No such file or directory",
            Self::NotEmpty => "Directory not empty",
            Self::NotFolder => "Not a directory",
            Self::NoSpace(_) => "No space left on device",
        }
    }
}

/// What a session may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) files: usize,
    pub(super) bytes: usize,
}

/// How a file is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    After,
    Anew,
}

/// Longest name of a file, in bytes (as on Linux).
const NAME: usize = 255;

/// Whose bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Of a file of the device, or of one that we made up.
    Ours,
    Victim,
}

/// How many links are followed from one name to the next.
const LINKS: usize = 8;

/// What may be read and changed, and by what.
pub(super) struct Files<'t, 'd> {
    pub(super) tree: &'t mut Tree,
    pub(super) device: Device<'d>,
    pub(super) room: Room,
}

impl Files<'_, '_> {
    /// What is at a path; a link is followed.
    pub(super) fn find(&self, path: &str) -> Result<Entry, Trouble> {
        self.entry(&self.followed(path)).ok_or(Trouble::NoSuch)
    }

    /// What is at a path, be it a link.
    pub(super) fn entry(&self, path: &str) -> Option<Entry> {
        match self.tree.changed.get(path) {
            Some(None) => None,
            Some(Some(Changed { content, mode, changed, .. })) => {
                Some(Entry { node: content.node(), mode: *mode, changed: *changed })
            }
            None => self.original(path),
        }
    }

    fn original(&self, path: &str) -> Option<Entry> {
        let built = self.device.now() - self.device.up_seconds();
        let link =
            |to: &str| Entry { node: Node::Link(to.to_owned()), mode: 0o777, changed: built };
        if commands::is_program(path) {
            return Some(link("/bin/busybox"));
        }
        let row = image::ROWS.iter().find(|row| row.path == path)?;
        let node = match row.base {
            Original::Device(device) => Node::Device(device),
            Original::Folder => Node::Folder,
            Original::Link(to) => return Some(link(to)),
            Original::Program => Node::Bytes(self.device.program().len()),
            Original::Text(text) => Node::Bytes(text(&self.device).len()),
        };
        Some(Entry { node, mode: row.mode, changed: built })
    }

    /// The path at the end of links.
    pub(super) fn followed(&self, path: &str) -> String {
        let mut path = path.to_owned();
        for _ in 0..LINKS {
            match self.entry(&path) {
                Some(Entry { node: Node::Link(to), .. }) => path = absolute(parent(&path), &to),
                Some(_) => return path,
                // Perhaps a folder on the way is a link.
                None => match self.entry(parent(&path)) {
                    Some(Entry { node: Node::Link(to), .. }) => {
                        path = absolute(&absolute(parent(parent(&path)), &to), name(&path));
                    }
                    _ => return path,
                },
            }
        }
        path
    }

    pub(super) fn is_folder(&self, path: &str) -> bool {
        self.find(path).is_ok_and(|entry| entry.node == Node::Folder)
    }

    /// The names in a folder, in order.
    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        let folder = self.followed(folder);
        let original = image::ROWS.iter().map(|row| row.path.to_owned()).chain(commands::paths());
        let there = original.filter(|path| !self.tree.changed.contains_key(path));
        let changed = self.tree.changed.iter().filter(|(_, one)| one.is_some());
        let all = there.chain(changed.map(|(path, _)| path.clone()));
        let is_in = |path: &String| path != "/" && parent(path) == folder;
        let mut names: Vec<String> = all.filter(is_in).map(|path| name(&path).to_owned()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// All that is in a file.
    pub(super) fn read(&self, path: &str) -> Result<Vec<u8>, Trouble> {
        let path = self.followed(path);
        match self.entry(&path).ok_or(Trouble::NoSuch)?.node {
            Node::Bytes(_) => Ok(self.content(&path)),
            Node::Device(device) => Ok(device.read(&self.device)),
            Node::Folder => Err(Trouble::IsFolder),
            Node::Link(_) => Err(Trouble::NoSuch),
        }
    }

    fn content(&self, path: &str) -> Vec<u8> {
        match self.tree.changed.get(path) {
            Some(Some(Changed { content: Content::Bytes(bytes), .. })) => return bytes.clone(),
            Some(_) => return Vec::new(),
            None => {}
        }
        let row = image::ROWS.iter().find(|row| row.path == path);
        match row.map(|row| &row.base) {
            Some(Original::Program) => self.device.program(),
            Some(Original::Text(text)) => text(&self.device).into_bytes(),
            Some(Original::Device(_) | Original::Folder | Original::Link(_)) | None => Vec::new(),
        }
    }

    /// Writes to a file, which is made if it is not there. What a victim writes is kept.
    pub(super) fn write(
        &mut self,
        (path, bytes): (&str, &[u8]),
        writing: Writing,
        origin: Origin,
        out: &mut Out,
    ) -> Result<(), Trouble> {
        let path = self.followed(path);
        match self.entry(&path).map(|entry| entry.node) {
            Some(Node::Device(_)) => return Ok(()),
            Some(Node::Folder) => return Err(Trouble::IsFolder),
            Some(Node::Bytes(_) | Node::Link(_)) | None => {}
        }
        self.open(&path, writing, out)?;
        let taken = bytes.len().min(self.room.bytes.saturating_sub(self.tree.bytes));
        let fitting = bytes.get(..taken).unwrap_or_default();
        self.tree.append(&path, fitting, origin, out);
        if taken < bytes.len() { Err(Trouble::NoSpace(Limit::ShellBytes)) } else { Ok(()) }
    }

    /// Makes a file that can be written to, of what is there or empty.
    fn open(&mut self, path: &str, writing: Writing, out: &mut Out) -> Result<(), Trouble> {
        let before = self.entry(path);
        if writing == Writing::After && matches!(self.tree.changed.get(path), Some(Some(_))) {
            return Ok(());
        }
        let mode = before.map_or(0o644, |entry| entry.mode);
        let bytes = if writing == Writing::After { self.content(path) } else { Vec::new() };
        self.tree.end(path, out);
        self.put(path, Content::Bytes(bytes), mode)
    }

    /// Puts something there, in place of what was there.
    pub(super) fn put(&mut self, path: &str, content: Content, mode: u16) -> Result<(), Trouble> {
        if !self.is_folder(parent(path)) {
            return Err(Trouble::NoSuch);
        }
        if name(path).len() > NAME {
            return Err(Trouble::NameTooLong);
        }
        self.tree.forget(path);
        if self.tree.changed.len() >= self.room.files && !self.tree.changed.contains_key(path) {
            return Err(Trouble::NoSpace(Limit::ShellFiles));
        }
        let bytes = if let Content::Bytes(bytes) = &content { bytes.len() } else { 0 };
        if self.tree.bytes + bytes > self.room.bytes {
            return Err(Trouble::NoSpace(Limit::ShellBytes));
        }
        self.tree.bytes += bytes;
        let changed = Changed { content, mode, changed: self.device.now(), kept: None };
        self.tree.changed.insert(path.to_owned(), Some(changed));
        Ok(())
    }

    /// Whether what is in a file is the victim's own.
    pub(super) fn is_victims(&self, path: &str) -> bool {
        let changed = self.tree.changed.get(&self.followed(path));
        changed.is_some_and(|one| one.as_ref().is_some_and(|one| one.kept.is_some()))
    }

    pub(super) fn make_folder(&mut self, path: &str) -> Result<(), Trouble> {
        if self.entry(path).is_some() {
            return Err(Trouble::Exists);
        }
        self.put(path, Content::Folder, 0o755)
    }

    /// Removes what is there, and what is in it.
    pub(super) fn remove(&mut self, path: &str, out: &mut Out) -> Result<(), Trouble> {
        self.entry(path).ok_or(Trouble::NoSuch)?;
        let is_in = |one: &str| one == path || one.starts_with(&format!("{path}/"));
        let own: Vec<String> = self.tree.changed.keys().filter(|one| is_in(one)).cloned().collect();
        for one in &own {
            self.tree.end(one, out);
            self.tree.forget(one);
            self.tree.changed.remove(one);
        }
        let original = image::ROWS.iter().map(|row| row.path.to_owned()).chain(commands::paths());
        for one in original.filter(|one| is_in(one)) {
            if self.tree.changed.len() >= self.room.files {
                return Err(Trouble::NoSpace(Limit::ShellFiles));
            }
            self.tree.changed.insert(one, None);
        }
        Ok(())
    }

    pub(super) fn set_mode(&mut self, path: &str, mode: u16) -> Result<(), Trouble> {
        let path = self.followed(path);
        self.entry(&path).ok_or(Trouble::NoSuch)?;
        // Files of the device stay what they are, whatever is allowed with them.
        if let Some(Some(changed)) = self.tree.changed.get_mut(&path) {
            changed.mode = mode;
        }
        Ok(())
    }
}

impl Tree {
    /// Begins a file of the flow that is not written by commands.
    pub(super) fn begin(&mut self, path: &str, out: &mut Out) -> ArtifactNumber {
        let number = ArtifactNumber(self.next);
        self.next += 1;
        out.keep_start(start(number, path));
        number
    }

    fn append(&mut self, path: &str, bytes: &[u8], origin: Origin, out: &mut Out) {
        let number = self.next;
        let Some(Some(Changed { content: Content::Bytes(content), kept, .. })) =
            self.changed.get_mut(path)
        else {
            return;
        };
        if bytes.is_empty() {
            return;
        }
        if kept.is_none() && origin == Origin::Victim {
            out.keep_start(start(ArtifactNumber(number), path));
            let before = std::mem::take(content);
            if !before.is_empty() {
                out.keep_bytes(ArtifactNumber(number), before.clone());
            }
            *content = before;
            *kept = Some(ArtifactNumber(number));
            self.next += 1;
        }
        content.extend_from_slice(bytes);
        self.bytes += bytes.len();
        if let Some(number) = kept {
            out.keep_bytes(*number, Bytes::copy_from_slice(bytes));
        }
    }

    /// The file at this path is not written to any more.
    fn end(&mut self, path: &str, out: &mut Out) {
        if let Some(Some(changed)) = self.changed.get_mut(path)
            && let Some(number) = changed.kept.take()
        {
            out.keep_end(number, Completeness::Whole);
        }
    }

    /// The bytes at this path do not count any more.
    fn forget(&mut self, path: &str) {
        if let Some(Some(Changed { content: Content::Bytes(bytes), .. })) = self.changed.get(path) {
            self.bytes = self.bytes.saturating_sub(bytes.len());
        }
    }

    /// The session is over: so is every file.
    pub(super) fn end_all(&mut self, out: &mut Out) {
        let paths: Vec<String> = self.changed.keys().cloned().collect();
        paths.iter().for_each(|path| self.end(path, out));
    }
}

fn start(number: ArtifactNumber, path: &str) -> ArtifactStart {
    ArtifactStart {
        number,
        source: ArtifactSource::ShellFile,
        direction: Direction::FromVictim,
        name: Some(shown(path)),
        media_type: None,
        part_of: None,
    }
}

/// A path as it is from `folder`, without `.` and `..`.
pub(super) fn absolute(folder: &str, path: &str) -> String {
    let from = if path.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

pub(super) fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((parent, _)) => parent,
    }
}

pub(super) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_put_together() {
        for (folder, path, meant) in [
            ("/", "tmp", "/tmp"),
            ("/tmp", "../etc/./passwd", "/etc/passwd"),
            ("/tmp", "/a//b/", "/a/b"),
            ("/tmp", "../../..", "/"),
            ("/tmp", "", "/tmp"),
        ] {
            assert_eq!(absolute(folder, path), meant);
        }
        assert_eq!((parent("/a/b"), name("/a/b")), ("/a", "b"));
        assert_eq!((parent("/a"), name("/")), ("/", ""));
    }
}
