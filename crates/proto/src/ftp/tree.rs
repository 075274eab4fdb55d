//! The files and folders that one session sees: what everybody sees on this installation, and what the
//! session has changed.

use std::collections::BTreeMap;
use std::ops::Bound;

use bytes::Bytes;
use model::Timestamp;

use super::path::{joined, split};
use crate::Cx;
use crate::any_file::{self, is_file_name};
use crate::derived::{Purpose, derived, pick};

/// What a session has changed. All else is derived from the installation's seed.
#[derive(Debug, Default)]
pub(super) struct Tree {
    changed: BTreeMap<String, Node>,
    /// How much of uploads is kept in them.
    kept_bytes: usize,
}

#[derive(Clone, Debug)]
enum Node {
    Regular(Regular),
    Folder(Timestamp),
    Gone,
}

/// A regular file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Regular {
    pub(super) bytes: u64,
    /// What is in it; of an upload that was too long only its length is known.
    pub(super) content: Option<Bytes>,
    pub(super) modified: Timestamp,
}

/// What is at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Regular(Regular),
    Folder(Timestamp),
    /// Whatever is wanted.
    Anything(Regular),
    Nothing,
}

/// One line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) bytes: u64,
    pub(super) modified: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Regular,
    Folder,
}

/// The session has changed as much as it may.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Tree {
    /// What is at `path`.
    pub(super) fn find(&self, path: &str, cx: &Cx<'_>) -> Found {
        match self.changed.get(path) {
            Some(Node::Regular(file)) => return Found::Regular(file.clone()),
            Some(Node::Folder(since)) => return Found::Folder(*since),
            Some(Node::Gone) => return Found::Nothing,
            None if self.below(path).next().is_some() => return Found::Folder(cx.now),
            None if self.is_inside_nothing(path) => return Found::Nothing,
            None => {}
        }
        let (folder, name) = split(path);
        let listed = usual(folder, cx).into_iter().find(|entry| entry.name == name);
        match (name, listed) {
            ("", _) | (_, Some(Entry { kind: Kind::Folder, .. })) => {
                Found::Folder(modified(path, cx))
            }
            _ if is_file_name(name, cx) => Found::Regular(usual_file(path, cx)),
            _ => Found::Anything(usual_file(path, cx)),
        }
    }

    /// The file at `path`: any there could be.
    pub(super) fn file(&self, path: &str, cx: &Cx<'_>) -> Option<Regular> {
        match self.find(path, cx) {
            Found::Regular(file) | Found::Anything(file) => Some(file),
            Found::Folder(_) | Found::Nothing => None,
        }
    }

    /// Whether `path` is a folder, or could be one.
    pub(super) fn is_folder(&self, path: &str, cx: &Cx<'_>) -> bool {
        matches!(self.find(path, cx), Found::Folder(_) | Found::Anything(_))
    }

    /// What is in a folder, by name.
    pub(super) fn list(&self, folder: &str, cx: &Cx<'_>) -> Vec<Entry> {
        let is_own = matches!(self.changed.get(folder), Some(Node::Folder(_)));
        let before = if is_own { Vec::new() } else { usual(folder, cx) };
        let mut entries: BTreeMap<String, Entry> =
            before.into_iter().map(|entry| (entry.name.clone(), entry)).collect();
        for (path, node) in self.below(folder) {
            let (parent, name) = split(path);
            if parent != folder {
                continue;
            }
            match node.entry(name) {
                Some(entry) => entries.insert(name.to_owned(), entry),
                None => entries.remove(name),
            };
        }
        entries.into_values().collect()
    }

    /// How much of an upload could be kept so that it can be fetched back.
    pub(super) fn room(&self, cx: &Cx<'_>) -> usize {
        cx.rules.ftp.kept_bytes.saturating_sub(self.kept_bytes)
    }

    /// A file was put there. What there is no room for is not kept.
    pub(super) fn put(&mut self, path: String, mut file: Regular, cx: &Cx<'_>) -> Result<(), Full> {
        let room = self.room(cx);
        file.content = file.content.filter(|content| content.len() <= room);
        self.change(path, Node::Regular(file), cx)
    }

    /// A folder was made.
    pub(super) fn make_folder(&mut self, path: String, cx: &Cx<'_>) -> Result<(), Full> {
        self.change(path, Node::Folder(cx.now), cx)
    }

    /// What is there goes, and all that was changed inside it.
    pub(super) fn remove(&mut self, path: &str, cx: &Cx<'_>) -> Result<(), Full> {
        let inside: Vec<String> = self.below(path).map(|(path, _)| path.clone()).collect();
        inside.iter().for_each(|path| self.forget(path));
        self.change(path.to_owned(), Node::Gone, cx)
    }

    /// What is at `from` is at `to` as well, with all that was changed inside it.
    pub(super) fn copy(&mut self, from: &str, to: &str, cx: &Cx<'_>) -> Result<(), Full> {
        let inside: Vec<(String, Node)> = self
            .below(from)
            .map(|(path, node)| (path.replacen(from, to, 1), node.clone()))
            .collect();
        match self.find(from, cx) {
            Found::Regular(file) | Found::Anything(file) => self.put(to.to_owned(), file, cx)?,
            Found::Folder(since) => self.change(to.to_owned(), Node::Folder(since), cx)?,
            Found::Nothing => {}
        }
        inside.into_iter().try_for_each(|(path, node)| match node {
            Node::Regular(file) => self.put(path, file, cx),
            node => self.change(path, node, cx),
        })
    }

    fn change(&mut self, path: String, node: Node, cx: &Cx<'_>) -> Result<(), Full> {
        let is_new = !self.changed.contains_key(&path);
        if is_new && self.changed.len() >= cx.rules.ftp.changes {
            return Err(Full);
        }
        self.forget(&path);
        self.kept_bytes += node.kept_bytes();
        self.changed.insert(path, node);
        Ok(())
    }

    fn forget(&mut self, path: &str) {
        let kept = self.changed.remove(path).map_or(0, |node| node.kept_bytes());
        self.kept_bytes = self.kept_bytes.saturating_sub(kept);
    }

    /// What was changed inside a folder.
    fn below(&self, folder: &str) -> impl Iterator<Item = (&String, &Node)> {
        let prefix = joined(folder, "");
        let from = Bound::Excluded(prefix.clone());
        let range = self.changed.range::<String, _>((from, Bound::Unbounded));
        range.take_while(move |(path, _)| path.starts_with(&prefix))
    }

    /// Whether what is around `path` is gone, or is a file.
    fn is_inside_nothing(&self, path: &str) -> bool {
        let mut folder = split(path).0;
        while folder != "/" {
            match self.changed.get(folder) {
                Some(Node::Gone | Node::Regular(_)) => return true,
                Some(Node::Folder(_)) => return false,
                None => folder = split(folder).0,
            }
        }
        false
    }
}

