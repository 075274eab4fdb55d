//! Throwaway database servers: MariaDB and PostgreSQL in a folder of their own, on a free port.
//!
//! Never one that happens to run on this machine. Gone when the value is dropped.

#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

mod mariadb;
mod postgres;

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use kernel::namespace::Namespace;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::programs::find;
use crate::shell::search_path;
use crate::wait_until;

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In the place of MySQL.
    MariaDb,
    /// PostgreSQL.
    Postgres,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::MariaDb, Self::Postgres];

    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::MariaDb => &["mariadbd", "mariadb-install-db", "mariadb"],
            Self::Postgres => &["postgres", "initdb", "psql"],
        }
    }
}

/// The account that tests write with, on every server.
pub const USER: &str = "sensor";

/// Its password, which must not be seen anywhere.
pub const PASSWORD: &str = "hush-4711";

/// A server at work, or one that was stopped.
#[derive(Debug)]
pub struct Server {
    kind: Kind,
    folder: TempDir,
    address: String,
    port: u16,
    options: Vec<String>,
    running: Option<Child>,
}

impl Server {
    /// Starts one on the loopback. `None`, with the reason printed, if it is not installed.
    #[must_use]
    pub fn start(kind: Kind) -> Option<Self> {
        Self::start_with(kind, &[])
    }

    /// The same, with options of the server's own (`--max-allowed-packet=1M`).
    #[must_use]
    pub fn start_with(kind: Kind, options: &[&str]) -> Option<Self> {
        let mut server = Self::prepare(kind, "127.0.0.1", options)?;
        server.start_again();
        Some(server)
    }

    /// Starts one whose files are in a folder of this one.
    #[must_use]
    pub fn start_on(kind: Kind, disk: &Path) -> Option<Self> {
        let mut server = Self::prepare_on(kind, "127.0.0.1", &[], disk)?;
        server.start_again();
        Some(server)
    }

    /// Starts one that has a certificate of an authority of its own.
    #[must_use]
    pub fn start_encrypted(kind: Kind) -> Option<Self> {
        if !crate::programs::are_installed(&["openssl"]) {
            return None;
        }
        let mut server = Self::prepare(kind, "127.0.0.1", &[])?;
        let mut openssl = Command::new("sh");
        openssl.args(["-ec", CERTIFICATES]).current_dir(server.folder.path());
        succeeded("make certificates", &openssl.output().unwrap());
        server.options = match kind {
            Kind::MariaDb => mariadb::encryption(&server),
            Kind::Postgres => postgres::encryption(&server),
        };
        server.start_again();
        Some(server)
    }

    /// The certificate of that authority.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// Starts one inside a namespace, at an address of it.
    #[must_use]
    pub fn start_inside(kind: Kind, namespace: &Namespace, address: &str) -> Option<Self> {
        let mut server = Self::prepare(kind, address, &[])?;
        namespace.run_inside(|| server.start_again()).unwrap();
        Some(server)
    }

    fn prepare(kind: Kind, address: &str, options: &[&str]) -> Option<Self> {
        Self::prepare_on(kind, address, options, &std::env::temp_dir())
    }

    fn prepare_on(kind: Kind, address: &str, options: &[&str], disk: &Path) -> Option<Self> {
        if !are_installed(kind.programs()) {
            return None;
        }
        let folder = tempfile::tempdir_in(disk).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (address, running) = (address.to_owned(), None);
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        give_to_nobody(folder.path());
        let server = Self { kind, folder, address, port, options, running };
        let installed = match kind {
            Kind::MariaDb => mariadb::install(&server).output(),
            Kind::Postgres => postgres::install(&server).output(),
        };
        succeeded("make a server", &installed.unwrap());
        Some(server)
    }

    /// Which server it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Starts it, the first time or after it was stopped, and waits until it answers.
    pub fn start_again(&mut self) {
        let is_first = !self.folder.path().join("log").exists();
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"));
        let log = log.unwrap();
        let mut command = match self.kind {
            Kind::MariaDb => mariadb::server(self),
            Kind::Postgres => postgres::server(self),
        };
        command.args(&self.options).stdin(Stdio::null());
        command.stdout(log.try_clone().unwrap()).stderr(log);
        self.running = Some(command.spawn().unwrap());
        wait_until("the server answers", || self.try_ask("", "SELECT 1").status.success());
        if is_first {
            self.make_account(USER);
        }
    }

    /// A new account with the same password, and without any rights.
    pub fn make_account(&self, name: &str) {
        self.ask("", &format!("CREATE USER {name} {}", self.words().identified));
    }

    /// Stops it as an administrator would.
    pub fn stop(&mut self) {
        let signal = if self.kind == Kind::MariaDb { Signal::SIGTERM } else { Signal::SIGINT };
        self.end(signal);
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        self.end(Signal::SIGKILL);
    }

    /// Stops it in the middle of whatever it does. It keeps its connections and says nothing.
    pub fn freeze(&self) {
        self.signal_all(Signal::SIGSTOP);
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal_all(Signal::SIGCONT);
    }

