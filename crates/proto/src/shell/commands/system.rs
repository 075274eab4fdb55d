//! Commands that say what the machine is and does.

use super::Place::{Bin, Sbin, UserBin, UserSbin};
use super::{Call, Command, command};
use crate::shell::image::{MOUNTS, PID};
use crate::shell::run::Leaving;

pub(super) const COMMANDS: &[Command] = &[
    command("crontab", UserBin, crontab),
    command("date", Bin, date),
    command("df", Bin, disk_free),
    command("dmesg", Bin, kernel_log),
    command("free", UserBin, free),
    command("halt", Sbin, shut_down),
    command("hostname", Bin, host_name),
    command("iptables", UserSbin, |_| 0),
    command("kill", Bin, kill),
    command("killall", UserBin, kill_all),
    command("lscpu", UserBin, processors),
    command("lsmod", Sbin, modules),
    command("mount", Bin, mount),
    command("nproc", UserBin, processor_count),
    command("pidof", UserBin, process_numbers),
    command("pkill", UserBin, |_| 1),
    command("poweroff", Sbin, shut_down),
    command("ps", Bin, processes),
    command("reboot", Sbin, shut_down),
    command("top", UserBin, top),
    command("umount", Bin, |_| 0),
    command("uname", Bin, system_name),
    command("uptime", UserBin, uptime),
];

/// What it says of the system, by letter, in the order it is said.
fn system_name(call: &mut Call<'_, '_>) -> u8 {
    let (letters, _) = call.split();
    let processor = call.run.device.processor;
    let parts = [
        ('s', "Linux"),
        ('n', call.run.device.host()),
        ('r', processor.kernel),
        ('v', processor.build),
        ('m', processor.machine),
        ('p', "unknown"),
        ('o', "GNU/Linux"),
    ];
    let is_wanted = |letter: char| match letters.as_str() {
        "" => letter == 's',
        all if all.contains('a') => letter != 'p',
        some => some.contains(letter),
    };
    let said: Vec<&str> =
        parts.iter().filter(|(letter, _)| is_wanted(*letter)).map(|(_, part)| *part).collect();
    call.say(&(said.join(" ") + "\n"));
    0
}

fn host_name(call: &mut Call<'_, '_>) -> u8 {
    let name = call.run.device.host();
    call.say(&format!("{name}\n"));
    0
}

fn processor_count(call: &mut Call<'_, '_>) -> u8 {
    let count = call.run.device.processor.count;
    call.say(&format!("{count}\n"));
    0
}

fn processors(call: &mut Call<'_, '_>) -> u8 {
    let processor = call.run.device.processor;
    let last = processor.count - 1;
    let online = if last == 0 { "0".to_owned() } else { format!("0-{last}") };
    let rows = [
        ("Architecture:", processor.machine),
        ("Byte Order:", processor.order),
        ("CPU(s):", &processor.count.to_string()),
        ("On-line CPU(s) list:", &online),
        ("Thread(s) per core:", "1"),
        ("Core(s) per socket:", &processor.count.to_string()),
        ("Socket(s):", "1"),
        ("Model name:", processor.model),
        ("CPU max MHz:", processor.megahertz),
        ("CPU min MHz:", processor.megahertz),
    ];
    let text: String = rows.iter().map(|(name, value)| format!("{name:<21}{value}\n")).collect();
    call.say(&text);
    0
}

fn date(call: &mut Call<'_, '_>) -> u8 {
    let format = call.words.iter().find_map(|word| word.strip_prefix('+'));
    let device = call.run.device;
    let time = match format {
        Some("%s") => device.now().to_string(),
        Some(format) => device.time(format, device.now()),
        None => device.time("%a %b %e %H:%M:%S UTC %Y", device.now()),
    };
    call.say(&format!("{time}\n"));
    0
}

fn uptime(call: &mut Call<'_, '_>) -> u8 {
    let line = up_line(call, "");
    call.say(&line);
    0
}

/// The time, how long it has been up, how busy it is.
pub(super) fn up_line(call: &Call<'_, '_>, users: &str) -> String {
    let device = call.run.device;
    let up = device.up_seconds();
    let (days, hours, minutes) = (up / 86_400, up / 3_600 % 24, up / 60 % 60);
    let time = device.time("%H:%M:%S", device.now());
    let load = device.load().join(", ");
    format!(" {time} up {days} days, {hours:>2}:{minutes:02}, {users} load average: {load}\n")
}