impl Node {
    fn kept_bytes(&self) -> usize {
        match self {
            Self::Regular(Regular { content: Some(content), .. }) => content.len(),
            Self::Regular(_) | Self::Folder(_) | Self::Gone => 0,
        }
    }

    fn entry(&self, name: &str) -> Option<Entry> {
        let name = name.to_owned();
        match self {
            Self::Regular(Regular { bytes, modified, .. }) => {
                Some(Entry { name, kind: Kind::Regular, bytes: *bytes, modified: *modified })
            }
            Self::Folder(since) => Some(folder_entry(name, *since)),
            Self::Gone => None,
        }
    }
}

/// How much a folder says it has: a block.
const FOLDER_BYTES: u64 = 4_096;

fn folder_entry(name: String, modified: Timestamp) -> Entry {
    Entry { name, kind: Kind::Folder, bytes: FOLDER_BYTES, modified }
}

/// How deep there are folders that a client was not the first to name.
const DEPTH: usize = 3;

/// What everybody sees in a folder.
fn usual(folder: &str, cx: &Cx<'_>) -> Vec<Entry> {
    let depth = folder.split('/').filter(|part| !part.is_empty()).count();
    let [number, order] = derived(&cx.persona.seed, Purpose::Folder, folder);
    let folders = if depth < DEPTH { 2 + number % 4 } else { 0 };
    let files = 2 + (number >> 8) % 4;
    let mut entries: Vec<Entry> = some(FOLDERS, folders, order)
        .map(|name| folder_entry(name.to_owned(), modified(&joined(folder, name), cx)))
        .collect();
    let own: &[super::OwnFile] = if depth == 0 { &cx.rules.ftp.files } else { &[] };
    entries.extend(
        some(FILES, files, order >> 32)
            .chain(own.iter().map(|own| own.name.as_str()))
            .map(|name| file_entry(name.to_owned(), usual_file(&joined(folder, name), cx))),
    );
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    entries.dedup_by(|one, other| one.name == other.name);
    entries
}

fn file_entry(name: String, file: Regular) -> Entry {
    Entry { name, kind: Kind::Regular, bytes: file.bytes, modified: file.modified }
}

