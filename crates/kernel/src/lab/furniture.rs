//! What the victim finds in its file system: name servers that are ours, processes and interfaces
//! that are its own, and none of the doors through which a program reaches others by file name.
//!
//! A network namespace closes the network, and with it abstract Unix sockets. Sockets with a name
//! in the file system stay open to whoever sees the file, and some of those behind them look names
//! up, fetch things or start programs for anybody who asks: on the real network. The known ones are
//! in [`DOORS`]. What cannot be known is in the user's own folders: a `tmux` or `screen` session, a
//! shared `ssh` connection, an editor's server, a crontab, a display.

use std::fs;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::stat::Mode;

use super::error::Complaint;
use super::settings::{FullerFolder, LabSettings, NewFile, ReplacedFile};

/// Who answers or acts for programs outside: names in `/run` and in each user's `/run/user/UID`.
const DOORS: &[&str] = &[
    "avahi-daemon", // names under .local, by nss-mdns
    "bus",          // a user's D-Bus: starts programs and opens links for others
    "containerd",
    "crio",
    "dbus", // the system's D-Bus: resolved, NetworkManager, systemd
    "docker.sock",
    "gnupg", // dirmngr fetches keys
    "libvirt",
    "nscd", // looks names up for the C library
    "podman",
    "snapd.socket",
    "sssd",
    "systemd", // resolved, and the managers that start programs
    "unscd",
];

const RESOLV_CONF: &str = "/etc/resolv.conf";

/// Somewhere every system has a folder, covered while the furniture is made.
const WORKSHOP: &str = "/tmp";

/// What is put into a lab.
pub(super) struct Furniture {
    resolv_conf: String,
    replaced: Vec<ReplacedFile>,
    fuller: Vec<FullerFolder>,
}

impl Furniture {
    pub(super) fn of(settings: &LabSettings) -> Self {
        Self {
            resolv_conf: settings.resolv_conf.clone(),
            replaced: settings.replaced.clone(),
            fuller: settings.fuller.clone(),
        }
    }

    /// Furnishes the mount namespace of this process; gives what was not possible and need not be.
    pub(super) fn furnish(&self) -> Result<Vec<Complaint>, Complaint> {
        mount(NOTHING, "/", NOTHING, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NOTHING)
            .map_err(Complaint::about("keep mounts to the lab"))?;
        let mut steps: Vec<Result<(), Complaint>> = doors().iter().map(|door| hide(door)).collect();
        // Before single files: what is mounted below a folder is not seen through another layer.
        steps.extend(self.fuller.iter().map(fill));
        steps.push(name_servers(&self.resolv_conf));
        steps.extend(self.replaced.iter().map(replace));
        steps.push(processes());
        steps.push(interfaces());
        Ok(steps.into_iter().filter_map(Result::err).collect())
    }
}

/// The doors that are there.
fn doors() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from("/run")];
    // Nearly everywhere this is a link to `/run`.
    if !Path::new("/var/run").is_symlink() {
        folders.push("/var/run".into());
    }
    let users = fs::read_dir("/run/user").into_iter().flatten().flatten();
    folders.extend(users.map(|user| user.path()));
    let all = folders.iter().flat_map(|folder| DOORS.iter().map(|door| folder.join(door)));
    all.filter(|door| door.exists()).collect()
}

fn hide(door: &Path) -> Result<(), Complaint> {
    let hidden = if door.is_dir() {
        let flags = MsFlags::MS_RDONLY | HARMLESS;
        mount(Some("tmpfs"), door, Some("tmpfs"), flags, Some("mode=755"))
    } else {
        mount(Some("/dev/null"), door, NOTHING, MsFlags::MS_BIND, NOTHING)
    };
    let attempt = || format!("hide {}, which answers from outside", door.display());
    hidden.map_err(|cause| Complaint::about(attempt())(cause))
}