/// In KiB, or in MiB if that is asked for.
fn free(call: &mut Call<'_, '_>) -> u8 {
    let (letters, _) = call.split();
    let device = call.run.device;
    let (total, used) = (device.processor.memory_kib, device.used_kib());
    let cached = total / 6 + total / 40;
    let unit = |kib: u64| match letters.as_str() {
        "m" => kib >> 10,
        "g" => kib >> 20,
        "b" => kib << 10,
        _ => kib,
    };
    let rows = [total, used, total - used - cached, 84, cached, total - used].map(unit);
    let row: String = rows.iter().map(|number| format!(" {number:>11}")).collect();
    call.say(&format!(
        "              total        used        free      shared  buff/cache   available\n\
         Mem:   {row}\nSwap:             0           0           0\n"
    ));
    0
}

fn disk_free(call: &mut Call<'_, '_>) -> u8 {
    let (letters, _) = call.split();
    let is_short = letters.contains('h');
    let memory = call.run.device.processor.memory_kib / 2;
    let head = if is_short { "Size" } else { "1K-blocks" };
    let mut text = format!("Filesystem           {head:>10}      Used Available Use% Mounted on\n");
    let used = 3_180 + call.run.device.number("disk") % 900;
    for (source, size, used, place) in [
        ("/dev/root", 10_496, 10_496, "/rom"),
        ("tmpfs", memory, 76, "/tmp"),
        ("/dev/mtdblock4", 47_104, used, "/overlay"),
        ("overlayfs:/overlay", 47_104, used, "/"),
        ("tmpfs", 512, 0, "/dev"),
    ] {
        let show = |kib: u64| match kib {
            _ if !is_short => kib.to_string(),
            0 => "0".to_owned(),
            kib if kib < 1_024 => format!("{kib}.0K"),
            kib => format!("{}.{}M", kib >> 10, ((kib & 1_023) * 10) >> 10),
        };
        let (percent, left) = ((used * 100).div_ceil(size.max(1)), size - used);
        let (size, used, left) = (show(size), show(used), show(left));
        text += &format!("{source:<20} {size:>10} {used:>9} {left:>9} {percent:>3}% {place}\n");
    }
    call.say(&text);
    0
}

fn mount(call: &mut Call<'_, '_>) -> u8 {
    if !call.words.is_empty() {
        return 0;
    }
    let row = |[source, place, kind, options]: &[&str; 4]| {
        format!("{source} on {place} type {kind} ({options})\n")
    };
    let text: String = MOUNTS.iter().map(row).collect();
    call.say(&text);
    0
}

fn kernel_log(call: &mut Call<'_, '_>) -> u8 {
    let processor = call.run.device.processor;
    let text = format!(
        "[    0.000000] Linux version {} (build@builder) (gcc version 7.5.0) {}\n\
         [    0.000000] Memory: {}K available\n\
         [    1.204812] squashfs: version 4.0 (2009/01/31) Phillip Lougher\n\
         [    2.551937] VFS: Mounted root (squashfs filesystem) readonly on device 31:2.\n\
         [   11.083356] eth0: link up\n",
        processor.kernel, processor.build, processor.memory_kib
    );
    call.say(&text);
    0
}

fn modules(call: &mut Call<'_, '_>) -> u8 {
    call.say(
        "Module                  Size  Used by\noverlay                49152  1\n\
         nf_conntrack           86016  1 nf_nat\nnf_nat                 24576  0\n",
    );
    0
}

/// What runs: number, memory, state, name. Names in brackets are the kernel's own.
const PROCESSES: &[(u32, u32, char, &str)] = &[
    (1, 1_524, 'S', "init"),
    (2, 0, 'S', "[kthreadd]"),
    (3, 0, 'S', "[ksoftirqd/0]"),
    (5, 0, 'S', "[kworker/0:0H]"),
    (7, 0, 'S', "[rcu_sched]"),
    (62, 0, 'S', "[kblockd]"),
    (118, 0, 'S', "[jffs2_gcd_mtd4]"),
    (409, 1_516, 'S', "/sbin/syslogd -n"),
    (412, 1_516, 'S', "/sbin/klogd -n"),
    (623, 1_520, 'S', "udhcpc -i eth0"),
    (688, 1_528, 'S', "/usr/sbin/crond"),
    (702, 1_180, 'S', "/usr/sbin/dropbear -R"),
    (731, 1_512, 'S', "/usr/sbin/telnetd"),
    (PID, 1_528, 'S', "-sh"),
];

