//! What the init looks like to the victim: the first process of any machine.
//!
//! Its command line is a copy of ours, and tells whoever reads `/proc/1/cmdline` what this is.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;

use nix::sys::prctl;

/// Overwrites the name and the command line of this process, whose arguments nobody may read
/// afterwards.
pub(super) fn look_like_an_init() -> io::Result<()> {
    prctl::set_name(c"init")?;
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (start, end) = arguments(&stat).ok_or(io::ErrorKind::InvalidData)?;
    let mut line = b"/sbin/init".to_vec();
    line.resize(usize::try_from(end - start).unwrap_or(0), 0);
    OpenOptions::new().write(true).open("/proc/self/mem")?.write_all_at(&line, start)
}

/// Where the arguments begin and end (`proc_pid_stat(5)`, fields 48 and 49).
fn arguments(stat: &str) -> Option<(u64, u64)> {
    // Field 2 is a name in brackets, which may have anything in it.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(45);
    let (start, end) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    (start < end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_found_behind_a_name_with_brackets() {
        let numbers: Vec<String> = (3..=52).map(|field: u32| field.to_string()).collect();
        let stat = format!("7 (a) b)) {}", numbers.join(" "));
        assert_eq!(arguments(&stat), Some((48, 49)));
        assert_eq!(arguments("7 (a) S 1"), None);
    }
}