/// Puts our text in the place of `/etc/resolv.conf`.
fn name_servers(text: &str) -> Result<(), Complaint> {
    let attempt = Complaint::about("say in /etc/resolv.conf who the name server is");
    in_the_workshop(|folder| {
        let ours = folder.join("resolv.conf");
        fs::write(&ours, text)?;
        match path_itself(Path::new(RESOLV_CONF)) {
            Ok(place) => Ok(cover(&ours, &place)?),
            Err(Errno::ENOENT) => Ok(add_to(Path::new("/etc"), folder)?),
            Err(cause) => Err(cause.into()),
        }
    })
    .map_err(attempt)
}

/// Puts a file in the place of another.
fn replace(file: &ReplacedFile) -> Result<(), Complaint> {
    let path = file.path.display();
    let attempt = format!("put a file of the lab's own in the place of {path}");
    in_the_workshop(|folder| {
        let ours = folder.join("replacement");
        fs::write(&ours, &file.content)?;
        Ok(cover(&ours, &path_itself(&file.path)?)?)
    })
    .map_err(Complaint::about(attempt))
}

/// Lays files over a folder.
fn fill(folder: &FullerFolder) -> Result<(), Complaint> {
    let attempt = format!("put files of the lab's own into {}", folder.path.display());
    in_the_workshop(|workshop| {
        for file in &folder.files {
            write_below(workshop, file)?;
        }
        Ok(add_to(&folder.path, workshop)?)
    })
    .map_err(Complaint::about(attempt))
}

fn write_below(folder: &Path, file: &NewFile) -> io::Result<()> {
    let path = folder.join(&file.path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, &file.content)
}

/// Does a task with an empty folder that nobody else sees. What was mounted from it stays.
fn in_the_workshop(task: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    mount(Some("tmpfs"), WORKSHOP, Some("tmpfs"), HARMLESS, Some("mode=755"))?;
    let done = task(Path::new(WORKSHOP));
    umount2(WORKSHOP, MntFlags::MNT_DETACH)?;
    done
}

/// Holds the file of this name; if it is a symbolic link, the link and not what it leads to. On
/// many systems it leads into a folder we have just hidden.
fn path_itself(path: &Path) -> nix::Result<OwnedFd> {
    open(path, OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC, Mode::empty())
}

fn cover(source: &Path, place: &OwnedFd) -> nix::Result<()> {
    mount(Some(source), &by_number(place), NOTHING, MsFlags::MS_BIND, NOTHING)
}

/// Lays the files of a folder over those of another.
fn add_to(place: &Path, more: &Path) -> nix::Result<()> {
    let layers = format!("lowerdir={}:{}", more.display(), place.display());
    mount(Some("overlay"), place, Some("overlay"), MsFlags::MS_RDONLY, Some(layers.as_str()))
}

/// The processes of the lab instead of everybody's.
fn processes() -> Result<(), Complaint> {
    mount(Some("proc"), "/proc", Some("proc"), HARMLESS, NOTHING)
        .map_err(Complaint::about("show the lab's own processes in /proc"))
}

/// The interfaces of the lab instead of the machine's; control groups stay where they were.
fn interfaces() -> Result<(), Complaint> {
    let groups = "/sys/fs/cgroup";
    let held = path_itself(Path::new(groups));
    mount(Some("sysfs"), "/sys", Some("sysfs"), MsFlags::MS_RDONLY | HARMLESS, NOTHING)
        .map_err(Complaint::about("show the lab's own interfaces in /sys"))?;
    held.and_then(|held| {
        let flags = MsFlags::MS_BIND | MsFlags::MS_REC;
        mount(Some(&by_number(&held)), groups, NOTHING, flags, NOTHING)
    })
    .map_err(Complaint::about("keep control groups in /sys"))
}

/// A path that leads to a file we hold, whatever its name leads to.
fn by_number(file: &OwnedFd) -> PathBuf {
    format!("/proc/self/fd/{}", file.as_raw_fd()).into()
}

const NOTHING: Option<&str> = None;

const HARMLESS: MsFlags = MsFlags::MS_NOSUID.union(MsFlags::MS_NODEV).union(MsFlags::MS_NOEXEC);
