//! Whole labs, made by the program `examples/lab.rs`: as root, and as an ordinary user.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]
#![expect(clippy::disallowed_types, reason = "tests run other people's programs")]

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getegid, geteuid};
use tempfile::TempDir;
use testkit::wait_until;

#[test]
fn the_user_is_the_same_inside() {
    for user in User::all() {
        assert_eq!(user.says("id -u; id -g"), format!("{}\n{}\n", user.id, user.group));
    }
}

#[test]
fn the_exit_code_is_the_commands() {
    for user in User::all() {
        assert_eq!(user.code_of("exit 0"), 0);
        assert_eq!(user.code_of("exit 7"), 7);
    }
}

#[test]
fn a_command_ended_by_a_signal_is_told_apart() {
    for user in User::all() {
        assert_eq!(user.code_of("kill -9 $$"), 128 + 9);
    }
}

#[test]
fn a_command_that_is_not_there_is_told_apart() {
    for user in User::all() {
        let ended = user.lab("/nonesuch").output().unwrap();
        assert!(text(&ended.stderr).contains("NotStarted(2)"), "{}", text(&ended.stderr));
    }
}

#[test]
fn names_are_asked_of_the_gateway() {
    let outside = fs::read_to_string("/etc/resolv.conf").ok();
    for user in User::all() {
        assert_eq!(user.says("cat /etc/resolv.conf"), "nameserver 10.66.0.1\n");
    }
    assert_eq!(fs::read_to_string("/etc/resolv.conf").ok(), outside);
}

#[test]
fn the_default_routes_lead_to_the_gateway() {
    for user in User::all() {
        let routes = user.says("ip route; ip -6 route");
        assert!(routes.contains("default via 10.66.0.1 dev eth0"), "{routes}");
        assert!(routes.contains("default via fd66::1 dev eth0"), "{routes}");
    }
}

#[test]
fn the_loopback_is_up() {
    for user in User::all() {
        let loopback = user.says("ip addr show dev lo");
        for sign in ["LOOPBACK,UP", "127.0.0.1/8", "::1/128"] {
            assert!(loopback.contains(sign), "{loopback}");
        }
    }
}

#[test]
fn every_address_is_answered_by_the_gateway() {
    for user in User::all() {
        for address in ["198.51.100.7", "2001:db8::7"] {
            let script = format!("exec 3<>/dev/tcp/{address}/80 && echo connected");
            let ended = user.lab("bash").args(["-c", &script]).output().unwrap();
            assert_eq!(text(&ended.stdout), "connected\n", "{}", text(&ended.stderr));
        }
    }
}

#[test]
fn the_victim_has_no_say_over_its_network_and_its_furniture() {
    for user in User::all() {
        assert_ne!(user.code_of("ip link set eth0 down"), 0);
        assert_ne!(user.code_of("umount /etc/resolv.conf"), 0);
    }
}

#[test]
fn the_victim_sees_its_own_processes_and_interfaces_only() {
    for user in User::all() {
        let seen = user.says("cat /proc/1/comm; tr -d '\\0' < /proc/1/cmdline; echo; echo $$");
        assert_eq!(seen, "init\n/sbin/init\n2\n");
        assert_eq!(user.says("ls /sys/class/net"), "eth0\nlo\n");
    }
}

#[test]
fn no_file_is_inherited_but_the_standard_ones() {
    for user in User::all() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "exec 7</dev/null; exec \"$@\"", "sh"]);
        shell.args(user.words()).args(["ls", "/proc/self/fd"]);
        // The fourth is the folder that `ls` lists.
        assert_eq!(text(&shell.output().unwrap().stdout), "0\n1\n2\n3\n");
    }
}

#[test]
fn signals_are_to_the_command_what_they_are_outside() {
    let script = "grep -E 'SigBlk|SigIgn' /proc/self/status";
    let outside = said(Command::new("sh").args(["-c", script]));
    for user in User::all() {
        assert_eq!(user.says(script), outside);
    }
}

#[test]
fn standard_input_and_the_environment_pass_through() {
    for user in User::all() {
        let mut lab = user.lab("sh");
        lab.args(["-c", "cat; echo $ADDED, $OURS"]).env("OURS", "from outside");
        let mut lab = lab.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        lab.stdin.take().unwrap().write_all(b"hello\n").unwrap();
        let ended = lab.wait_with_output().unwrap();
        assert_eq!(text(&ended.stdout), "hello\nby the lab, from outside\n");
    }
}