    /// PostgreSQL has a process for every connection.
    fn signal_all(&self, signal: Signal) {
        let Some(process) = self.process() else { return };
        let send = |process: u32| kill(Pid::from_raw(process.cast_signed()), signal);
        send(process).unwrap();
        // A list of those that the first one has started; it starts no others now.
        let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
        for child in children.unwrap().split_whitespace() {
            // One of them may just have ended.
            let _ = send(child.parse().unwrap());
        }
    }

    fn end(&mut self, signal: Signal) {
        self.thaw();
        if let Some(mut running) = self.running.take() {
            let _ = kill(Pid::from_raw(running.id().cast_signed()), signal);
            running.wait().unwrap();
        }
    }

    /// A new database, owned by the account that tests write with.
    pub fn make_database(&self, name: &str) {
        self.ask("", &format!("CREATE DATABASE {name}{}", self.words().owned_by));
        if self.kind == Kind::MariaDb {
            self.ask("", &format!("GRANT ALL ON {name}.* TO {USER}"));
        }
    }

    /// The URL of a database for that account, with its password.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let Self { address, port, .. } = self;
        format!("{}://{USER}:{PASSWORD}@{address}:{port}/{database}", self.words().scheme)
    }

    /// The URL without the password, over the socket in the file system.
    #[must_use]
    pub fn socket_url(&self, database: &str) -> String {
        let socket = self.socket();
        format!("{}://{USER}@/{database}?socket={}", self.words().scheme, socket.display())
    }

    /// Asks as the owner of the server: a line per row, columns with tabs between.
    pub fn ask(&self, database: &str, sql: &str) -> String {
        let output = self.try_ask(database, sql);
        succeeded(sql, &output);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The same, if it may fail.
    #[must_use]
    pub fn try_ask(&self, database: &str, sql: &str) -> Output {
        let mut client = match self.kind {
            Kind::MariaDb => mariadb::client(self, database),
            Kind::Postgres => postgres::client(self, database),
        };
        client.args([sql]).stdin(Stdio::null()).output().unwrap()
    }

    /// A file that the server may write.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The process of the server.
    #[must_use]
    pub fn process(&self) -> Option<u32> {
        self.running.as_ref().map(Child::id)
    }

    fn socket(&self) -> PathBuf {
        match self.kind {
            Kind::MariaDb => self.folder.path().join("socket"),
            Kind::Postgres => self.folder.path().join(format!(".s.PGSQL.{}", self.port)),
        }
    }

    fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    fn words(&self) -> Words {
        match self.kind {
            Kind::MariaDb => mariadb::words(),
            Kind::Postgres => postgres::words(),
        }
    }
}

/// An authority, and a key and certificate of its own for a server on the loopback.
const CERTIFICATES: &str = "
    openssl req -x509 -newkey rsa:2048 -nodes -keyout authority.key -out authority.pem \
        -subj /CN=authority -days 2
    openssl req -newkey rsa:2048 -nodes -keyout key.pem -out request -subj /CN=server
    echo 'subjectAltName = IP:127.0.0.1' > names
    openssl x509 -req -in request -CA authority.pem -CAkey authority.key -CAcreateserial \
        -days 2 -extfile names -out certificate.pem
    chmod 600 key.pem
    if [ $(id -u) = 0 ]; then chown nobody key.pem; fi";

/// What is said differently to each.
struct Words {
    scheme: &'static str,
    identified: String,
    owned_by: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn are_installed(names: &[&str]) -> bool {
    let missing: Vec<&str> = names.iter().copied().filter(|name| program(name).is_none()).collect();
    if !missing.is_empty() {
        eprintln!("skipped: not installed: {}", missing.join(", "));
    }
    missing.is_empty()
}

/// A program in the usual folders, or in the newest of PostgreSQL's own.
fn program(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut own: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    own.sort();
    let own = own.into_iter().rev().map(|folder| folder.join(name)).find(|path| path.is_file());
    own.or_else(|| find(name))
}

/// The command of a program; servers do not like to be root.
fn as_nobody(name: &str) -> Command {
    let path = program(name).unwrap();
    let mut command = if nix::unistd::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(path);
        command
    } else {
        Command::new(path)
    };
    command.env("PATH", search_path()).env("LC_ALL", "C.UTF-8");
    command
}

fn give_to_nobody(folder: &Path) {
    if nix::unistd::geteuid().is_root() {
        let given = Command::new("chown").arg("nobody").arg(folder).output().unwrap();
        succeeded("give a folder to nobody", &given);
    }
}

fn succeeded(what: &str, output: &Output) {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cannot {what}: {}\n{complaint}", output.status);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_keeps_its_rows_over_a_power_cut() {
        for kind in Kind::ALL {
            let Some(mut server) = Server::start(kind) else { continue };
            server.make_database("kept");
            server.ask("kept", "CREATE TABLE a (b integer)");
            server.ask("kept", "INSERT INTO a VALUES (7)");
            server.kill();
            assert!(!server.try_ask("kept", "SELECT 1").status.success());
            server.start_again();
            assert_eq!(server.ask("kept", "SELECT b, 8 FROM a"), "7\t8\n", "{kind:?}");
        }
    }
}