fn processes(call: &mut Call<'_, '_>) -> u8 {
    let called = format!("{} {}", call.name, call.words.join(" "));
    let row = |(pid, size, state, name): &(u32, u32, char, &str)| {
        let size = if *size == 0 { "0".to_owned() } else { size.to_string() };
        format!("{pid:>5} root     {size:>8} {state}    {name}\n")
    };
    let rows: String = PROCESSES.iter().map(row).collect();
    let own = row(&(PID + 17, 1_520, 'R', called.trim()));
    call.say(&format!("  PID USER       VSZ STAT COMMAND\n{rows}{own}"));
    0
}

fn top(call: &mut Call<'_, '_>) -> u8 {
    let device = call.run.device;
    let (total, used) = (device.processor.memory_kib, device.used_kib());
    let load = device.load().join(" ");
    call.say(&format!(
        "Mem: {used}K used, {}K free, 84K shrd, {}K buff, {}K cached\n\
         CPU:   0% usr   1% sys   0% nic  98% idle   0% io   0% irq   0% sirq\n\
         Load average: {load} 1/58 {PID}\n",
        total - used,
        total / 40,
        total / 6
    ));
    processes(call)
}

/// The numbers of processes with a name.
fn numbers_of(name: &str) -> impl Iterator<Item = u32> {
    PROCESSES.iter().filter_map(move |(pid, _, _, command)| {
        let first = command.split(' ').next().unwrap_or_default();
        (first.rsplit('/').next() == Some(name)).then_some(*pid)
    })
}

fn process_numbers(call: &mut Call<'_, '_>) -> u8 {
    let (_, names) = call.split();
    let found: Vec<String> =
        names.iter().flat_map(|name| numbers_of(name)).map(|pid| pid.to_string()).collect();
    if found.is_empty() {
        return 1;
    }
    call.say(&(found.join(" ") + "\n"));
    0
}

fn kill(call: &mut Call<'_, '_>) -> u8 {
    let numbers: Vec<String> =
        call.words.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    if numbers.is_empty() {
        return call.usage("[-l] [-SIG] PID...");
    }
    let mut status = 0;
    for number in numbers {
        let is_there = number
            .parse::<u32>()
            .is_ok_and(|wanted| PROCESSES.iter().any(|(pid, ..)| *pid == wanted));
        if !is_there {
            status = call.complain(&format!("can't kill pid {number}: No such process"));
        }
    }
    status
}

fn kill_all(call: &mut Call<'_, '_>) -> u8 {
    let (letters, names) = call.split();
    let mut status = 0;
    for name in names {
        if numbers_of(&name).next().is_none() && !letters.contains('q') {
            status = call.complain(&format!("{name}: no process killed"));
        }
    }
    status
}

/// It goes down, and the session with it.
fn shut_down(call: &mut Call<'_, '_>) -> u8 {
    call.run.state.inner = 0;
    call.run.leaving = Some(Leaving::Exit);
    0
}

/// What is to be done at what time: the victim's lines are a file as any other.
fn crontab(call: &mut Call<'_, '_>) -> u8 {
    let user = call.run.state.user.clone();
    let path = format!("/etc/crontabs/{user}");
    let (letters, operands) = call.split_with("u");
    match (letters.as_str(), operands.first()) {
        (letters, _) if letters.contains('l') => match call.run.read_file(&path) {
            Ok(lines) => {
                call.say_bytes(&lines);
                0
            }
            Err(_) => call.complain(&format!("can't open '{user}': No such file or directory")),
        },
        (letters, _) if letters.contains('r') => {
            // What is not there need not go.
            let _ = call.run.remove_file(&path);
            0
        }
        (_, Some(file)) => {
            let operands = if file == "-" { Vec::new() } else { vec![file.clone()] };
            let (lines, status) = call.contents(&operands);
            let written = call.run.write_file(&path, &lines, crate::shell::tree::Writing::Anew);
            written.map_or_else(|trouble| call.trouble(&path, trouble), |()| status)
        }
        _ => call.usage("[-c DIR] [-u USER] [-ler]|[FILE]"),
    }
}