#[test]
fn what_the_command_leaves_behind_ends_with_it() {
    for user in User::all() {
        let sleep = Sleep::new(&user, "background");
        assert_eq!(user.code_of(&format!("{} & exit 3", sleep.command())), 3);
        assert!(!sleep.is_there());
    }
}

#[test]
fn nothing_is_left_when_the_gateway_is_killed() {
    for user in User::all() {
        let sleep = Sleep::new(&user, "killed");
        let mut lab = user.start(&format!("{} & echo started; wait", sleep.command()));
        wait_until("it sleeps", || sleep.is_there());
        lab.kill().unwrap();
        lab.wait().unwrap();
        wait_until("nothing is left", || !sleep.is_there());
    }
}

#[test]
fn a_request_to_end_is_passed_on() {
    for user in User::all() {
        for signal in [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM] {
            let mut lab = user.start("trap 'exit 5' HUP INT QUIT TERM; echo started; read _");
            let _open = lab.stdin.take();
            send(&lab, signal);
            assert_eq!(lab.wait().unwrap().code(), Some(5), "{signal}");
        }
    }
}

#[test]
fn a_command_that_does_not_listen_is_ended() {
    for user in User::all() {
        let sleep = Sleep::new(&user, "deaf");
        let deaf = format!("trap '' TERM; echo started; {}", sleep.command());
        let mut lab = user.start(&deaf);
        send(&lab, Signal::SIGTERM);
        assert_eq!(lab.wait().unwrap().code(), Some(128 + 15));
        assert!(!sleep.is_there());
    }
}

#[test]
fn a_signal_ignored_outside_is_ignored_by_the_lab() {
    for user in User::all() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' HUP; exec \"$@\"", "sh"]);
        shell.args(user.words()).args(["sh", "-c", "echo started; read _; exit 6"]);
        let mut lab = started(&mut shell);
        send(&lab, Signal::SIGHUP);
        lab.stdin.take().unwrap().write_all(b"go on\n").unwrap();
        assert_eq!(lab.wait().unwrap().code(), Some(6));
    }
}

#[test]
fn who_answers_by_file_name_is_hidden() {
    let Some(user) = User::all().into_iter().next() else { return };
    let machine = "mount -t tmpfs none /run; mount -t tmpfs none /etc
        mkdir -p /run/systemd/resolve /run/nscd /run/user/7/systemd /run/other
        touch /run/systemd/resolve/io.systemd.Resolve /run/nscd/socket /run/user/7/systemd/private
        touch /run/docker.sock /run/user/7/bus /run/other/socket
        echo nameserver 127.0.0.53 > /run/systemd/resolve/stub-resolv.conf
        ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf";
    let script = "cat /etc/resolv.conf; ls /run/systemd /run/nscd /run/user/7/systemd
        stat -c %F /run/docker.sock /run/user/7/bus /run/other/socket";
    assert_eq!(
        user.on_a_machine(machine, script),
        "nameserver 10.66.0.1\n\
         /run/nscd:\n\n/run/systemd:\n\n/run/user/7/systemd:\n\
         character special file\ncharacter special file\nregular empty file\n"
    );
}

#[test]
fn a_machine_without_name_servers_gets_some() {
    let Some(user) = User::all().into_iter().next() else { return };
    let machine = "mount -t tmpfs none /etc; touch /etc/other";
    let seen = user.on_a_machine(machine, "cat /etc/resolv.conf; ls /etc");
    assert_eq!(seen, "nameserver 10.66.0.1\nother\nresolv.conf\n");
}

#[test]
fn root_has_a_lab_where_user_namespaces_are_forbidden() {
    let Some(user) = User::all().into_iter().next() else { return };
    let script = "grep CapEff /proc/self/status; ip link set eth0 down || umount /proc || echo no";
    let seen = user.on_a_machine("echo 0 > /proc/sys/user/max_user_namespaces", script);
    assert_eq!(seen, "CapEff:\t00000000000004fb\nno\n");
}

#[test]
fn others_are_told_which_setting_forbids_the_lab() {
    let Some(user) = User::all().into_iter().next() else { return };
    let forbid = "echo 0 > /proc/sys/user/max_user_namespaces
        exec setpriv --bounding-set=-all --inh-caps=-all \"$0\" true";
    let mut lab = on_a_machine(forbid);
    let ended = lab.arg(user.words().last().unwrap()).output().unwrap();
    assert_eq!(ended.status.code(), Some(125));
    let complaint = text(&ended.stderr);
    assert!(complaint.contains("user.max_user_namespaces is 0"), "{complaint}");
}