/// So many of these, none of them twice.
fn some<'a>(names: &'a [&'a str], count: u64, order: u64) -> impl Iterator<Item = &'a str> {
    // The lists have a prime number of names, so any step leads to all of them.
    let step = 1 + (order >> 16) % (names.len().max(2) as u64 - 1);
    (0..count).map(move |place| pick(names, (order & 0xffff) + place * step))
}

/// The file that is at `path` for everybody.
fn usual_file(path: &str, cx: &Cx<'_>) -> Regular {
    let (_, name) = split(path);
    let content = any_file::content(name, cx);
    Regular { bytes: content.len() as u64, content: Some(content), modified: modified(path, cx) }
}

/// When what is at `path` for everybody was last changed: some time in three years, and never later
/// than now.
fn modified(path: &str, cx: &Cx<'_>) -> Timestamp {
    /// 2022-01-01, in seconds.
    const FIRST: i64 = 1_640_995_200;
    const THREE_YEARS: u64 = 3 * 365 * 86_400;
    let [number, _] = derived(&cx.persona.seed, Purpose::Folder, &format!("{path}/time"));
    let seconds = FIRST + i64::try_from(number % THREE_YEARS).unwrap_or_default();
    Timestamp::from_micros(seconds * 1_000_000).min(cx.now)
}

/// Names of folders as servers have them.
const FOLDERS: &[&str] = &[
    "archive", "backup", "config", "data", "docs", "images", "incoming", "install", "logs", "old",
    "private", "pub", "releases", "reports", "scripts", "shared", "software", "temp", "tools",
    "updates", "upload", "web", "www",
];

/// Names of files as servers have them.
const FILES: &[&str] = &[
    "backup.zip",
    "budget.xlsx",
    "changelog.txt",
    "contacts.csv",
    "contract.docx",
    "database.tar.gz",
    "install.log",
    "inventory.csv",
    "logo.png",
    "manual.pdf",
    "notes.txt",
    "overview.pptx",
    "readme.txt",
    "report.pdf",
    "schedule.xlsx",
    "settings.ini",
    "setup.exe",
    "team.jpg",
    "update.zip",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Stage;
    use crate::{Responses, dns, files, ftp};

    fn names(tree: &Tree, folder: &str, cx: &Cx<'_>) -> Vec<String> {
        tree.list(folder, cx).into_iter().map(|entry| entry.name).collect()
    }

    fn upload(text: &'static str, cx: &Cx<'_>) -> Regular {
        let content = Some(Bytes::from_static(text.as_bytes()));
        Regular { bytes: text.len() as u64, content, modified: cx.now }
    }

    #[test]
    fn folders_and_files_are_many_and_always_the_same() {
        for names in [FOLDERS, FILES] {
            let count = names.len();
            assert!((2..count).all(|divisor| count % divisor != 0), "{count} is not a prime");
        }
        assert!(FILES.iter().all(|name| {
            files::TYPES.iter().any(|row| row.endings.iter().any(|ending| name.ends_with(ending)))
        }));
        let stage = Stage::new(dns::Answers::default());
        let (tree, cx) = (Tree::default(), stage.cx());
        let root = tree.list("/", &cx);
        assert!((4..=10).contains(&root.len()), "{root:?}");
        assert_eq!(root, Tree::default().list("/", &cx));
        assert!(root.iter().all(|entry| entry.modified <= cx.now && entry.bytes > 0));
        assert!(root.iter().any(|entry| entry.kind == Kind::Folder));
        assert!(tree.list("/a/b/c", &cx).iter().all(|entry| entry.kind == Kind::Regular));
    }

    #[test]
    fn what_is_put_there_is_there_and_what_is_removed_is_gone() {
        let stage = Stage::new(dns::Answers::default());
        let (mut tree, cx) = (Tree::default(), stage.cx());
        tree.put("/x/loot.zip".into(), upload("loot", &cx), &cx).unwrap();
        assert!(names(&tree, "/x", &cx).contains(&"loot.zip".to_owned()));
        assert!(!names(&tree, "/", &cx).contains(&"loot.zip".to_owned()));
        assert_eq!(tree.file("/x/loot.zip", &cx), Some(upload("loot", &cx)));
        tree.copy("/x", "/y", &cx).unwrap();
        tree.remove("/x", &cx).unwrap();
        assert_eq!(tree.find("/x/loot.zip", &cx), Found::Nothing);
        assert_eq!(tree.file("/y/loot.zip", &cx), Some(upload("loot", &cx)));
        let [first, ..] = &names(&tree, "/", &cx)[..] else { panic!("nothing there") };
        tree.remove(&joined("/", first), &cx).unwrap();
        assert!(!names(&tree, "/", &cx).contains(first));
    }

    #[test]
    fn a_new_folder_is_empty_and_any_file_is_in_it() {
        let stage = Stage::new(dns::Answers::default());
        let (mut tree, cx) = (Tree::default(), stage.cx());
        tree.make_folder("/bot".into(), &cx).unwrap();
        assert_eq!(tree.list("/bot", &cx), []);
        assert!(tree.file("/bot/cmd.exe", &cx).is_some());
        assert!(tree.is_folder("/bot", &cx) && !tree.is_folder("/bot/cmd.exe", &cx));
        assert!(tree.is_folder("/anything", &cx) && tree.file("/anything", &cx).is_some());
    }

    #[test]
    fn a_session_can_keep_and_change_so_much_and_no_more() {
        let stage = Stage::new(dns::Answers::default());
        let ftp = ftp::Settings { kept_bytes: 6, changes: 2, ..ftp::Settings::default() };
        let rules = Responses { ftp, ..stage.cx().rules.clone() };
        let cx = Cx { rules: &rules, ..stage.cx() };
        let mut tree = Tree::default();
        tree.put("/a".into(), upload("four", &cx), &cx).unwrap();
        tree.put("/b".into(), upload("more", &cx), &cx).unwrap();
        let content = |path: &str| tree.file(path, &cx).unwrap().content;
        assert_eq!(content("/a"), Some("four".into()));
        assert_eq!(content("/b"), None);
        assert_eq!(tree.make_folder("/c".into(), &cx), Err(Full));
        tree.remove("/a", &cx).unwrap();
        assert_eq!(tree.room(&cx), 6);
    }
}
