//! The files of the device as it left the factory.

use super::device::Device as Machine;

/// One path.
pub(super) struct Row {
    pub(super) path: &'static str,
    pub(super) mode: u16,
    pub(super) base: Original,
}

pub(super) enum Original {
    Device(Device),
    Folder,
    Link(&'static str),
    /// BusyBox, which is all programs.
    Program,
    Text(fn(&Machine<'_>) -> String),
}

/// What is not a file and can be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Device {
    /// Gives nothing.
    Empty,
    /// Gives bytes that look like chance.
    Random,
    /// Gives bytes of this value.
    Zero,
}

/// How much of a device is read at once: nobody can read all of it.
const ENDLESS: usize = 4_096;

impl Device {
    pub(super) fn read(self, machine: &Machine<'_>) -> Vec<u8> {
        match self {
            Self::Empty => Vec::new(),
            Self::Zero => vec![0; ENDLESS],
            Self::Random => (0..ENDLESS / 8)
                .flat_map(|place| {
                    let moment = format!("random {place} {}", machine.cx.now.as_micros());
                    machine.number(&moment).to_le_bytes()
                })
                .collect(),
        }
    }
}

const fn folder(path: &'static str) -> Row {
    Row { path, mode: 0o755, base: Original::Folder }
}

const fn text(path: &'static str, text: fn(&Machine<'_>) -> String) -> Row {
    Row { path, mode: 0o644, base: Original::Text(text) }
}

const fn link(path: &'static str, to: &'static str) -> Row {
    Row { path, mode: 0o777, base: Original::Link(to) }
}

const fn device(path: &'static str, device: Device) -> Row {
    Row { path, mode: 0o666, base: Original::Device(device) }
}

/// Everything but the programs that are links to BusyBox.
pub(super) static ROWS: &[Row] = &[
    folder("/"),
    folder("/bin"),
    Row { path: "/bin/busybox", mode: 0o755, base: Original::Program },
    folder("/data"),
    folder("/data/local"),
    folder("/data/local/tmp"),
    folder("/dev"),
    device("/dev/console", Device::Empty),
    device("/dev/null", Device::Empty),
    device("/dev/random", Device::Random),
    folder("/dev/shm"),
    device("/dev/tty", Device::Empty),
    device("/dev/urandom", Device::Random),
    device("/dev/watchdog", Device::Empty),
    device("/dev/zero", Device::Zero),
    folder("/etc"),
    folder("/etc/config"),
    folder("/etc/crontabs"),
    text("/etc/fstab", |_| "proc\t/proc\tproc\tdefaults\t0\t0\n".to_owned()),
    text("/etc/group", |_| "root:x:0:root\ndaemon:x:1:\nadm:x:4:\nnogroup:x:65534:\n".to_owned()),
    text("/etc/hostname", |machine| format!("{}\n", machine.host())),
    text("/etc/hosts", |machine| format!("127.0.0.1 localhost\n127.0.1.1 {}\n", machine.host())),
    folder("/etc/init.d"),
    text("/etc/init.d/rcS", |_| INIT.to_owned()),
    text("/etc/inittab", |_| INITTAB.to_owned()),
    text("/etc/issue", |machine| format!("{} login: \n", machine.host())),
    link("/etc/mtab", "/proc/mounts"),
    text("/etc/os-release", |_| OS_RELEASE.to_owned()),
    text("/etc/passwd", |_| PASSWD.to_owned()),
    text("/etc/profile", |_| PROFILE.to_owned()),
    text("/etc/resolv.conf", |machine| format!("nameserver {}\n", machine.router())),
    Row { path: "/etc/shadow", mode: 0o600, base: Original::Text(shadow) },
    text("/etc/shells", |_| "/bin/ash\n/bin/sh\n".to_owned()),
    folder("/home"),
    folder("/lib"),
    folder("/mnt"),
    folder("/opt"),
    folder("/proc"),
    folder("/proc/1"),
    text("/proc/1/cmdline", |_| "init\0".to_owned()),
    text("/proc/cmdline", |_| {
        "console=ttyS0,115200 root=/dev/mtdblock2 rootfstype=squashfs\n".to_owned()
    }),
    text("/proc/cpuinfo", |machine| machine.processors()),
    text("/proc/filesystems", |_| FILESYSTEMS.to_owned()),
    text("/proc/loadavg", |machine| format!("{} 1/58 {}\n", machine.load().join(" "), PID)),
    text("/proc/meminfo", memory),
    text("/proc/mounts", mounts),
    folder("/proc/net"),
    text("/proc/net/route", routes),
    folder("/proc/self"),
    link("/proc/self/exe", "/bin/busybox"),
    link("/proc/self/mounts", "/proc/mounts"),
    folder("/proc/sys"),
    folder("/proc/sys/kernel"),
    text("/proc/sys/kernel/hostname", |machine| format!("{}\n", machine.host())),
    text("/proc/sys/kernel/osrelease", |machine| format!("{}\n", machine.processor.kernel)),
    text("/proc/uptime", |machine| {
        let up = machine.up_seconds();
        format!("{up}.{:02} {}.{:02}\n", machine.cx.now.as_micros() / 10_000 % 100, up * 9 / 10, 41)
    }),
    text("/proc/version", version),
    folder("/root"),
    folder("/run"),
    folder("/sbin"),
    folder("/sdcard"),
    folder("/sys"),
    folder("/system"),
    link("/system/bin", "/bin"),
    folder("/tmp"),
    folder("/usr"),
    folder("/usr/bin"),
    folder("/usr/lib"),
    folder("/usr/sbin"),
    folder("/var"),
    folder("/var/log"),
    text("/var/log/messages", |machine| {
        let booted = machine.time("%b %e %H:%M:%S", machine.now() - machine.up_seconds());
        format!("{booted} {} syslog.info syslogd started: BusyBox\n", machine.host())
    }),
    folder("/var/run"),
    folder("/var/spool"),
    link("/var/tmp", "/tmp"),
];

/// What this shell is numbered, as `$$` and `ps` say it.
pub(super) const PID: u32 = 1_187;

fn shadow(machine: &Machine<'_>) -> String {
    let letters: String = ["shadow", "of", "root"]
        .iter()
        .flat_map(|what| machine.number(what).to_le_bytes())
        .map(|byte| char::from(CRYPT.get(usize::from(byte & 63)).copied().unwrap_or(b'.')))
        .take(22)
        .collect();
    format!("root:$1$IqxSv4Lu${letters}:18000:0:99999:7:::\ndaemon:*:0:0:99999:7:::\n")
}

const CRYPT: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn version(machine: &Machine<'_>) -> String {
    let processor = machine.processor;
    format!(
        "Linux version {} (build@builder) (gcc version 7.5.0) {}\n",
        processor.kernel, processor.build
    )
}

fn memory(machine: &Machine<'_>) -> String {
    let (total, used) = (machine.processor.memory_kib, machine.used_kib());
    let cached = total / 6;
    [
        ("MemTotal", total),
        ("MemFree", total - used - cached),
        ("MemAvailable", total - used),
        ("Buffers", total / 40),
        ("Cached", cached),
        ("SwapCached", 0),
        ("Active", used / 2),
        ("Inactive", cached / 2),
        ("SwapTotal", 0),
        ("SwapFree", 0),
    ]
    .iter()
    .map(|(name, kib)| format!("{:<15} {kib:>8} kB\n", format!("{name}:")))
    .collect()
}

/// What is mounted, as `mount` and `/proc/mounts` say it: source, place, type, options.
pub(super) const MOUNTS: &[[&str; 4]] = &[
    ["/dev/root", "/rom", "squashfs", "ro,relatime"],
    ["proc", "/proc", "proc", "rw,nosuid,nodev,noexec,noatime"],
    ["sysfs", "/sys", "sysfs", "rw,nosuid,nodev,noexec,noatime"],
    ["tmpfs", "/tmp", "tmpfs", "rw,nosuid,nodev,noatime"],
    ["/dev/mtdblock4", "/overlay", "jffs2", "rw,noatime"],
    ["overlayfs:/overlay", "/", "overlay", "rw,noatime,lowerdir=/,upperdir=/overlay/upper"],
    ["tmpfs", "/dev", "tmpfs", "rw,nosuid,relatime,size=512k,mode=755"],
    ["devpts", "/dev/pts", "devpts", "rw,nosuid,noexec,relatime,mode=600"],
];

fn mounts(_: &Machine<'_>) -> String {
    MOUNTS.iter().map(|row| format!("{} 0 0\n", row.join(" "))).collect()
}

fn routes(machine: &Machine<'_>) -> String {
    let [first, second, third, _] = machine.address_v4();
    let router: u32 = machine.router().parse().map_or(0, std::net::Ipv4Addr::to_bits);
    format!(
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
         eth0\t00000000\t{:08X}\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
         eth0\t00{third:02X}{second:02X}{first:02X}\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
        router.swap_bytes()
    )
}

const PASSWD: &str = "root:x:0:0:root:/root:/bin/ash\ndaemon:*:1:1:daemon:/var:/bin/false\n\
                      ftp:*:55:55:ftp:/home/ftp:/bin/false\nnetwork:*:101:101:network:/var:/bin/false\n\
                      nobody:*:65534:65534:nobody:/var:/bin/false\n";

const INIT: &str = "#!/bin/sh\nmount -a\nmkdir -p /var/run /var/log\nsyslogd\nifup -a\n";

const INITTAB: &str = "::sysinit:/etc/init.d/rcS\n::respawn:/sbin/getty -L ttyS0 115200 vt100\n\
                       ::shutdown:/bin/umount -a -r\n";

const OS_RELEASE: &str = "NAME=\"Buildroot\"\nVERSION=2019.02.6\nID=buildroot\nVERSION_ID=2019.02.6\n\
     PRETTY_NAME=\"Buildroot 2019.02.6\"\n";

const PROFILE: &str = "export PATH=/usr/sbin:/usr/bin:/sbin:/bin\nexport HOME=${HOME:-/root}\n\
                       export PS1='\\w \\$ '\n";

const FILESYSTEMS: &str = "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tdevpts\n\tsquashfs\nnodev\tramfs\n\
                           nodev\tjffs2\nnodev\toverlay\n";