/// Whoever makes labs.
struct User {
    id: u32,
    group: u32,
    /// Commands that make their words be run by that user.
    becoming: Vec<String>,
    /// Where everybody may run it.
    program: PathBuf,
    _folder: TempDir,
}

/// An ordinary user on every system.
const NOBODY: u32 = 65_534;

impl User {
    /// Root and somebody else, if we are root; else ourselves, if the system lets us.
    fn all() -> Vec<Self> {
        let (id, group) = (geteuid().as_raw(), getegid().as_raw());
        let mut users = vec![Self::new(id, group, &[])];
        if id == 0 {
            let ids = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")];
            let words = ["setpriv", &ids[0], &ids[1], "--clear-groups"];
            users.push(Self::new(NOBODY, NOBODY, &words));
        }
        users.retain(Self::can_make_namespaces);
        users
    }

    fn new(id: u32, group: u32, becoming: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let program = folder.path().join("lab");
        let built = example();
        assert!(built.exists(), "run `cargo build -p kernel --example lab`: {}", built.display());
        fs::copy(&built, &program).unwrap();
        let becoming = becoming.iter().map(|word| (*word).to_owned()).collect();
        Self { id, group, becoming, program, _folder: folder }
    }

    fn can_make_namespaces(&self) -> bool {
        let mut words = self.becoming.clone();
        words.extend(["unshare", "-Urmnpf", "true"].map(str::to_owned));
        let (program, arguments) = words.split_first().unwrap();
        let can = Command::new(program).args(arguments).status().is_ok_and(|done| done.success());
        if !can {
            eprintln!("skipped: user {} cannot make namespaces here", self.id);
        }
        can
    }

    /// The words of a command line that ends with the lab's program.
    fn words(&self) -> Vec<String> {
        let program = self.program.to_str().unwrap().to_owned();
        self.becoming.iter().cloned().chain([program]).collect()
    }

    /// A lab for a command.
    fn lab(&self, command: &str) -> Command {
        let words = self.words();
        let (program, arguments) = words.split_first().unwrap();
        let mut lab = Command::new(program);
        lab.args(arguments).arg(command).current_dir("/").stdin(Stdio::null());
        lab
    }

    /// What a script says that must succeed.
    fn says(&self, script: &str) -> String {
        said(self.lab("sh").args(["-ec", script]))
    }

    fn code_of(&self, script: &str) -> i32 {
        let ended = self.lab("sh").args(["-c", script]).output().unwrap();
        ended.status.code().unwrap()
    }

    /// Starts a script and waits until it says so; its standard input stays open.
    fn start(&self, script: &str) -> Child {
        started(self.lab("sh").args(["-c", script]))
    }

    /// What a script says in a lab on a machine that a script has changed. The machine is a mount
    /// namespace of its own.
    fn on_a_machine(&self, change: &str, script: &str) -> String {
        let change = format!("{change}\nexec \"$0\" sh -ec \"$1\"");
        said(on_a_machine(&change).arg(&self.program).arg(script))
    }
}

fn on_a_machine(script: &str) -> Command {
    let mut machine = Command::new("unshare");
    machine.args(["-Urm", "sh", "-ec", script]).current_dir("/");
    machine
}

/// The program beside this test's own.
fn example() -> PathBuf {
    let ours = std::env::current_exe().unwrap();
    let folder = ours.parent().and_then(Path::parent).unwrap();
    folder.join("examples/lab")
}

fn said(command: &mut Command) -> String {
    let ended = command.output().unwrap();
    let complaint = text(&ended.stderr);
    assert!(ended.status.success(), "{command:?}: {}\n{complaint}", ended.status);
    text(&ended.stdout)
}

fn started(command: &mut Command) -> Child {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");
    child
}

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

/// A long sleep that can be told from every other.
struct Sleep(String);

impl Sleep {
    fn new(user: &User, test: &str) -> Self {
        let letters: String = test.bytes().map(|byte| byte.to_string()).collect();
        Self(format!("9000.{}{}{letters}", std::process::id(), user.id))
    }

    fn command(&self) -> String {
        format!("sleep {}", self.0)
    }

    /// Whether it sleeps, wherever.
    fn is_there(&self) -> bool {
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let mut lines = processes.filter_map(|one| fs::read(one.path().join("cmdline")).ok());
        lines.any(|line| line == format!("sleep\0{}\0", self.0).into_bytes())
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
